"""The customer's own door: status links and words of his; and who was asked first of what he sent in."""

import django.db.models.deletion
from django.db import migrations, models

# The system stands for "nobody yet" until somebody takes what a customer sent in himself; a person
# is written once.
FORBID = """
DROP TRIGGER case_first_responder ON service_case;
CREATE FUNCTION case_first_responder_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.first_responder_id IS DISTINCT FROM OLD.first_responder_id AND NOT EXISTS (
        SELECT FROM staff WHERE id = OLD.first_responder_id AND is_system
    ) THEN
        RAISE EXCEPTION 'the first responder is written once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_first_responder BEFORE UPDATE OF first_responder_id
    ON service_case
    FOR EACH ROW EXECUTE FUNCTION case_first_responder_is_written_once();
"""
ALLOW = """
DROP TRIGGER case_first_responder ON service_case;
DROP FUNCTION case_first_responder_is_written_once();
CREATE TRIGGER case_first_responder BEFORE UPDATE OF first_responder_id
    ON service_case
    FOR EACH ROW EXECUTE FUNCTION first_responder_is_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_job_descriptions"),
        ("cases", "0009_outside_keys"),
    ]
    operations = [
        migrations.CreateModel(
            name="StatusLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.CharField(max_length=32, unique=True)),
                ("mail", models.CharField(blank=True, max_length=254)),
                ("submission", models.UUIDField(null=True, unique=True)),
                ("consented_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField()),
                ("case", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="status_link", to="cases.case")),
            ],
            options={"db_table": "case_status_link"},
        ),
        migrations.CreateModel(
            name="CustomerWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(unique=True)),
                ("text", models.TextField(blank=True)),
                ("is_first", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="customer_words", to="cases.case")),
            ],
            options={
                "db_table": "case_customer_word",
                "indexes": [models.Index(fields=["case", "at"], name="case_customer_word_at")],
                "constraints": [models.UniqueConstraint(condition=models.Q(("is_first", True)), fields=("case",), name="case_one_first_word")],
            },
        ),
        migrations.AddField(
            model_name="casepaper",
            name="word",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="cases.customerword"),
        ),
        migrations.RunSQL(FORBID, ALLOW),
    ]
