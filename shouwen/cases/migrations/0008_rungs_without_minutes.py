"""Levels of a ladder lose a key that never did anything: the ladder climbs by hand and by missed clocks."""

from django.db import migrations


def strip(apps, schema_editor):
    del schema_editor
    for kind in apps.get_model("cases", "CaseKind").objects.all():
        for definition in (kind.definition, kind.pack_definition or {}):
            for ladder in ("ladder", "urgent_ladder"):
                for rung in definition.get(ladder, []):
                    rung.pop("after_minutes", None)
        kind.save(update_fields=["definition", "pack_definition"])


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_kind_versions")]
    operations = [migrations.RunPython(strip, migrations.RunPython.noop)]
