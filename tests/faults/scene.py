"""A served product under load: mail servers beside it, talkers on every way in, kills by hand."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from shouwen.core.database import embedded_url
from shouwen.mailroom.tests.servers import Dovecot, SmtpServer
from tests.architecture.layout import ROOT
from tests.faults.ledger import Ledger
from tests.faults.talkers import (
    Answerer,
    Desk,
    Mailer,
    Program,
    SocketVisitor,
    Talker,
    Uploader,
    Visitor,
)
from tests.served import OF_THE_TESTS, Served, new_served

SITE = "faults0123456789"
MAIL_USER = "fuwu"
BACK_WITHIN_SECONDS = 60.0
# Nobody gives up what he wants to say.
PATIENCE_SECONDS = 300.0
# People are slower than the talkers of a test.
NO_PACE = {
    "VISITOR_LINES_A_MINUTE": "100000",
    "VISITOR_FILES_A_MINUTE": "100000",
    "VISITORS_AN_HOUR": "100000",
    "MAILROOM_ALLOW_PRIVATE": "1",
}


@dataclass(frozen=True)
class Stage:
    """The keys to what stage.py built."""

    session: str
    api_key: str
    colleagues: list[int]


class Scene:
    """One installation and its surroundings."""

    def __init__(self, served: Served, stage: Stage, mail: "MailServers | None") -> None:
        self.served = served
        self.stage = stage
        self.mail = mail
        self.widget = f"{served.url}/widget/{SITE}"
        self.database_url = embedded_url(served.data_dir)
        self.ledger = Ledger(served.data_dir.parent / "ledger.tsv")

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What stands in the database, read past the product."""
        with psycopg.connect(self.database_url, connect_timeout=5) as connection:
            return connection.execute(query, values).fetchall()

    def wait_for_rows(self, query: str, *values: object, within: float) -> list[tuple[Any, ...]]:
        """The rows, as soon as there are any and the database answers."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            try:
                if rows := self.rows(query, *values):
                    return rows
            except psycopg.Error:
                pass
            time.sleep(0.05)
        raise AssertionError(f"no rows within {within:.0f} s: {query}")

    def kill(self, name: str) -> float:
        """kill -9; the seconds until it works again."""
        before = self.rows("SELECT coalesce(max(id), 0) FROM procrastinate_workers")[0][0]
        begun = time.monotonic()
        self.served.kill(name)
        if name == "work":
            query = "SELECT 1 FROM procrastinate_workers WHERE id > %s"
            self.wait_for_rows(query, before, within=BACK_WITHIN_SECONDS)
        else:
            self.served.wait_until_ready(within=BACK_WITHIN_SECONDS)
        return time.monotonic() - begun

    def kill_all(self) -> float:
        """kill -9 of the whole group, started again; the seconds until it answers."""
        self.served.kill_all()
        begun = time.monotonic()
        self.served.start()
        return time.monotonic() - begun


class MailServers:
    """A real IMAP server with our mailbox, and an SMTP server that keeps what it takes."""

    def __init__(self) -> None:
        self.imap = Dovecot()
        self.smtp = SmtpServer()

    def start(self) -> None:
        """Both answer."""
        self.imap.start()
        self.smtp.start()

    def stop(self) -> None:
        """Both are gone."""
        self.smtp.stop()
        self.imap.remove()


@contextmanager
def new_scene(*, with_mail: bool, **environment: str) -> Iterator[Scene]:
    """A fresh installation with its stage, until the block ends."""
    with ExitStack() as stack:
        mail = MailServers() if with_mail else None
        if mail:
            mail.start()
            stack.callback(mail.stop)
        served = stack.enter_context(new_served(demo=False, **NO_PACE | environment))
        yield Scene(served, build_stage(served, mail), mail)


def build_stage(served: Served, mail: MailServers | None) -> Stage:
    """The installation has what the talkers need."""
    ports = (mail.imap.port, mail.smtp.port) if mail else (0, 0)
    code = "from tests.faults.stage import build; build(imap_port={}, smtp_port={})".format(*ports)
    inherited = {name: os.environ[name] for name in os.environ.keys() - OF_THE_TESTS}
    done = subprocess.run(
        [sys.executable, "-m", "shouwen.config.cli", "shell", "-v0", "-c", code],
        cwd=ROOT,
        env=inherited | {"DATA_DIR": str(served.data_dir), **NO_PACE, **served.environment},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    return Stage(**json.loads(done.stdout.splitlines()[-1]))


class Load:
    """Talkers on every way in, each in a thread of its own."""

    def __init__(self, scene: Scene, *, posts: int, sockets: int) -> None:
        self.scene = scene
        self.ledger = scene.ledger
        base, widget, key = scene.served.url, scene.widget, scene.stage.api_key
        self.visitors = [Visitor(widget, f"甲{n}", self.ledger) for n in range(posts)]
        self.screens = [SocketVisitor(widget, f"乙{n}", self.ledger) for n in range(sockets)]
        self.uploaders = [Uploader(widget, f"丙{n}", self.ledger) for n in range(2)]
        self.programs = [Program(base, f"丁{n}", self.ledger, key=key) for n in range(2)]
        self.desks: list[Desk] = []
        self.answerers: list[Answerer] = []
        self.mailers: list[Mailer] = []
        self.errors: list[Exception] = []
        self.first_line = 0
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def talkers(self) -> list[Talker]:
        """All of them."""
        return [
            *self.visitors, *self.screens, *self.uploaders, *self.programs,
            *self.desks, *self.answerers, *self.mailers,
        ]  # fmt: skip

    def start(self) -> None:
        """Everybody has arrived and talks."""
        [(last,)] = self.scene.rows("SELECT coalesce(max(id), 0) FROM conversations_line")
        self.first_line = last + 1
        for talker in self.talkers:
            talker.arrive()
        self._seat_the_desk()
        if self.scene.mail:
            self._open_the_mail(self.scene.mail)
        for talker in self.talkers:
            self._threads.append(threading.Thread(target=self._talk, args=(talker,), daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self, *, within: float = 90.0) -> None:
        """Everybody has said his last word and been heard."""
        self._stop.set()
        deadline = time.monotonic() + within
        for thread in self._threads:
            thread.join(max(0.1, deadline - time.monotonic()))
        for screen in [*self.screens, *self.desks]:
            screen.watch(2.0)
            screen.leave()
        if self.errors:
            raise self.errors[0]

    def _talk(self, talker: Talker) -> None:
        number = len(talker.said)
        try:
            while not self._stop.is_set():
                talker.say(number, until=time.monotonic() + PATIENCE_SECONDS)
                number += 1
                self._stop.wait(talker.pause)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
            self.errors.append(error)

    def _seat_the_desk(self) -> None:
        """An agent talks in a visitor's conversation, over a socket and over the API."""
        for number, visitor in enumerate([self.visitors[0], self.screens[0]]):
            visitor.say(0, until=time.monotonic() + BACK_WITHIN_SECONDS)
            place = self._conversation_of("client_id = %s::uuid", visitor.said[0])
            base, stage = self.scene.served.url, self.scene.stage
            self.desks.append(
                Desk(base, f"座席{number}", self.ledger, session=stage.session, at=place)
            )
            self.answerers.append(
                Answerer(base, f"程序{number}", self.ledger, key=stage.api_key, at=place)
            )

    def _open_the_mail(self, mail: MailServers) -> None:
        """A customer's mail has become a conversation; answers to it go out by mail."""
        mailer = Mailer("信", self.ledger, imap=mail.imap, user=MAIL_USER)
        mailer.say(0, until=time.monotonic() + BACK_WITHIN_SECONDS)
        self.mailers.append(mailer)
        place = self._conversation_of(
            "meta->>'message_id' LIKE %s", f"%{mailer.said[0]}%", within=60
        )
        base, key = self.scene.served.url, self.scene.stage.api_key
        self.answerers.append(Answerer(base, "回信", self.ledger, key=key, at=place))

    def _conversation_of(self, where: str, value: str, *, within: float = 10) -> int:
        query = f"SELECT conversation_id FROM conversations_line WHERE {where}"
        found: int = self.scene.wait_for_rows(query, value, within=within)[0][0]
        return found
