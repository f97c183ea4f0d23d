"""Handing a mail over to an SMTP server, and reading its answer rightly."""

import contextlib
import logging
import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from shouwen.mailroom.carriers.base import HandOver, Hold
from shouwen.mailroom.carriers.email.troubles import MAIL_ERRORS, said, words_of
from shouwen.mailroom.hosts import connect
from shouwen.mailroom.models import Mailbox
from shouwen.mailroom.sealing import unseal

logger = logging.getLogger(__name__)
ANSWER_SECONDS = 60.0
# After the final dot servers look for viruses; breaking off too early would send the mail again.
FINAL_ANSWER_SECONDS = 600.0


class _PlainClient(smtplib.SMTP):
    """Connects to checked addresses only."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return connect(host, port, timeout)


class _TlsClient(smtplib.SMTP_SSL):
    """Connects to checked addresses only, under TLS from the first byte."""

    def _get_socket(self, host: str, port: int, timeout: float) -> ssl.SSLSocket:
        return self.context.wrap_socket(connect(host, port, timeout), server_hostname=host)


@contextlib.contextmanager
def open_smtp(mailbox: Mailbox) -> Iterator[smtplib.SMTP]:
    """A session with the mailbox's server, signed in where a user name is given."""
    password = unseal(mailbox.smtp_password)
    client = _connected(mailbox)
    try:
        if mailbox.smtp_security == Mailbox.Security.STARTTLS:
            client.starttls(context=ssl.create_default_context())
        if mailbox.smtp_username:
            client.login(mailbox.smtp_username, password)
        yield client
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            client.close()


def _connected(mailbox: Mailbox) -> smtplib.SMTP:
    host, port, name = mailbox.smtp_host, mailbox.smtp_port, mailbox.domain or "localhost"
    if mailbox.smtp_security == Mailbox.Security.TLS:
        context = ssl.create_default_context()
        return _TlsClient(host, port, name, timeout=ANSWER_SECONDS, context=context)
    return _PlainClient(host, port, name, timeout=ANSWER_SECONDS)


def hand_over(mailbox: Mailbox, raw: bytes, recipients: list[str], *, hold: Hold) -> HandOver:
    """Offer the mail to the server for these recipients.

    4xx and a broken connection mean later, 5xx means never. A refused sign-in or a server that is
    not there is the mailbox's fault: later, and `mailbox_error` says so. Raises nothing of the network.
    """
    try:
        with open_smtp(mailbox) as client:
            outcome = _dialogue(client, mailbox.address, raw, recipients, hold)
            with contextlib.suppress(smtplib.SMTPException, OSError):
                client.quit()
            return outcome
    except MAIL_ERRORS as error:
        words = words_of(error, mailbox.smtp_host)
        logger.info("mailbox %d: %s", mailbox.pk, words)
        return HandOver(postponed=dict.fromkeys(recipients, words), mailbox_error=words)


def _dialogue(
    client: smtplib.SMTP,
    sender: str,
    raw: bytes,
    recipients: list[str],
    hold: Hold,
) -> HandOver:
    """MAIL, RCPT, DATA. What breaks off from here on concerns this mail and not the mailbox."""
    try:
        client.ehlo_or_helo_if_needed()
        code, answer = client.mail(sender, [f"SIZE={len(raw)}"] if client.has_extn("size") else [])
        if code != 250:
            return _same_for_all(recipients, code, answer)
        outcome = HandOver()
        for recipient in recipients:
            _note(outcome, recipient, *client.rcpt(recipient))
        if not outcome.accepted:
            return outcome
        if not hold.still_mine():
            return HandOver(
                postponed=dict.fromkeys(recipients, _("Another worker has taken over."))
            )
        return _send_text(client, raw, outcome, hold)
    except (smtplib.SMTPException, OSError) as error:
        words = words_of(error, str(getattr(client, "_host", "")))
        return HandOver(postponed=dict.fromkeys(recipients, words))


def _send_text(client: smtplib.SMTP, raw: bytes, outcome: HandOver, hold: Hold) -> HandOver:
    if client.sock is not None:
        client.sock.settimeout(FINAL_ANSWER_SECONDS)
    code, answer = _data(client, raw)
    if code == 250:
        hold.taken(outcome.accepted)
        return outcome
    rest = _same_for_all(outcome.accepted, code, answer)
    return replace(
        outcome,
        accepted=[],
        refused=outcome.refused | rest.refused,
        postponed=outcome.postponed | rest.postponed,
    )


def _data(client: smtplib.SMTP, raw: bytes) -> tuple[int, bytes]:
    try:
        return client.data(raw)
    except smtplib.SMTPDataError as refusal:
        text = refusal.smtp_error
        return refusal.smtp_code, text if isinstance(text, bytes) else text.encode()


def _note(outcome: HandOver, recipient: str, code: int, answer: bytes) -> None:
    words = f"{code} {said(answer)}"
    if code in {250, 251}:
        outcome.accepted.append(recipient)
    elif 500 <= code < 600:
        outcome.refused[recipient] = words
    else:
        outcome.postponed[recipient] = words


def _same_for_all(recipients: list[str], code: int, answer: bytes) -> HandOver:
    outcome = HandOver()
    words = f"{code} {said(answer)}"
    target = outcome.refused if 500 <= code < 600 else outcome.postponed
    target.update(dict.fromkeys(recipients, words))
    return outcome
