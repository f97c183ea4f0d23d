"""Real people's words through the real doors: shoppers' sentences, and mails as they really come."""

import importlib.util
import itertools
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from uuid import uuid4

import pytest

from shouwen.demo.company import PASSWORD, SITE_KEY
from shouwen.mailroom.tests.difficult import difficult_mails
from shouwen.mailroom.tests.servers import PASSWORD as MAIL_PASSWORD
from shouwen.mailroom.tests.servers import Dovecot
from tests.faults.ledger import Ledger, call
from tests.faults.talkers import SocketVisitor, Visitor
from tests.served import Served
from tools.shoppers import shoppers_lines

pytestmark = pytest.mark.journey
SENTENCES, VISITORS = 240, 6
SEARCHED = 40
WITHIN_SECONDS = 120


class Office:
    """A member of staff with a cookie and no browser."""

    def __init__(self, served: Served, username: str) -> None:
        self._url = served.url
        self._cookies = CookieJar()
        keeper = urllib.request.HTTPCookieProcessor(self._cookies)
        self._opener = urllib.request.build_opener(keeper)
        self.get("/sign-in/")
        self.post("/sign-in/", {"username": username, "password": PASSWORD})

    def get(self, path: str, **query: str) -> str:
        """The page."""
        address = f"{self._url}{path}" + (f"?{urllib.parse.urlencode(query)}" if query else "")
        with self._opener.open(address, timeout=30) as answer:
            return answer.read().decode()

    def post(self, path: str, fields: dict[str, str]) -> str:
        """Where the form leads."""
        token = next((one.value for one in self._cookies if "csrf" in one.name), "")
        body = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": token or ""}).encode()
        with self._opener.open(f"{self._url}{path}", body, timeout=30) as answer:
            return answer.read().decode()


def shoppers_sentences() -> list[str]:
    """Different sentences that shoppers wrote, of every length the chat takes."""
    found: dict[str, None] = {}
    for lines in shoppers_lines():
        good = [" ".join(one.split()) for one in lines]
        long_enough = [one for one in good if 6 <= len(one) <= 900]
        found.update(dict.fromkeys(itertools.islice(long_enough, SENTENCES // 2)))
    return list(found)


@pytest.fixture
def visitors(served: Served, tmp_path: Path) -> Iterator[list[Visitor]]:
    """Half of them write by socket, half by POST; they leave at the end."""
    base, ledger = f"{served.url}/widget/{SITE_KEY}", Ledger(tmp_path / "ledger.tsv")
    kinds = [Visitor, SocketVisitor] * (VISITORS // 2)
    here = [kind(base, f"顾客{number}", ledger) for number, kind in enumerate(kinds)]
    for visitor in here:
        visitor.arrive()
    yield here
    for visitor in here:
        call(f"{base}/leave", {}, visitor.token)


def test_every_sentence_is_there_once_in_order_and_found_by_two_characters(
    served: Served, visitors: list[Visitor]
):
    sentences = shoppers_sentences()
    assert len(sentences) >= 200
    said: dict[str, list[str]] = {visitor.name: [] for visitor in visitors}
    for visitor, text in zip(itertools.cycle(visitors), sentences, strict=False):
        client_id = str(uuid4())
        visitor.deliver(client_id, {"client_id": client_id, "text": text, "files": []})
        said[visitor.name].append(text)

    for visitor in visitors:
        own = [one for one in visitor.all_lines() if one["kind"] == "visitor"]
        assert [one["text"] for one in own] == said[visitor.name]

    manager = Office(served, "wangfang")
    unfound = [one for one in sentences[:: len(sentences) // SEARCHED] if not finds(manager, one)]
    assert unfound == []


def finds(manager: Office, sentence: str) -> bool:
    """Whether two neighbouring characters of it bring it, with the page that lists what was said."""
    pairs = re.findall(r"(?=([\u4e00-\u9fff]{2}))", sentence)
    for pair in sorted(set(pairs), key=lambda one: one in "的了不是很我这有")[:3]:
        page = re.sub(r"<[^>]+>|\s", "", manager.get("/workspace/search/", q=pair))
        if any(part in page for part in _parts(sentence, pair)):
            return True
    return not pairs


def _parts(sentence: str, pair: str) -> list[str]:
    """What stands around each place of the pair, as it may be shown in a shortened line."""
    plain = re.sub(r"\s", "", sentence)
    places = [found.start() for found in re.finditer(pair, plain)]
    return [plain[max(0, place - 3) : place + 5] for place in places]


def real_mails() -> list[bytes]:
    """CPython's own mails and ours in old charsets; each with another Message-ID where it has one."""
    spec = importlib.util.find_spec("test.test_email")
    folder = Path(spec.origin).parent / "data" if spec and spec.origin else None
    theirs = [one.read_bytes() for one in sorted(folder.glob("msg_*.txt"))] if folder else []
    return theirs + [one.raw for one in difficult_mails()]


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    """A mailbox of this test alone."""
    server = Dovecot()
    try:
        server.start()
        yield server
    finally:
        server.remove()


def test_every_difficult_mail_is_accounted_for(served: Served, dovecot: Dovecot):
    mails, mark = real_mails(), uuid4().hex[:8]
    assert len(mails) >= 30
    address = f"huifang-{mark}@office.example"
    dovecot.drop(address, *mails)
    admin = Office(served, "admin")
    admin.post(
        "/mailroom/mailboxes/new/",
        {
            "name": f"回放信箱 {mark}", "address": address, "is_active": "on", "folder": "INBOX",
            "imap_host": "127.0.0.1", "imap_port": str(dovecot.port), "imap_security": "none",
            "imap_password": MAIL_PASSWORD, "takes_waiting": "on", "poll_seconds": "5",
            "smtp_port": "465", "smtp_security": "tls",
        },
    )  # fmt: skip

    row = wait_for(lambda: settled(ledger_row(admin, mark), len(mails)))

    received, handled, quarantined, dropped, waiting, copies = row
    assert received + copies == len(mails)
    assert received == handled + quarantined + dropped
    assert waiting == 0
    assert handled >= 30


def ledger_row(admin: Office, mark: str) -> list[int]:
    """Received, handled, quarantined, dropped, waiting, further copies; summed over the days."""
    rows = re.findall(r"<tr>(.*?)</tr>", admin.get("/mailroom/", days="30"), re.DOTALL)
    sums = [0] * 6
    for row in rows:
        if mark in row:
            cells = [
                re.sub(r"<[^>]+>|\s", "", one) for one in re.findall(r"<td.*?</td>", row, re.DOTALL)
            ]
            sums = [total + int(cell) for total, cell in zip(sums, cells[2:], strict=True)]
    return sums


def settled(row: list[int], expected: int) -> list[int]:
    """The row once all are in and none waits; else nothing."""
    return row if row[0] + row[5] == expected and row[4] == 0 else []


def wait_for(look: Callable[[], list[int]]) -> list[int]:
    deadline = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.5)
    raise AssertionError("the ledger does not settle")
