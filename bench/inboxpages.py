"""A member of staff with one kept connection, and the pages they ask for."""

import http.client
import re
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from urllib.parse import quote, urlencode, urlsplit

import psycopg

from bench.inboxstaff import PASSWORD
from shouwen.core.database import embedded_url
from tests.served import Served

Ask = tuple[str, Callable[[], float]]
# The server ends connections that rest longer; one that rested is opened anew.
IDLE_SECONDS = 3.0
HTMX = {"HX-Request": "true"}
SEARCH = "/workspace/search/?q="
NEXT = re.compile(r"after=([A-Za-z0-9_-]+)")


class Reader:
    """Signed in by the form, as a browser does it."""

    def __init__(self, served: Served, username: str) -> None:
        address = urlsplit(served.url)
        self._connection = http.client.HTTPConnection(str(address.hostname), address.port)
        self._cookies: dict[str, str] = {}
        self._used = time.monotonic()
        self.get("/sign-in/")
        token = next(value for name, value in self._cookies.items() if "csrf" in name)
        fields = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token}
        self._send("POST", "/sign-in/", urlencode(fields))
        status, _page = self._send("GET", "/workspace/?tab=all")
        if status == 302:
            self._start_the_day()

    def _start_the_day(self) -> None:
        token = next(value for name, value in self._cookies.items() if "csrf" in name)
        fields = {"csrfmiddlewaretoken": token}
        fields |= dict.fromkeys(("system", "phone", "network"), "well")
        self._send("POST", "/health/start-of-day/", urlencode(fields))

    def _send(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        given = {"Cookie": cookie, "Accept-Language": "zh-CN", **(headers or {})}
        if body is not None:
            given["Content-Type"] = "application/x-www-form-urlencoded"
            given["Origin"] = f"http://{self._connection.host}:{self._connection.port}"
        if time.monotonic() - self._used > IDLE_SECONDS:
            self._connection.close()
        self._used = time.monotonic()
        self._connection.request(method, path, body, given)
        answer = self._connection.getresponse()
        page = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, page

    def get(self, path: str, **headers: str) -> str:
        """The page; anything but 200 ends the bench."""
        status, page = self._send("GET", path, headers=headers)
        if status != 200:
            raise SystemExit(f"{path} answered {status}\n{page[:2000]}")
        return page

    def post(self, path: str, fields: dict[str, str]) -> None:
        """The form leads on; a refusal ends the bench."""
        token = next(value for name, value in self._cookies.items() if "csrf" in name)
        status, page = self._send("POST", path, urlencode(fields | {"csrfmiddlewaretoken": token}))
        if status != 302:
            raise SystemExit(f"{path} answered {status}\n{page[:2000]}")

    def fetch(self, path: str) -> int:
        """The size of a file in bytes."""
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._connection.request("GET", path, headers={"Cookie": cookie})
        return len(self._connection.getresponse().read())

    def timed(self, label: str, path: str, **headers: str) -> Ask:
        """How to ask for it, answering the milliseconds until the last byte."""

        def ask() -> float:
            begun = time.perf_counter()
            self.get(path, **headers)
            return (time.perf_counter() - begun) * 1000

        return label, ask

    def lists(self) -> list[Ask]:
        """The workspace with each of its lists, narrowed, and further down."""
        first = self.get("/workspace/rows?tab=all&size=200")
        cursor = (NEXT.findall(first) or [""])[-1]
        paths = {
            "mine": "/workspace/?tab=mine",
            "waiting": "/workspace/?tab=waiting",
            "left messages": "/workspace/?tab=messages",
            "all": "/workspace/?tab=all",
            "all, only mail": "/workspace/?tab=all&channel=mail",
            "all, only walk-in": "/workspace/?tab=all&channel=walk_in",
            "all, fifth page": f"/workspace/?tab=all&after={cursor}",
            "all, redrawn": "/workspace/rows?tab=all",
        }
        return [self.timed(label, path) for label, path in paths.items()]

    def conversations(self, ids: list[int]) -> list[Ask]:
        """A click on a row of the list."""
        return [self.timed("opened", f"/workspace/{pk}", **HTMX) for pk in ids]

    def threads(self, ids: list[int]) -> list[Ask]:
        """What was said in it, as the socket's polling twin gives it."""
        return [self.timed("lines", f"/workspace/conversations/{pk}/lines?after=0") for pk in ids]

    def search(self, word: str) -> Ask:
        """The words in everything that was said."""
        return self.timed(word, f"{SEARCH}{quote(word)}")


class Desk:
    """Which conversations each reader may open."""

    def __init__(self, folder: Path) -> None:
        self._url = embedded_url(folder)

    def some(self, username: str, count: int) -> list[int]:
        """Old and new ones of the queues this person serves or leads, the same in every run."""
        with psycopg.connect(self._url) as connection:
            rows = connection.execute(
                "SELECT c.id FROM conversations_conversation c JOIN conversations_queue q"
                " ON q.id = c.queue_id WHERE q.code IN ('residents', 'tenants')"
                " AND (c.id % 977 = 5 OR c.state <> 'closed') ORDER BY c.id",
            ).fetchall()
        random = Random(username)
        return random.sample([pk for (pk,) in rows], min(count, len(rows)))
