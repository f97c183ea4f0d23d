"""The rows of the loader of cases: a case with all that hangs on it, the same for the same number."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import psycopg

from bench.filling import copy_rows
from bench.inboxstaff import Line
from bench.inboxtexts import Talk
from shouwen.core.search import index_text

CHUNK, NULL = 4000, "\\N"
CUSTOMERS_PER_ROW, OPEN_PART = 0.3, 0.02
STAGES = ("accept",) + ("handle",) * 5 + ("answer", "follow_up", "follow_up", "archive")
WAYS = ("call",) * 8 + ("chat",) * 6 + ("visit", "visit", "mail", "letter", "form")
DEADLINES_A_CASE, FACTS_MOST = 3, 12


@dataclass(frozen=True)
class Kind:
    """A kind of case as the loader needs it."""

    pk: int
    code: str
    prefix: str
    is_complaint: bool
    categories: tuple[int, ...]
    causes: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What every row is drawn from, and where its ids begin."""

    rows: int
    begin: datetime
    end: datetime
    desk: list[Line]
    talk: Talk
    kinds: list[Kind]
    calendar_id: int
    customer_id: int
    case_id: int
    deadline_id: int

    @property
    def customers(self) -> int:
        return int(self.rows * CUSTOMERS_PER_ROW)


CASE = (
    "id", "created_at", "updated_at", "number", "kind_id", "is_complaint", "category_id",
    "customer_id", "way", "title", "matter", "demand", "values", "place", "department_id",
    "first_responder_id", "handler_id", "stage", "validity", "validity_reason", "contract_clause",
    "invalid_choice", "is_major", "is_urgent", "priority", "opened_at", "accepted_at", "handled_at",
    "answered_at", "followed_up_at", "closed_at", "last_progress_at", "stalled_at", "due_at",
    "ladder_level", "is_handed_over", "reopened_count", "recurrence", "result", "cause_id",
    "cause_evidence", "corrective_action", "is_won_back", "search",
)  # fmt: skip
INTO = {
    "service_case": ", ".join(f'"{name}"' for name in CASE),
    "deadline": "id, subject_kind, subject_id, kind, calendar_id, rule, amount, started_at, due_at,"
    " warn_at, warned_at, missed_at, met_at",
    "case_hand_off": "case_id, department_id, task, reason, customer_words, state, by_id, sent_at,"
    " received_at, received_by_id, last_progress_at, ended_at, result",
    "case_answer": "case_id, way, by_id, at, text, method, works_from, is_not_ours,"
    " other_way_reason, reply, reply_words",
    "case_follow_up": "case_id, owner_id, owed_since, result, way, by_id, at, words, attempts",
    "history": "at, name, subject_kind, subject_id, by_id, payload",
}


@dataclass
class Chunk:
    """The rows of one chunk, ready for COPY, by table."""

    rows: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in INTO})

    def add(self, table: str, *values: object) -> None:
        """One row."""
        self.rows[table].append("\t".join(map(_text, values)) + "\n")


def _text(value: object) -> str:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\\", "\\\\")


def write_chunk(connection: psycopg.Connection, ground: Ground, number: int) -> None:
    """The cases of one chunk and everything of theirs."""
    random, chunk = Random(1000 + number), Chunk()
    for offset in range(number * CHUNK, min(ground.rows, (number + 1) * CHUNK)):
        _case(chunk, ground, random, offset)
    for table, columns in INTO.items():
        copy_rows(connection, f"{table} ({columns})", chunk.rows[table])


@dataclass(frozen=True, kw_only=True)
class Told:
    """One case, drawn once."""

    pk: int
    kind: Kind
    at: datetime
    line: Line
    first: int
    handler: int | None
    stage: str
    is_closed: bool
    due_at: datetime | None

    def later(self, hours: float) -> datetime:
        """So long after it was opened."""
        return self.at + timedelta(hours=hours)

    def reached(self, stage: str) -> bool:
        """Whether its stage, or the archive, lies behind this one."""
        order = ("accept", "handle", "answer", "follow_up", "archive")
        return self.is_closed or order.index(self.stage) > order.index(stage)


def _told(ground: Ground, random: Random, offset: int) -> Told:
    is_open = offset >= ground.rows * (1 - OPEN_PART)
    stage = random.choice(STAGES) if is_open else "archive"
    line = ground.desk[min(int(random.random() ** 1.7 * len(ground.desk)), len(ground.desk) - 1)]
    first = random.choice(line.members)
    handler = first if random.random() < 0.7 else random.choice(line.members)
    return Told(
        pk=ground.case_id + offset,
        kind=random.choices(ground.kinds, (45, 40, 15))[0],
        at=ground.begin + (ground.end - ground.begin) * (offset / ground.rows),
        line=line,
        first=first,
        handler=None if stage == "accept" else handler,
        stage=stage,
        is_closed=not is_open,
        due_at=ground.end + timedelta(days=random.uniform(-0.5, 4)) if is_open else None,
    )


def _case(chunk: Chunk, ground: Ground, random: Random, offset: int) -> None:
    one = _told(ground, random, offset)
    matter = "，".join(ground.talk.line(random)[0] for _ in range(2))
    demand = random.choice(ground.talk.clauses) if one.kind.is_complaint else ""
    result = random.choice(ground.talk.clauses) if one.reached("handle") else ""
    place = (
        f"{random.randint(1, 60)}栋",
        f"{random.randint(1, 4)}单元",
        f"{random.randint(1, 56):02}01",
    )
    values = dict(zip(("area", "unit", "room"), place, strict=True))
    values["phone"] = f"1380{random.randrange(10**7):07}"
    number = f"{one.kind.prefix}-{one.at:%Y%m}-{offset + 100_000:07}"
    title = matter[:40]
    said = (number, title, "/".join(place), *values.values(), matter, demand, result)
    is_handed = one.handler is not None and random.random() < 0.2
    valid = one.kind.is_complaint and one.reached("handle")
    chunk.add(
        "service_case",
        one.pk, one.at, one.at, number, one.kind.pk, one.kind.is_complaint,
        random.choice(one.kind.categories), ground.customer_id + random.randrange(ground.customers),
        random.choice(WAYS), title, matter, demand, _json(values), "/".join(place),
        one.line.department, one.first, one.handler, one.stage, "valid" if valid else "",
        "合同范围内" if valid else "", "", "", random.random() < 0.03, random.random() < 0.05,
        "ordinary", one.at, one.later(0.3) if one.reached("accept") else None,
        one.later(20) if one.reached("handle") else None,
        one.later(22) if one.reached("answer") else None,
        one.later(60) if one.reached("follow_up") else None,
        one.later(70) if one.is_closed else None, ground.end, ground.end, one.due_at,
        0, is_handed, 0, 1, result, random.choice(one.kind.causes) if one.is_closed and one.kind.causes
        else None, "", "加强巡查" if one.is_closed else "", (one.is_closed and one.kind.is_complaint) or None,
        index_text(*said),
    )  # fmt: skip
    _clocks(chunk, ground, one, offset)
    _around(chunk, one, matter, result, is_handed=is_handed)
    _history(chunk, ground, one, offset)


def _clocks(chunk: Chunk, ground: Ground, one: Told, offset: int) -> None:
    """The clocks of acceptance and handling kept, and the one that runs."""
    pk = ground.deadline_id + offset * DEADLINES_A_CASE
    kept = (("accept", 0.0, 0.3, 1.0), ("handle", 0.3, 20.0, 24.0))
    for place, (stage, begun, met, due) in enumerate(kept):
        if one.reached(stage):
            chunk.add(
                "deadline", pk + place, "case", one.pk, stage, ground.calendar_id, "minutes", 60,
                one.later(begun), one.later(due), one.later(due - 0.3), None, None, one.later(met),
            )  # fmt: skip
    if one.due_at:
        is_late = one.due_at < ground.end
        warn_at = one.due_at - timedelta(minutes=20)
        chunk.add(
            "deadline", pk + 2, "case", one.pk, one.stage, ground.calendar_id, "minutes", 60, one.at,
            one.due_at, warn_at, one.due_at if is_late else None, one.due_at if is_late else None, None,
        )  # fmt: skip


def _around(chunk: Chunk, one: Told, matter: str, result: str, *, is_handed: bool) -> None:
    by = one.handler or one.first
    if is_handed:
        is_done = one.reached("handle")
        chunk.add(
            "case_hand_off", one.pk, one.line.department, "到现场检查", "", matter,
            "done" if is_done else "sent", by, one.later(1), one.later(2) if is_done else None,
            by if is_done else None, one.later(19) if is_done else one.later(1),
            one.later(19) if is_done else None, result if is_done else "",
        )  # fmt: skip
    if one.reached("answer"):
        chunk.add(
            "case_answer", one.pk, "call", by, one.later(22), result, "已处理", one.later(23), "f",
            "", "accepted", "",
        )  # fmt: skip
    if one.kind.is_complaint and one.reached("follow_up"):
        chunk.add(
            "case_follow_up", one.pk, by, one.later(22), "satisfied", "call", by, one.later(60), "满意", 1,
        )  # fmt: skip


def _history(chunk: Chunk, ground: Ground, one: Told, offset: int) -> None:
    about = {
        "case_id": one.pk,
        "department_id": one.line.department,
        "handler_id": one.handler,
        "first_responder_id": one.first,
    }
    opened = about | {"kind_code": one.kind.code, "way": "call", "recurrence": 1}
    _clock_fact(chunk, ground, one, "Started", offset, 0.0)
    _fact(chunk, one, "CaseOpened", 0.0, one.first, opened)
    by = one.handler or one.first
    steps: tuple[tuple[str, str, float, dict[str, object]], ...] = (
        ("accept", "CaseAccepted", 0.3, {}),
        ("handle", "CaseHandled", 20.0, {}),
        ("answer", "CaseAnswered", 22.0, {"answer_id": one.pk, "way": "call"}),
        ("follow_up", "FollowUpRecorded", 60.0, {"follow_up_id": one.pk, "result": "satisfied"}),
    )
    for stage, name, hours, more in steps:
        if one.reached(stage):
            _fact(chunk, one, name, hours, by, about | more)
    for stage, hours in (("accept", 0.3), ("handle", 20.0)):
        if one.reached(stage):
            _clock_fact(chunk, ground, one, "Met", offset, hours)
    if one.is_closed:
        _fact(chunk, one, "CaseArchived", 70.0, by, about | {"is_won_back": True})


def _fact(
    chunk: Chunk, one: Told, name: str, hours: float, by: int, payload: dict[str, object]
) -> None:
    said = _json(payload | {"by_id": by})
    chunk.add("history", one.later(hours), f"cases.{name}", "case", one.pk, by, said)


def _clock_fact(
    chunk: Chunk, ground: Ground, one: Told, name: str, offset: int, hours: float
) -> None:
    pk = ground.deadline_id + offset * DEADLINES_A_CASE
    payload = {"deadline_id": pk, "about_kind": "case", "about_id": one.pk, "kind": "accept"}
    at = one.later(hours)
    chunk.add("history", at, f"deadlines.Deadline{name}", "deadline", pk, None, _json(payload))
