"""The little that the ledger must know of a mail before it is understood; never fails."""

import hashlib
from dataclasses import dataclass

from shouwen.mailroom.carriers.email.addresses import sender_of
from shouwen.mailroom.carriers.email.headers import read_headers

_TEXT_LIMITS = {"subject": 500, "sender": 320, "sender_name": 200}
_ID_LIMIT = 990


@dataclass(frozen=True)
class Envelope:
    """Summary and identity of a mail."""

    message_id: str
    identity: str
    subject: str
    sender: str
    sender_name: str


def read_envelope(raw: bytes) -> Envelope:
    """Who wrote about what, and the identity by which a second copy is known.

    The same Message-ID, sender and date is the same mail, whatever way it came. Some machines
    number all their mails alike: another sender or date is another mail, and must not be lost.
    Without a Message-ID the very bytes decide.
    """
    headers = read_headers(raw, 0, len(raw)).headers
    ids = headers.unfolded("message-id")
    message_id = "".join(ids[0].split()).strip("<>,;")[:_ID_LIMIT] if ids else ""
    sender = sender_of(headers)
    if message_id:
        dates = headers.unfolded("date")
        parts = [message_id, sender.address.lower(), dates[0].strip() if dates else ""]
        identity = hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
    else:
        identity = hashlib.sha256(raw).hexdigest()
    return Envelope(
        message_id=plain_text(message_id, _ID_LIMIT),
        identity=identity,
        subject=plain_text(headers.get("subject"), _TEXT_LIMITS["subject"]),
        sender=plain_text(sender.address, _TEXT_LIMITS["sender"]),
        sender_name=plain_text(sender.name, _TEXT_LIMITS["sender_name"]),
    )


def plain_text(text: str, limit: int) -> str:
    """Text on one line that the database takes: no NUL, no half characters, not too long."""
    flat = " ".join(text.replace("\0", "").split())
    return flat.encode("utf-8", "replace").decode()[:limit]
