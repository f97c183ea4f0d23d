"""Passwords at rest: encrypted with a key derived from SECRET_KEY."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.translation import gettext as _

from shouwen.core.errors import Refused


class SealBroken(Refused):
    """The stored password cannot be read: SECRET_KEY has changed since it was entered."""


def _fernet() -> Fernet:
    material = hashlib.blake2b(
        settings.SECRET_KEY.encode(), digest_size=32, person=b"mailroom.sealing"
    )
    return Fernet(base64.urlsafe_b64encode(material.digest()))


def seal(text: str) -> str:
    """The text, unreadable without SECRET_KEY; nothing stays nothing."""
    return _fernet().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """The text that was sealed. Refuses with SealBroken when the key is another one."""
    if not sealed:
        return ""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken(
            _("The stored password cannot be read any more. Please enter it again.")
        ) from None
