"""How many lines, and what they change of their conversations, reach the tables at once."""

import orjson
from django.db import connection

from shouwen.conversations.models import Conversation, Line

# The columns of a conversation that a new line may change.
LINE_FIELDS = [
    "last_seq",
    "last_rev",
    "last_line_at",
    "last_line_text",
    "waiting_since",
    "first_answered_at",
    "staff_read_seq",
    "customer_read_seq",
    "state",
    "outcome",
    "claimed_at",
]

# One statement for all rows, however many: as one JSON text they cost the least, here and in the database.
INSERT = """
INSERT INTO conversations_line (conversation_id, seq, rev, kind, author_id, author_name, text,
                                client_id, at, has_files, meta, search)
SELECT conversation_id, seq, rev, kind, author_id, author_name, text,
       client_id, at, has_files, meta, search::tsvector
FROM json_to_recordset(%s::json)
     AS v(conversation_id bigint, seq int, rev int, kind text, author_id bigint, author_name text,
          text text, client_id uuid, at timestamptz, has_files boolean, meta jsonb, search text)
RETURNING id, conversation_id, seq
"""
INSERTED = ["conversation_id", "seq", "rev", "kind", "author_id", "author_name", "text"]
INSERTED += ["client_id", "at", "has_files", "meta", "search"]


def insert_lines(lines: list[Line]) -> None:
    """The lines are kept, and know their keys; the caller has locked and counted their conversations."""
    rows = [{name: getattr(line, name) for name in INSERTED} for line in lines]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [orjson.dumps(rows).decode()])
        keys = {(conversation_id, seq): pk for pk, conversation_id, seq in cursor.fetchall()}
    for line in lines:
        line.pk = keys[line.conversation_id, line.seq]
        line._state.adding = False
        line._state.db = connection.alias


UPDATE = """
UPDATE conversations_conversation c
SET last_seq = v.last_seq, last_rev = v.last_rev, last_line_at = v.last_line_at,
    last_line_text = v.last_line_text, waiting_since = v.waiting_since,
    first_answered_at = v.first_answered_at, staff_read_seq = v.staff_read_seq,
    customer_read_seq = v.customer_read_seq, state = v.state, outcome = v.outcome,
    claimed_at = v.claimed_at, updated_at = v.last_line_at
FROM json_to_recordset(%s::json)
     AS v(id bigint, last_seq int, last_rev int, last_line_at timestamptz, last_line_text text,
          waiting_since timestamptz, first_answered_at timestamptz, staff_read_seq int,
          customer_read_seq int, state text, outcome text, claimed_at timestamptz)
WHERE c.id = v.id
"""


def update_counted(conversations: list[Conversation]) -> None:
    """What new lines changed of their conversations is kept."""
    rows = [{name: getattr(row, name) for name in ("id", *LINE_FIELDS)} for row in conversations]
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, [orjson.dumps(rows).decode()])
