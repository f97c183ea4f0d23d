"""Real servers, and a database in which what is committed stays until the test ends."""

from collections.abc import Iterator

import pytest
from django.db import connections

from shouwen.core import bus
from shouwen.mailroom.events import MailArrived
from shouwen.mailroom.models import Mailbox
from shouwen.mailroom.sealing import seal
from shouwen.mailroom.tests.factories import MailboxFactory
from shouwen.mailroom.tests.servers import PASSWORD, Dovecot, SmtpServer


@pytest.fixture(autouse=True)
def nobody_listens_above(monkeypatch: pytest.MonkeyPatch) -> None:
    """What conversations makes of a mail is its own business and tested there."""
    monkeypatch.setitem(bus._reactions, MailArrived, {when: [] for when in bus.When})


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """Commits are real, as threads and killed processes need them; all tables are emptied after."""
    yield
    connections.close_all()


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    server = SmtpServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def internal_hosts(settings: object) -> None:
    """Mail servers may lie on this machine."""
    settings.MAILROOM_ALLOW_PRIVATE = True


@pytest.fixture
def fetched_mailbox(db: None, dovecot: Dovecot, internal_hosts: None, request: object) -> Mailbox:
    """A mailbox on the real IMAP server, with a folder of this test's own."""
    return MailboxFactory(
        imap_host="localhost",
        imap_port=dovecot.port,
        imap_security=Mailbox.Security.NONE,
        imap_username=f"u{abs(hash(request.node.nodeid))}",
        imap_password=seal(PASSWORD),
        smtp_host="",
        uidvalidity=None,
    )


@pytest.fixture
def sending_mailbox(db: None, smtp: SmtpServer, internal_hosts: None) -> Mailbox:
    """A mailbox that sends through the real SMTP server."""
    return _sending_mailbox(smtp)


@pytest.fixture
def committed_mailbox(committed: None, smtp: SmtpServer, internal_hosts: None) -> Mailbox:
    """The same, seen by other threads and processes too."""
    return _sending_mailbox(smtp)


def _sending_mailbox(smtp: SmtpServer) -> Mailbox:
    return MailboxFactory(
        imap_host="",
        smtp_host="localhost",
        smtp_port=smtp.port,
        smtp_security=Mailbox.Security.NONE,
        smtp_username="service",
        smtp_password=seal(PASSWORD),
        address="service@shop.example",
        from_name="首问商城客服",
        is_default=True,
    )
