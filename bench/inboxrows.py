"""The rows of the loader: conversations with all that hangs on them, the same for the same number."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import psycopg

from bench.filling import copy_rows
from bench.inboxstaff import Line
from bench.inboxtexts import Talk, person_name
from shouwen.core.pinyin import pinyin_key, sound_index
from shouwen.core.search import index_text

CHUNK, NULL = 4500, "\\N"
# Lines a conversation: five on average, so that a million conversations have five million.
LENGTHS = (10, 2, 3, 4, 5, 3, 6, 5, 7)
PER_CHUNK = CHUNK // len(LENGTHS) * sum(LENGTHS)
CUSTOMERS_PER_ROW = 0.3
LIVE, OPEN, QUEUED = 540, 300, 40
CHANNELS = ("chat",) * 11 + ("mail",) * 3 + ("phone",) * 4 + ("walk_in", "platform")
KINDS = ("enquiry", "lookup", "repair", "complaint", "suggestion", "other")


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What every row is drawn from, and where its ids begin."""

    rows: int
    begin: datetime
    end: datetime
    desk: list[Line]
    talk: Talk
    customer_id: int
    conversation_id: int
    line_id: int

    @property
    def customers(self) -> int:
        return int(self.rows * CUSTOMERS_PER_ROW)


def write_customers(connection: psycopg.Connection, ground: Ground) -> None:
    """Files with a name, its sounds and a phone number."""
    random = Random(11)
    at = ground.begin.isoformat()
    files, points = [], []
    for offset in range(ground.customers):
        pk, name = ground.customer_id + offset, person_name(random)
        number = f"KH-202401-{offset + 1:06}"
        search = index_text(name, sound_index(name), number, "", "")
        files.append(
            f"{pk}\t{at}\t{at}\t{number}\t{name}\t\tperson\t\t\t\t\tf\tchat\t{pinyin_key(name)}\t{search}\n"
        )
        phone = f"+861{30 + offset % 60:02}{10_000_000 + offset:08}"
        points.append(f"{at}\t{at}\t{pk}\tphone\t\t{phone[3:]}\t{phone}\tt\tf\n")
    copy_rows(
        connection,
        "customer (id, created_at, updated_at, number, name, alias, kind, salutation, flag, flag_note,"
        " remarks, is_quality, source, pinyin, search)",
        files,
    )
    copy_rows(
        connection,
        "contact_point (created_at, updated_at, customer_id, kind, platform, value, normalised,"
        " is_primary, is_verified)",
        points,
    )


CONVERSATION = (
    "conversations_conversation (id, created_at, updated_at, number, receipt_number, channel,"
    " direction, subject, language, state, outcome, is_harassing, has_unsolved_points, opened_at,"
    " queued_at, claimed_at, first_answered_at, closed_at, waiting_since, queue_seconds, last_seq,"
    " last_rev, last_line_at, last_line_text, customer_read_seq, staff_read_seq, customer_id,"
    " department_id, first_responder_id, handler_id, queue_id)"
)
LINE = (
    "conversations_line (id, conversation_id, seq, rev, kind, author_id, author_name, text, at,"
    " has_files, meta, search)"
)
WRAP_UP = (
    "conversations_wrapup (created_at, updated_at, conversation_id, by_id, kind, demand, motive,"
    " place, next_action, needs, is_draft, finished_at)"
)
HISTORY = "history (at, name, subject_kind, subject_id, by_id, payload)"


@dataclass
class Chunk:
    """The rows of one chunk, ready for COPY."""

    conversations: list[str]
    lines: list[str]
    wrap_ups: list[str]
    history: list[str]


def write_chunk(connection: psycopg.Connection, ground: Ground, number: int) -> None:
    """The conversations of one chunk and everything of theirs."""
    random = Random(1000 + number)
    chunk = Chunk([], [], [], [])
    line_id = ground.line_id + number * PER_CHUNK
    for offset in range(number * CHUNK, min(ground.rows, (number + 1) * CHUNK)):
        line_id += _conversation(chunk, ground, random, offset, line_id)
    copy_rows(connection, CONVERSATION, chunk.conversations)
    copy_rows(connection, LINE, chunk.lines)
    copy_rows(connection, WRAP_UP, chunk.wrap_ups)
    copy_rows(connection, HISTORY, chunk.history)


@dataclass(frozen=True)
class Talked:
    """What one conversation was, drawn once."""

    pk: int
    at: datetime
    count: int
    queue: Line
    agent: int
    agent_name: str
    customer: int
    state: str
    channel: str

    @property
    def is_ours(self) -> bool:
        """Somebody has answered."""
        return self.state in {"closed", "open"}

    @property
    def end(self) -> str:
        """When the last line was said."""
        return self.later(self.count)

    def later(self, steps: int) -> str:
        """So many lines after its beginning."""
        return (self.at + timedelta(seconds=70 * steps)).isoformat()


def _drawn(ground: Ground, random: Random, offset: int) -> Talked:
    queue = ground.desk[min(int(random.random() ** 1.7 * len(ground.desk)), len(ground.desk) - 1)]
    place = random.randrange(len(queue.members))
    return Talked(
        pk=ground.conversation_id + offset,
        at=ground.begin + (ground.end - ground.begin) * (offset / ground.rows),
        count=LENGTHS[offset % len(LENGTHS)],
        queue=queue,
        agent=queue.members[place],
        agent_name=queue.names[place],
        customer=ground.customer_id + random.randrange(ground.customers),
        state=_state(ground.rows - offset),
        channel=random.choice(CHANNELS),
    )


def _conversation(chunk: Chunk, ground: Ground, random: Random, offset: int, line_id: int) -> int:
    """One conversation; how many lines it has."""
    one = _drawn(ground, random, offset)
    last = ""
    for seq in range(1, one.count + 1):
        last, search = ground.talk.line(random)
        by_agent = one.is_ours and seq % 2 == 0
        who = f"agent\t{one.agent}\t{one.agent_name}" if by_agent else f"visitor\t{NULL}\t顾客"
        chunk.lines.append(
            f"{line_id + seq - 1}\t{one.pk}\t{seq}\t{seq}\t{who}\t{last}\t{one.later(seq)}\tf\t{{}}"
            f"\t{search}\n"
        )
    subject = ground.talk.line(random)[0][:60] if one.channel == "mail" else ""
    chunk.conversations.append(_conversation_row(one, offset, subject, last))
    _history(chunk, one)
    if one.state == "closed" and random.random() < 0.7:
        kind = random.choice(KINDS)
        chunk.wrap_ups.append(
            f"{one.end}\t{one.end}\t{one.pk}\t{one.agent}\t{kind}\t{last[:60]}\t\t\t\t\tf\t{one.end}\n"
        )
    return one.count


def _conversation_row(one: Talked, offset: int, subject: str, last: str) -> str:
    start, end, state = one.at.isoformat(), one.end, one.state
    answered = one.later(2) if one.is_ours else NULL
    closed = end if state == "closed" else NULL
    waits = end if state != "closed" and (not one.is_ours or one.count % 2) else NULL
    ours = f"{one.agent}\t{one.agent}" if one.is_ours else f"{NULL}\t{NULL}"
    outcome = "answered" if state == "closed" else ""
    number = f"HH-{one.at:%Y%m}-{offset + 100_000:07}"
    return (
        f"{one.pk}\t{start}\t{end}\t{number}\t\t{one.channel}\tin\t{subject}\t\t{state}\t{outcome}\tf"
        f"\tf\t{start}\t{start}\t{answered}\t{answered}\t{closed}\t{waits}\t20\t{one.count}"
        f"\t{one.count}\t{end}\t{last[:100]}\t{one.count}\t{one.count}\t{one.customer}"
        f"\t{one.queue.department}\t{ours}\t{one.queue.pk}\n"
    )


def _history(chunk: Chunk, one: Talked) -> None:
    start, agent = one.at.isoformat(), str(one.agent)
    about = {"conversation_id": one.pk, "queue_id": one.queue.pk}
    about["department_id"] = one.queue.department
    opened = about | {"channel": one.channel, "customer_id": one.customer}
    _happened(chunk, start, "Opened", opened, NULL)
    if one.is_ours:
        taken = about | {"staff_id": one.agent, "how": "routed", "by_id": one.agent}
        _happened(chunk, start, "Claimed", taken, agent)
    if one.state == "closed":
        over = about | {"outcome": "answered", "customer_id": one.customer, "handler_id": one.agent}
        _happened(chunk, one.end, "Closed", over, agent)


def _state(from_the_end: int) -> str:
    """The newest are under way: some wait, some are served, some left a message."""
    if from_the_end > LIVE:
        return "closed"
    if from_the_end <= QUEUED:
        return "queued"
    return "open" if from_the_end <= QUEUED + OPEN else "message"


def _happened(chunk: Chunk, at: str, name: str, fact: dict[str, object], by: str) -> None:
    payload = json.dumps(fact, separators=(",", ":"))
    pk = fact["conversation_id"]
    event = f"conversations.Conversation{name}"
    chunk.history.append(f"{at}\t{event}\tconversation\t{pk}\t{by}\t{payload}\n")
