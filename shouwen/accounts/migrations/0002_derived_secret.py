from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RenameField("secondfactor", "secret", "nonce"),
        migrations.AlterField("secondfactor", "nonce", models.CharField(max_length=64)),
    ]
