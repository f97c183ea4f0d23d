"""What is filed stays as it is: papers, letters and volumes are never changed nor removed."""

from django.db import migrations

FORBID = """
CREATE FUNCTION filed_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is filed stays as it is' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER case_paper_stays BEFORE UPDATE OR DELETE ON case_paper
    FOR EACH ROW EXECUTE FUNCTION filed_stays();
CREATE TRIGGER case_letter_stays BEFORE UPDATE OR DELETE ON case_letter
    FOR EACH ROW EXECUTE FUNCTION filed_stays();
CREATE TRIGGER case_volume_stays BEFORE UPDATE OR DELETE ON case_volume
    FOR EACH ROW EXECUTE FUNCTION filed_stays();
"""
ALLOW = """
DROP TRIGGER case_volume_stays ON case_volume;
DROP TRIGGER case_letter_stays ON case_letter;
DROP TRIGGER case_paper_stays ON case_paper;
DROP FUNCTION filed_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_filed_papers")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
