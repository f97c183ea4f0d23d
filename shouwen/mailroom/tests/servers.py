"""Real mail servers on this machine: Dovecot for IMAP, aiosmtpd for SMTP."""

import asyncio
import contextlib
import getpass
import imaplib
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = "p@ss-word1"
_IS_ROOT = os.geteuid() == 0
_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
ssl = {ssl}
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail/%u
mail_uid = {owner}
mail_gid = {group}
first_valid_uid = 1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
imap_capability = {capability}
maildir_very_dirty_syncs = no
mailbox_idle_check_interval = 1 secs
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={folder}/mail/%u
}}
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Dovecot:
    """An IMAP server of its own in a throw-away folder. Any user name, one password."""

    def __init__(self, *, capability: str = "") -> None:
        self.port, self.tls_port = free_port(), free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="shouwen-imap-", dir="/tmp"))
        self.folder.chmod(0o755)
        (self.folder / "mail").mkdir()
        self._capability = capability
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def certificate(self) -> Path:
        return self.folder / "cert.pem"

    def start(self) -> None:
        self._make_certificate()
        user = getpass.getuser()
        names = (
            {"owner": "nobody", "group": "nogroup", "internal": "dovecot", "login": "dovenull"}
            | {"internal_group": "dovecot"}
            if _IS_ROOT
            else {
                "owner": user,
                "group": user,
                "internal": user,
                "login": user,
                "internal_group": user,
            }
        )
        if _IS_ROOT:
            shutil.chown(self.folder / "mail", "nobody", "nogroup")
        password = PASSWORD
        config = _CONFIG.format(
            folder=self.folder, port=self.port, tls_port=self.tls_port, password=password,
            ssl="yes", capability=self._capability, **names,
        )  # fmt: skip
        (self.folder / "dovecot.conf").write_text(config)
        self._process = subprocess.Popen(
            ["/usr/sbin/dovecot", "-F", "-c", str(self.folder / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "stderr").open("wb"),
            start_new_session=True,
        )
        self._wait()

    def _make_certificate(self) -> None:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
             "-keyout", str(self.folder / "key.pem"), "-out", str(self.certificate),
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
            check=True, capture_output=True,
        )  # fmt: skip

    def _wait(self) -> None:
        for _try in range(100):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as answer:
                    if answer.recv(20).startswith(b"* OK"):
                        return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError((self.folder / "stderr").read_text() + self.log())

    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""

    def stop(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(10)
            with contextlib.suppress(ProcessLookupError):  # sessions outlive their master
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def client(self, user: str) -> imaplib.IMAP4:
        """A session of another mail program."""
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(user, PASSWORD)
        client.select("INBOX")
        return client

    def put(self, user: str, *mails: bytes) -> None:
        """Mails are delivered to the user's inbox."""
        client = self.client(user)
        for mail in mails:
            client.append("INBOX", None, None, mail)  # type: ignore[arg-type]
        client.logout()

    def drop(self, user: str, *mails: bytes) -> None:
        """Mails lie in the folder byte by byte, as a delivery agent leaves them; also invalid ones."""
        self.client(user).logout()
        folder = self.folder / "mail" / user / "new"
        for number, mail in enumerate(mails, start=1):
            path = folder / f"{1_700_000_000 + number}.M{number:06}.host"
            path.write_bytes(mail)
            if _IS_ROOT:
                shutil.chown(path, "nobody", "nogroup")

    def flags(self, user: str) -> dict[int, bytes]:
        """UID and flags of every mail in the inbox."""
        client = self.client(user)
        _answer, said = client.uid("FETCH", "1:*", "(FLAGS)")
        client.logout()
        found = {}
        for line in said:
            if line and b"UID " in line:
                found[int(line.split(b"UID ")[1].split()[0].rstrip(b")"))] = line
        return found

    def renumber(self, user: str) -> None:
        """The server loses its numbering: another UIDVALIDITY, UIDs from one again."""
        for path in (self.folder / "mail" / user).glob("dovecot*"):
            path.unlink()
        time.sleep(1.1)  # UIDVALIDITY is the second in which the numbering begins


class Sink:
    """An SMTP handler that keeps what it took and answers as it is told."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.answers: dict[str, list[str]] = {}
        self.delay = 0.0
        # How long this server, as one far away, takes to answer QUIT.
        self.farewell = 0.0
        # Called in the very moment in which the 250 for a mail has been written to the wire.
        self.after_250: Callable[[], None] | None = None

    def answer(self, step: str, *answers: str) -> None:
        """The next answers to MAIL, RCPT, DATA or END; after them it is friendly again."""
        self.answers.setdefault(step, []).extend(answers)

    def _next(self, step: str) -> str:
        waiting = self.answers.get(step)
        return waiting.pop(0) if waiting else ""

    async def handle_MAIL(  # noqa: N802 - the name is the library's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self._next("MAIL"):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - the name is the library's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self._next(f"RCPT {address}") or self._next("RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self._next("END")
        if answer.startswith("drop"):
            if answer == "drop after taking":
                self.taken.append(envelope)
            server.transport.abort()
            return "250 nobody hears this"
        if answer == "hang":
            await asyncio.sleep(self.delay)
            server.transport.abort()
        if answer:
            return answer
        self.taken.append(envelope)
        if self.after_250:
            asyncio.get_running_loop().call_soon(self.after_250)
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.farewell)
        return "221 Bye"


class _QuietController(Controller):
    """aiosmtpd without a look-up of this machine's name."""

    def factory(self) -> SMTP:
        return SMTP(
            self.handler,
            hostname="sink.test",
            enable_SMTPUTF8=False,
            decode_data=False,
            data_size_limit=80 * 1024 * 1024,
            authenticator=_authenticate,
            auth_require_tls=False,
            tls_context=self._tls_for_starttls,
        )

    _tls_for_starttls: ssl.SSLContext | None = None


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    is_good = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=is_good, handled=is_good)


class SmtpServer:
    """An SMTP server on a free port with a Sink behind it."""

    def __init__(self) -> None:
        self.port = free_port()
        self.sink = Sink()
        self._controller: Controller | None = None

    def start(self) -> None:
        self._controller = _QuietController(self.sink, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None
