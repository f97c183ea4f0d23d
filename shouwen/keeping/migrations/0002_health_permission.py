"""The right to see the health page moved here from the shell, with everybody who holds it."""

from django.db import migrations

RENAME = "UPDATE role SET permissions = array_replace(permissions, '{0}', '{1}'), offered = array_replace(offered, '{0}', '{1}')"
OLD, NEW = "web.see_health", "keeping.see_health"


class Migration(migrations.Migration):

    dependencies = [("keeping", "0001_initial"), ("accounts", "0001_initial")]

    operations = [migrations.RunSQL(RENAME.format(OLD, NEW), RENAME.format(NEW, OLD))]
