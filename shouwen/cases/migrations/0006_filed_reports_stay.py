"""A filed report changes no more and is not removed: held by the database."""

from django.db import migrations

FORBID = """
CREATE FUNCTION case_report_is_filed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'report % is filed', OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER case_report_stays BEFORE UPDATE OR DELETE ON case_report
    FOR EACH ROW WHEN (OLD.filed_at IS NOT NULL) EXECUTE FUNCTION case_report_is_filed();
"""
ALLOW = """
DROP TRIGGER case_report_stays ON case_report;
DROP FUNCTION case_report_is_filed();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_figures_and_reports")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
