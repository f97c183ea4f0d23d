"""What is due is found in the order in which it leaves, however much waits."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mailroom', '0002_rules_that_drop'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='outbound',
            name='outbound_due',
        ),
        migrations.AddIndex(
            model_name='outbound',
            index=models.Index(condition=models.Q(('state', 'queued')), fields=['priority', 'next_try_at', 'id'], name='outbound_next'),
        ),
    ]
