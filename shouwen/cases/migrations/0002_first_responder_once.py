"""首问负责制 in the database: the first responder of a case is written once, as on conversations."""

from django.db import migrations

FORBID = """
CREATE TRIGGER case_first_responder BEFORE UPDATE OF first_responder_id
    ON service_case
    FOR EACH ROW EXECUTE FUNCTION first_responder_is_written_once();
"""
ALLOW = "DROP TRIGGER case_first_responder ON service_case;"


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        ("conversations", "0002_first_responder_once"),
    ]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
