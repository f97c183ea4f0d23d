"""The rules that come with the product, so that they can be seen and switched from the start."""

from django.db import migrations

RULES = {
    "own_loop": True,
    "unknown_bounce": True,
    "unknown_auto_reply": True,
    "bulk": False,
    "too_large": True,
    "by_hand": True,
}


def add_rules(apps, schema_editor):
    rule = apps.get_model("mailroom", "DropRule")
    for code, is_active in RULES.items():
        rule.objects.get_or_create(
            code=code,
            defaults={"kind": code, "name": code, "is_built_in": True, "is_active": is_active},
        )


class Migration(migrations.Migration):
    dependencies = [("mailroom", "0001_initial")]
    operations = [migrations.RunPython(add_rules, migrations.RunPython.noop)]
