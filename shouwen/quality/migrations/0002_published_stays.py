"""A published version of a rule document is never changed or taken away, whoever asks."""

from django.db import migrations

FORBID = """
CREATE FUNCTION published_rule_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published rule document is never changed' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER rule_version_published BEFORE UPDATE OR DELETE ON rule_version
    FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION published_rule_stays();
"""
ALLOW = """
DROP TRIGGER rule_version_published ON rule_version;
DROP FUNCTION published_rule_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
