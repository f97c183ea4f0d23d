"""An IMAP folder, read without changing it until what was read is safe."""

import contextlib
import imaplib
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import date

from imap_tools import BaseMailBox

from shouwen.mailroom.hosts import connect
from shouwen.mailroom.models import Mailbox
from shouwen.mailroom.sealing import unseal

ANSWER_SECONDS = 60.0
_IDLE_SLICE_SECONDS = 2.0
# A few are TLS talking to itself; more, at once and without a word, are a dead connection.
_EMPTY_ANSWERS = 20
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
# Servers of NetEase let nobody in who does not introduce himself.
imaplib.Commands.setdefault("ID", ("NONAUTH", "AUTH", "SELECTED"))


class _PlainClient(imaplib.IMAP4):
    """Connects to checked addresses only."""

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return connect(self.host, self.port, timeout or ANSWER_SECONDS)


class _TlsClient(imaplib.IMAP4_SSL):
    """Connects to checked addresses only, under TLS from the first byte."""

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        plain = connect(self.host, self.port, timeout or ANSWER_SECONDS)
        context: ssl.SSLContext = self.ssl_context
        return context.wrap_socket(plain, server_hostname=self.host)


class _Account(BaseMailBox):
    """imap-tools on top of our own connection."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        host, port = self._mailbox.imap_host, self._mailbox.imap_port
        if self._mailbox.imap_security == Mailbox.Security.TLS:
            context = ssl.create_default_context()
            return _TlsClient(host, port, ssl_context=context, timeout=ANSWER_SECONDS)
        client = _PlainClient(host, port, timeout=ANSWER_SECONDS)
        if self._mailbox.imap_security == Mailbox.Security.STARTTLS:
            client.starttls(ssl.create_default_context())
        return client


class Inbox:
    """A folder that is open. UIDs count only together with `uidvalidity`."""

    def __init__(self, account: _Account, folder: str) -> None:
        self._account = account
        self._client = account.client
        status = account.folder.status(folder, ["UIDVALIDITY", "UIDNEXT"])
        self.uidvalidity = int(status["UIDVALIDITY"])
        self.next_uid = int(status["UIDNEXT"])
        account.folder.set(folder)
        _answer, said = self._client.capability()
        self._can_idle = b"IDLE" in b" ".join(said).upper().split()

    def new_uids(self, after: int, *, since: date | None = None) -> list[int]:
        """The UIDs greater than `after`, in order; with `since`, only of mail from that day on."""
        self._client.noop()
        terms = [f"UID {after + 1}:*"]
        if since is not None:
            terms.append(f"SINCE {since:%d}-{_MONTHS[since.month - 1]}-{since.year}")
        _answer, said = self._checked(*self._client.uid("SEARCH", *terms))
        found = {int(word) for line in said if line for word in line.split()}
        return sorted(uid for uid in found if uid > after)

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """The size of each mail in bytes, as far as the server says."""
        _answer, said = self._checked(*self._client.uid("FETCH", _set_of(uids), "(RFC822.SIZE)"))
        found = {}
        for line in said:
            flat = line[0] if isinstance(line, tuple) else line or b""
            if (uid := _UID.search(flat)) and (size := _SIZE.search(flat)):
                found[int(uid[1])] = int(size[1])
        return found

    def mails(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The raw mails; one that is missing was not given out, or is gone."""
        return self._bodies(uids, "(BODY.PEEK[])")

    def head(self, uid: int) -> bytes:
        """The headers of one mail."""
        return self._bodies([uid], "(BODY.PEEK[HEADER])").get(uid, b"")

    def _bodies(self, uids: Sequence[int], what: str) -> dict[int, bytes]:
        answer, said = self._client.uid("FETCH", _set_of(uids), what)
        if answer != "OK" and len(uids) > 1:
            return {}
        return dict(_literals(said))

    def has(self, uid: int) -> bool:
        """The mail still lies there."""
        _answer, said = self._checked(*self._client.uid("SEARCH", f"UID {uid}"))
        return str(uid).encode() in b" ".join(line for line in said if line).split()

    def mark_seen(self, uids: Sequence[int]) -> None:
        """What is safe with us is read on the server; a server that will not flag does no harm."""
        with contextlib.suppress(imaplib.IMAP4.error):
            self._client.uid("STORE", _set_of(uids), "+FLAGS.SILENT", r"(\Seen)")

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Until something arrives (where the server can IDLE), `seconds` have passed, or `stop`."""
        if not self._can_idle:
            stop.wait(seconds)
            return
        end = time.monotonic() + seconds
        self._account.idle.start()  # type: ignore[no-untyped-call]
        empty = 0
        while not stop.is_set() and time.monotonic() < end:
            begun = time.monotonic()
            lines = self._account.idle.poll(_IDLE_SLICE_SECONDS)
            if any(b"EXISTS" in line for line in lines):
                break
            came_at_once = not lines and time.monotonic() - begun < _IDLE_SLICE_SECONDS / 2
            empty = empty + 1 if came_at_once else 0
            if empty > _EMPTY_ANSWERS:
                raise ConnectionAbortedError("EOF")
        self._account.idle.stop()  # type: ignore[no-untyped-call]

    @staticmethod
    def _checked(answer: str, said: list[bytes]) -> tuple[str, list[bytes]]:
        if answer != "OK":
            raise imaplib.IMAP4.error(
                b" ".join(line for line in said if line).decode("utf-8", "replace")
            )
        return answer, said


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@contextlib.contextmanager
def open_inbox(mailbox: Mailbox) -> Iterator[Inbox]:
    """The mailbox's folder, signed in to; closed afterwards, also when the server is gone."""
    password = unseal(mailbox.imap_password)
    account = _Account(mailbox)
    try:
        _sign_in(account, mailbox.imap_username or mailbox.address, password)
        yield Inbox(account, mailbox.folder)
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error, ValueError):
            account.client.shutdown()


def _sign_in(account: _Account, username: str, password: str) -> None:
    if username.isascii() and password.isascii():
        account.login(username, password, initial_folder=None)
    else:
        account.login_utf8(username, password, initial_folder=None)
    with contextlib.suppress(imaplib.IMAP4.error):
        account.client.xatom("ID", '("name" "shouwen" "version" "1")')


def _set_of(uids: Sequence[int]) -> str:
    return ",".join(str(uid) for uid in uids)


def _literals(said: Sequence[object]) -> Iterator[tuple[int, bytes]]:
    """UID and literal of each part of a FETCH answer; the UID may stand before or after it."""
    for place, item in enumerate(said):
        if not isinstance(item, tuple):
            continue
        after = said[place + 1] if place + 1 < len(said) else b""
        match = _UID.search(item[0]) or (_UID.search(after) if isinstance(after, bytes) else None)
        if match:
            yield int(match[1]), item[1]
