"""Opening cases through the API: one by one from eight clients, and many in a call; then counted in the books."""

import http.client
import json
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg

from bench.inboxtexts import Talk
from shouwen.core.database import embedded_url

CLIENTS, BATCHERS, ROWS_A_CALL = 8, 2, 500
HEADERS = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Opened:
    """What the clients were told, and how long they took."""

    numbers: list[str]
    seconds: float

    @property
    def per_s(self) -> float:
        return len(self.numbers) / self.seconds


class Program:
    """Another program with a key, on one kept connection; says different things from one seed."""

    def __init__(self, url: str, secret: str, customers: list[int], seed: int, talk: Talk) -> None:
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(str(address.hostname), address.port)
        self._headers = {**HEADERS, "Authorization": f"Bearer {secret}"}
        self._random = Random(seed)
        self._customers = customers
        self._talk = talk

    def case(self) -> dict[str, object]:
        """A complaint or a repair with its whole form."""
        random = self._random
        place = {
            "area": f"{random.randint(1, 60)}栋",
            "unit": f"{random.randint(1, 4)}单元",
            "room": f"{random.randint(1, 56):02}01",
        }
        clauses = self._talk.clauses
        said = {"phone": f"1390{random.randrange(10**7):07}"}
        is_complaint = random.random() < 0.5
        more = {"happened_at": "2026-11-20T09:30"} if is_complaint else {"symptom": "不亮"}
        return {
            "kind": "complaint" if is_complaint else "repair",
            "way": "call",
            "matter": "，".join(random.choices(clauses, k=4)),
            "demand": random.choice(clauses),
            "customer_id": random.choice(self._customers),
            "values": {**place, **said, **more},
        }

    def post(self, path: str, body: object, **headers: str) -> dict[str, object]:
        """The answer; anything but 200 ends the bench."""
        sent = json.dumps(body, ensure_ascii=False).encode()
        self._connection.request("POST", path, sent, {**self._headers, **headers})
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}: {said[:600].decode()}")
        told: dict[str, object] = json.loads(said)
        return told

    def open_one(self) -> list[str]:
        """One case, with a key of its own against doubles."""
        told = self.post("/api/v1/cases", self.case(), **{"Idempotency-Key": str(uuid4())})
        return [str(told["number"])]

    def open_many(self) -> list[str]:
        """A call full of rows."""
        rows = [self.case() | {"key": str(uuid4())} for _one in range(ROWS_A_CALL)]
        told = self.post("/api/v1/cases/batch", {"rows": rows})
        ends = told["rows"]
        assert isinstance(ends, list)
        refused = [end for end in ends if end["status"] != 200]
        if refused:
            raise SystemExit(f"a row was refused: {refused[0]}")
        return [end["number"] for end in ends]


def _main(plan: dict[str, object]) -> None:
    """The clients, in a process of their own: `open_one` or `open_many` for some seconds."""
    talk = Talk()
    many = plan["how"] == "open_many"
    url, secret, customers = str(plan["url"]), str(plan["secret"]), plan["customers"]
    assert isinstance(customers, list)
    programs = [
        Program(url, secret, customers, Random().randrange(10**9), talk)
        for _one in range(BATCHERS if many else CLIENTS)
    ]
    for program in programs:
        getattr(program, str(plan["how"]))()
    numbers: list[str] = []
    begun = time.monotonic()
    end = begun + float(str(plan["seconds"]))

    def run(program: Program) -> None:
        while time.monotonic() < end:
            numbers.extend(getattr(program, str(plan["how"]))())

    threads = [threading.Thread(target=run, args=(program,)) for program in programs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(asdict(Opened(numbers, time.monotonic() - begun))))


def opened(how: str, *, url: str, secret: str, customers: list[int], seconds: float) -> Opened:
    """What clients in another process opened in some seconds."""
    plan = {"how": how, "url": url, "secret": secret, "customers": customers, "seconds": seconds}
    done = subprocess.run(
        [sys.executable, "-m", "bench.casesopen"],
        input=json.dumps(plan),
        text=True,
        stdout=subprocess.PIPE,
        check=True,
    )
    return Opened(**json.loads(done.stdout))


def customers_of(folder: Path, count: int = 5000) -> list[int]:
    """Files that cases are opened for."""
    with psycopg.connect(embedded_url(folder)) as connection:
        rows = connection.execute("SELECT id FROM customer ORDER BY id DESC LIMIT %s", [count])
        return [pk for (pk,) in rows.fetchall()]


def missing_in_the_books(folder: Path, told: Opened) -> int:
    """How many acknowledged cases lack a row of their own, a running clock or their fact in history."""
    with psycopg.connect(embedded_url(folder)) as connection:
        found = connection.execute(
            "SELECT count(DISTINCT c.id) FROM service_case c"
            " JOIN deadline d ON d.subject_kind = 'case' AND d.subject_id = c.id AND d.met_at IS NULL"
            " JOIN history h ON h.subject_kind = 'case' AND h.subject_id = c.id"
            " AND h.name = 'cases.CaseOpened' WHERE c.number = ANY(%s)",
            [told.numbers],
        ).fetchone()
    assert found
    return len(told.numbers) - int(found[0]) + len(told.numbers) - len(set(told.numbers))


if __name__ == "__main__":
    _main(json.load(sys.stdin))
