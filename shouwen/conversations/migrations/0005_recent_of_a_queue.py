"""The newest conversations of one queue are found without reading those of others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0004_reply_promises")]
    operations = [
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                fields=["queue", "-last_line_at", "-id"], name="conversation_by_queue"
            ),
        ),
    ]
