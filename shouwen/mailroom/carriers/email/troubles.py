"""What goes wrong with mail servers, in words that tell what to do."""

import imaplib
import smtplib
import ssl

from django.utils.translation import gettext as _
from imap_tools import ImapToolsError, MailboxLoginError
from imap_tools.errors import UnexpectedCommandStatusError

from shouwen.core.errors import Refused

# Everything that talking to a mail server may raise; anything else is a mistake of ours.
MAIL_ERRORS = (
    OSError,
    EOFError,
    imaplib.IMAP4.error,
    smtplib.SMTPException,
    ImapToolsError,
    Refused,
)


def words_of(error: BaseException, host: str) -> str:
    """One sentence for the screen, with what the server said where that helps."""
    known = _network_words(error, host)
    if known:
        return known
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _("%(host)s refused the user name or password: %(said)s") % {
            "host": host,
            "said": said(error.smtp_error),
        }
    if isinstance(error, MailboxLoginError):
        return _("%(host)s refused the user name or password: %(said)s") % {
            "host": host,
            "said": _imap_said(error),
        }
    if isinstance(error, smtplib.SMTPResponseException):
        return _("%(host)s said: %(said)s") % {
            "host": host,
            "said": f"{error.smtp_code} {said(error.smtp_error)}",
        }
    return _("%(host)s said: %(said)s") % {"host": host, "said": _imap_said(error)}


def _network_words(error: BaseException, host: str) -> str:
    """Words for what happens before the server has said anything."""
    kinds: list[tuple[tuple[type[BaseException], ...], str]] = [
        (
            (ssl.SSLCertVerificationError,),
            _("The certificate of %s is not valid, so the connection is not safe."),
        ),
        (
            (ssl.SSLError, smtplib.SMTPNotSupportedError),
            _("%s does not speak TLS on this port. Please check port and encryption."),
        ),
        ((TimeoutError,), _("%s does not answer. Please check name and port, or try later.")),
        (
            (ConnectionRefusedError,),
            _("%s refuses the connection: the server is down, or the port is wrong."),
        ),
        (
            (ConnectionError, EOFError, imaplib.IMAP4.abort, smtplib.SMTPServerDisconnected),
            _("%s broke the connection off."),
        ),
    ]
    return next((words % host for types, words in kinds if isinstance(error, types)), "")


def _imap_said(error: BaseException) -> str:
    """What the IMAP server itself said, without the words of the library around it."""
    if isinstance(error, UnexpectedCommandStatusError):
        lines = error.command_result[1] if len(error.command_result) > 1 else []
        return said(b" ".join(line for line in lines if isinstance(line, bytes)))
    return said(str(error))


def said(text: bytes | str) -> str:
    """What a server said, on one line and not too long."""
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(plain.replace("\0", "").split())[:300]
