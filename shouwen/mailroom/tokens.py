"""Signed reply addresses and Message-IDs: an answer finds its thread, and nobody can invent one."""

import base64
import hmac
import re
import secrets
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

_SIGNATURE_LENGTH = 16
_SUBADDRESS = re.compile(r"\+([a-z_]{1,30})-(\d{1,18})-([a-z2-7]{16})@", re.I)
_MESSAGE_ID = re.compile(r"([a-z_]{1,30})\.(\d{1,18})\.([a-z2-7]{16})\.([a-z2-7]{16})@", re.I)
MESSAGE_ID_BYTES = re.compile(
    rb"[a-zA-Z_]{1,30}\.\d{1,18}\.[a-z2-7]{16}\.[a-z2-7]{16}@[A-Za-z0-9.-]{1,253}"
)


@dataclass(frozen=True)
class ThreadRef:
    """What a mail answers: the kind and id of a thing of ours, and how that is known.

    `how` is "address" or "message-id" (both signed by us), or "ledger" (a Message-ID we have seen).
    """

    kind: str
    id: int
    how: str


def _signature(purpose: str, text: str) -> str:
    digest = salted_hmac(f"mailroom.{purpose}", text, algorithm="sha256").digest()
    return base64.b32encode(digest).decode().lower()[:_SIGNATURE_LENGTH]


def reply_token(kind: str, subject_id: int) -> str:
    """What goes behind the + of an address, so that answers to it belong to this thing."""
    body = f"{kind}-{subject_id}"
    return f"{body}-{_signature('address', body)}"


def reply_address(address: str, kind: str, subject_id: int) -> str:
    """`local+token@domain`, for mailboxes that take sub-addresses."""
    local, _at, domain = address.rpartition("@")
    return f"{local}+{reply_token(kind, subject_id)}@{domain}"


def read_reply_token(address: str) -> ThreadRef | None:
    """The thing a signed reply address stands for; None if it is none, or forged."""
    match = _SUBADDRESS.search(address)
    if not match:
        return None
    kind, number, signature = (group.lower() for group in match.groups())
    if not hmac.compare_digest(_signature("address", f"{kind}-{number}"), signature):
        return None
    return ThreadRef(kind, int(number), "address")


def new_message_id(kind: str, subject_id: int | None, domain: str) -> str:
    """A Message-ID without angle brackets that says, signed, what the mail is about."""
    random = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    body = f"{kind or 'mail'}.{subject_id or 0}.{random}"
    return f"{body}.{_signature('message-id', body)}@{domain}"


def read_message_id(message_id: str) -> ThreadRef | None:
    """The thing a Message-ID of ours is about; None if it is not ours, or forged."""
    match = _MESSAGE_ID.search(message_id)
    if not match:
        return None
    kind, number, random, signature = (group.lower() for group in match.groups())
    if not hmac.compare_digest(_signature("message-id", f"{kind}.{number}.{random}"), signature):
        return None
    return ThreadRef(kind, int(number), "message-id")


def is_own_message_id(message_id: str) -> bool:
    """We made this Message-ID."""
    return read_message_id(message_id) is not None
