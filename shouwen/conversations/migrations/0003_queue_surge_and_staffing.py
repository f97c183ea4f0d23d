"""Queues say from how many contacts an hour on they need help, and how many people they require."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0002_first_responder_once")]

    operations = [
        migrations.AddField(
            model_name="queue",
            name="surge_per_hour",
            field=models.PositiveIntegerField(default=0, db_default=0),
        ),
        migrations.AddField(
            model_name="queue",
            name="required_agents",
            field=models.PositiveSmallIntegerField(default=0, db_default=0),
        ),
    ]
