"""The database itself keeps the first responder: written once, never changed (首问负责制)."""

from django.db import migrations

FORBID = """
CREATE FUNCTION first_responder_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.first_responder_id IS NOT NULL
       AND NEW.first_responder_id IS DISTINCT FROM OLD.first_responder_id THEN
        RAISE EXCEPTION 'the first responder is written once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER conversation_first_responder BEFORE UPDATE OF first_responder_id
    ON conversations_conversation
    FOR EACH ROW EXECUTE FUNCTION first_responder_is_written_once();
"""
ALLOW = """
DROP TRIGGER conversation_first_responder ON conversations_conversation;
DROP FUNCTION first_responder_is_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
