"""Files that came by mail and carry a virus, or that nobody could look at yet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0003_pace")]
    operations = [
        migrations.AlterField(
            model_name="storedfile",
            name="kind",
            field=models.CharField(
                max_length=10,
                choices=[
                    ("picture", "Picture"),
                    ("voice", "Voice"),
                    ("video", "Video"),
                    ("other", "File"),
                    ("unchecked", "File not yet checked for viruses"),
                    ("infected", "File with a virus"),
                ],
            ),
        ),
    ]
