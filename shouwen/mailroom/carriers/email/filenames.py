"""Names of attached files: declared in one of many ways, or made from their type."""

import mimetypes
import re

from shouwen.mailroom.carriers.email.encodedwords import decode_header
from shouwen.mailroom.carriers.email.headers import parameters_of
from shouwen.mailroom.carriers.email.mime import Part

_MAX_LENGTH = 200
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_USUAL_NAMES = {
    "message/rfc822": "message.eml",
    "message/delivery-status": "delivery-status.txt",
    "message/disposition-notification": "receipt.txt",
    "text/rfc822-headers": "headers.txt",
    "text/calendar": "invite.ics",
    "application/ics": "invite.ics",
    "text/plain": "text.txt",
    "text/html": "text.html",
    "image/jpeg": "picture.jpg",
}


def file_name_of(part: Part, *, at: int = 0) -> str:
    """The declared name without path; for `at` > 0 a nameless part is given one."""
    for field in ("content-disposition", "content-type"):
        for value in part.headers.unfolded(field):
            parameters = parameters_of(value)
            if name := safe_name(parameters.get("filename") or parameters.get("name") or ""):
                return name
    return _made_name(part, at) if at else ""


def safe_name(name: str) -> str:
    """The last path part without control and direction signs, cut to 200 characters."""
    last = _UNSAFE.sub("", name).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1].strip()
    if last.strip(". ") == "":
        return ""
    if len(last) <= _MAX_LENGTH:
        return last
    stem, dot, suffix = last.rpartition(".")
    if not dot or len(suffix) > 10:
        return last[:_MAX_LENGTH]
    return f"{stem[: _MAX_LENGTH - len(suffix) - 1]}.{suffix}"


def _made_name(part: Part, at: int) -> str:
    if part.content_type == "message/rfc822":
        inner = re.search(
            rb"(?mi)^subject:(.{1,200})", part.source[part.start : part.start + 20_000]
        )
        subject = safe_name(decode_header(inner[1])[:80].replace("/", "-")) if inner else ""
        return f"{subject}.eml" if subject else "message.eml"
    if usual := _USUAL_NAMES.get(part.content_type):
        return usual
    suffix = mimetypes.guess_extension(part.content_type) or ".bin"
    return f"attachment-{at}{suffix}"
