"""Counts of how often something happened; not written ahead, so quick."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_history_append_only")]
    operations = [
        migrations.CreateModel(
            name="Pace",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("ends_at", models.DateTimeField(db_index=True)),
                ("count", models.PositiveIntegerField()),
            ],
            options={"db_table": "pace"},
        ),
        migrations.RunSQL("ALTER TABLE pace SET UNLOGGED", "ALTER TABLE pace SET LOGGED"),
    ]
