"""The kinds of matters, their questions and the parts of the day that every team begins with."""

from django.db import migrations

from shouwen.conversations.contactkinds import KINDS, SPANS


def install(apps, schema_editor):
    """What is there already stays as it is."""
    ContactKind = apps.get_model("conversations", "ContactKind")
    ContactQuestion = apps.get_model("conversations", "ContactQuestion")
    ReportSpan = apps.get_model("conversations", "ReportSpan")
    for position, one in enumerate(KINDS, start=1):
        kind, is_new = ContactKind.objects.get_or_create(
            code=one.code,
            defaults={
                "name": one.name,
                "position": position,
                "needs_feedback": bool(one.feedback_minutes),
                "feedback_minutes": one.feedback_minutes or 480,
            },
        )
        if is_new:
            ContactQuestion.objects.bulk_create(
                ContactQuestion(kind=kind, position=place, text=text, is_required=one.must_ask)
                for place, text in enumerate(one.questions, start=1)
            )
    for name, starts, ends in SPANS:
        ReportSpan.objects.get_or_create(name=name, defaults={"starts": starts, "ends": ends})


class Migration(migrations.Migration):
    dependencies = [("conversations", "0006_contact_log")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
