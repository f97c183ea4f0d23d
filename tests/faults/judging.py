"""Hold what is there against what was sent and acknowledged: database, files, screens, mail servers."""

import email
import email.policy
import re
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from shouwen.mailroom.tests.servers import Sink
from tests.faults.ledger import Verdict
from tests.faults.scene import Load, Scene
from tests.faults.talkers import Answerer, Mailer, Program, Talker

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SETTLES_WITHIN_SECONDS = 180.0


@dataclass
class Found:
    """Where the ids stand: how often, and in which order within their conversation."""

    times: Counter[str] = field(default_factory=Counter)
    last_line: dict[str, int] = field(default_factory=dict)
    order: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, client_id: str, conversation: int, line: int) -> None:
        """Seen once more."""
        self.last_line[client_id] = line
        self.times[client_id] += 1
        self.order[conversation].append(client_id)


def judge(load: Load) -> Verdict:
    """All four must be empty. Waits until the worker has nothing left to do.

    What other tests wrote before this load began is nobody's ghost.
    """
    wait_until_settled(load.scene)
    verdict = Verdict()
    found = found_lines(load.scene)
    for client_id in load.ledger.acked:
        if client_id not in found.times:
            verdict.lost.append(f"{client_id} of {load.ledger.acked[client_id]}")
    verdict.doubled += [f"{one} in the database" for one, n in found.times.items() if n > 1]
    verdict.ghosts += [
        one
        for one, line in found.last_line.items()
        if line >= load.first_line and one not in load.ledger.sent
    ]
    for talker in load.talkers:
        if not isinstance(talker, Program | Mailer):
            _judge_order(talker, found, verdict)
    _judge_files(load, verdict)
    _judge_screens(load, verdict)
    if load.scene.mail:
        _judge_letters(load, load.scene.mail.smtp.sink, verdict)
    return verdict


def wait_until_settled(scene: Scene) -> None:
    """No mail waits to be understood or to leave."""
    waiting = (
        "SELECT (SELECT count(*) FROM mailroom_inbound WHERE state = 'received')"
        " + (SELECT count(*) FROM mailroom_outbound WHERE state IN ('queued', 'sending'))"
        " + (SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'default'"
        "    AND (status = 'doing' OR (status = 'todo' AND coalesce(scheduled_at, now()) <= now())))"
    )
    deadline = time.monotonic() + SETTLES_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if scene.rows(waiting)[0][0] == 0:
            return
        time.sleep(0.3)
    raise AssertionError("work is left that no worker does")


def found_lines(scene: Scene) -> Found:
    """Every line of a talker: by its client id, by its words (programs), by its Message-ID (mail)."""
    found = Found()
    lines = scene.rows(
        "SELECT id, conversation_id, coalesce(client_id::text, meta->>'message_id', ''), text"
        " FROM conversations_line WHERE kind IN ('visitor', 'agent') ORDER BY conversation_id, seq"
    )
    for line, conversation, known_as, text in lines:
        id_ = UUID.search(known_as) or UUID.search(text)
        found.note(id_.group() if id_ else f"{known_as} {text}", conversation, line)
    return found


def _judge_order(talker: Talker, found: Found, verdict: Verdict) -> None:
    own = set(talker.said)
    places = {place for place, ids in found.order.items() if own & set(ids)}
    if len(places) > 1:
        verdict.doubled.append(f"{talker.name} has {len(places)} conversations")
    there = [one for place in places for one in found.order[place] if one in own]
    if there != [one for one in talker.said if one in found.times]:
        verdict.out_of_order.append(talker.name)


def _judge_files(load: Load, verdict: Verdict) -> None:
    rows = load.scene.rows(
        "SELECT l.client_id::text, f.key FROM conversations_line l"
        " JOIN conversations_line_files lf ON lf.line_id = l.id"
        " JOIN stored_file f ON f.id = lf.storedfile_id"
    )
    keys = defaultdict(list)
    for client_id, key in rows:
        keys[client_id].append(key)
    folder = load.scene.served.data_dir / "files"
    for uploader in load.uploaders:
        for client_id, content in uploader.files.items():
            if client_id not in load.ledger.acked:
                continue
            kept = [(folder / key).read_bytes() for key in keys[client_id]]
            if kept != [content]:
                verdict.lost.append(f"file of {client_id}: {len(kept)} copies")


def _judge_screens(load: Load, verdict: Verdict) -> None:
    for screen in [*load.screens, *load.desks]:
        twice = [one for one, times in screen.screen.items() if times > 1]
        verdict.doubled += [f"{one} on the screen of {screen.name}" for one in twice]
        missing = [one for one in screen.said if one not in screen.screen]
        verdict.lost += [
            f"{one} on the screen of {screen.name}" for one in missing if one in load.ledger.acked
        ]


def _judge_letters(load: Load, sink: Sink, verdict: Verdict) -> None:
    """Each answer by mail left once; the same Message-ID again is the window that SMTP leaves (F6)."""
    letters: dict[str, set[str]] = defaultdict(set)
    first: list[str] = []
    for envelope in list(sink.taken):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        part = mail.get_body(("plain",))
        id_ = UUID.search(part.get_content() if part else "")
        if id_ is None:
            continue
        if id_.group() not in letters:
            first.append(id_.group())
        letters[id_.group()].add(str(mail["Message-ID"]))
    for answerer in load.answerers:
        if answerer.name == "回信":
            _judge_answers(load, answerer, letters, first, verdict)


def _judge_answers(
    load: Load,
    answerer: Answerer,
    letters: dict[str, set[str]],
    first: list[str],
    verdict: Verdict,
) -> None:
    for client_id in answerer.said:
        if client_id in load.ledger.acked and client_id not in letters:
            verdict.lost.append(f"{client_id} never left by mail")
    verdict.doubled += [f"{one} left by mail twice" for one, ids in letters.items() if len(ids) > 1]
    own = set(answerer.said)
    if [one for one in first if one in own] != [one for one in answerer.said if one in letters]:
        verdict.out_of_order.append(f"{answerer.name} by mail")


def repeated_letters(sink: Sink) -> int:
    """How many mails left again under the Message-ID they had: the receiver's server drops them."""
    ids = Counter(
        str(email.message_from_bytes(one.content)["Message-ID"]) for one in list(sink.taken)
    )
    return sum(times - 1 for times in ids.values())
