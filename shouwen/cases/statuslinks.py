"""What stands behind a status link's address: a reference of the row, and our signature on it.

130 bits that nobody can guess; the database alone does not hold them. No database here.
"""

import base64
import hmac
import re
import secrets

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

_SIGNATURE_LENGTH = 26
_TOKEN = re.compile(r"^([0-9a-f]{16})([a-z2-7]{26})$")


def new_ref() -> str:
    """A reference for a new link; it opens nothing without the signature."""
    return secrets.token_hex(8)


def status_token(ref: str) -> str:
    """What the address of the link holds."""
    return ref + _signature(ref)


def status_address(ref: str) -> str:
    """The whole address of a customer's page."""
    return settings.PUBLIC_URL + reverse("cases:status", args=[status_token(ref)])


def ref_of(token: str) -> str:
    """The reference in a token that we signed; empty for any other word."""
    match = _TOKEN.match(token)
    if match and hmac.compare_digest(_signature(match[1]), match[2]):
        return match[1]
    return ""


def _signature(ref: str) -> str:
    digest = salted_hmac("cases.status-link", ref, algorithm="sha256").digest()
    return base64.b32encode(digest).decode().lower()[:_SIGNATURE_LENGTH]
