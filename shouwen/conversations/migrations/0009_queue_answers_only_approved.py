"""A queue may offer approved answers only."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0008_wrap_up_kind'),
    ]

    operations = [
        migrations.AddField(
            model_name='queue',
            name='answers_only_approved',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
