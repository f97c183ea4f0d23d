"""The code of the first run (首次设置码): printed where the server was started, asked from whoever opens the page.

It is not stored: the secret key and the company's row make it, so every machine prints the same one,
and it opens nothing once there is an administrator.
"""

import base64

from django.utils.crypto import constant_time_compare, salted_hmac

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import company

# 60 bits, in three groups that can be read out.
LETTERS, GROUP = 12, 4


def has_administrator() -> bool:
    """Whether anybody could sign in."""
    return Staff.objects.active().people().exists()


def setup_code() -> str:
    """What whoever sets the system up must know."""
    made_for = company().created_at.isoformat()
    digest = salted_hmac("web.first_run", made_for, algorithm="sha256").digest()
    letters = base64.b32encode(digest).decode()[:LETTERS]
    return "-".join(letters[at : at + GROUP] for at in range(0, LETTERS, GROUP))


def is_setup_code(typed: str) -> bool:
    """Whether this is the code, however it was typed: dashes and small letters do not matter."""
    letters = "".join(one for one in typed.upper() if one.isalnum())
    return constant_time_compare(letters, setup_code().replace("-", ""))
