"""One form for every phone number, mail address and IM id, so that one person has one file."""

import re
import unicodedata
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

HOME_REGION = "CN"
LONGEST = 254
_EXTENSION = re.compile(r"(?:转|分机号?|ext\.?|#)+\s*(\d{1,6})\s*$", re.IGNORECASE)
# Chinese mobiles, also with the zero that some exchanges put before them.
_MOBILE = re.compile(r"^(?:0?|0?0?86)(1[3-9]\d{9})$")


class Unreadable(ValueError):
    """This is no phone number, mail address or IM id."""


def digits_of(text: str) -> str:
    """Only the digits."""
    return "".join(c for c in text if c.isascii() and c.isdigit())


def normalise_phone(value: str) -> str:
    """E.164, with `x` and the extension if there is one; service and local numbers as digits.

    Numbers without a country code are Chinese. Raises Unreadable if it has fewer than 3 digits
    or more than any number has.
    """
    text = unicodedata.normalize("NFKC", value).strip().removeprefix("tel:")
    extension = ""
    if match := _EXTENSION.search(text):
        text, extension = text[: match.start()], f"x{match.group(1)}"
    digits = digits_of(text)
    if not 3 <= len(digits) <= 18 or re.search(r"[^\W\d_]", text):
        raise Unreadable(value)
    return _e164(text, digits) + extension


def _e164(text: str, digits: str) -> str:
    if match := _MOBILE.match(digits):
        return f"+86{match.group(1)}"
    parsed = _parse(text)
    if parsed is not None and _is_whole(parsed, text):
        return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    return digits


def _is_whole(parsed: PhoneNumber, text: str) -> bool:
    """A real number; of those written with their country code we believe any of fitting length."""
    if phonenumbers.is_valid_number(parsed):
        return True
    return text.startswith("+") and phonenumbers.is_possible_number(parsed)


def _parse(text: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, HOME_REGION)
    except NumberParseException:
        return None


def normalise_mail(value: str) -> str:
    """Lower case, the host in its ASCII form. Raises Unreadable if it has no two sides of an @."""
    text = unicodedata.normalize("NFKC", value).strip().strip("<>").removeprefix("mailto:")
    local, _at, host = text.lower().rpartition("@")
    host = host.rstrip(".")
    if not local or not host or len(text) > LONGEST or re.search(r"[\s<>\x00-\x1f]", text):
        raise Unreadable(value)
    try:
        return f"{local}@{host.encode('idna').decode()}"
    except UnicodeError:
        raise Unreadable(value) from None


def normalise_im(value: str) -> str:
    """The id without blanks around it; capitals matter on some services and stay."""
    text = unicodedata.normalize("NFC", value).strip()
    if not text or len(text) > LONGEST or not text.isprintable():
        raise Unreadable(value)
    return text


def normalise(kind: str, value: str) -> str:
    """The one form of a contact point. Raises Unreadable."""
    forms = {"phone": normalise_phone, "mail": normalise_mail, "im": normalise_im}
    return forms[kind](value)


@lru_cache(maxsize=4096)
def phone_parts(normalised: str) -> tuple[str, str]:
    """Area or country code and the rest: ("021", "55551234"); a Chinese mobile has no area."""
    parsed = _parse(normalised.partition("x")[0]) if normalised.startswith("+") else None
    if parsed is None:
        return "", normalised.partition("x")[0]
    national = phonenumbers.national_significant_number(parsed)
    if parsed.country_code != phonenumbers.country_code_for_region(HOME_REGION):
        return f"+{parsed.country_code}", national
    if phonenumbers.number_type(parsed) == PhoneNumberType.FIXED_LINE:
        length = phonenumbers.length_of_geographical_area_code(parsed)
        return (f"0{national[:length]}", national[length:]) if length else ("", national)
    return "", national


def phone_in_clear(normalised: str) -> str:
    """As one dials it at home: 13800137719, 021-55551234, +1-2025550123, with 转 for an extension."""
    area, local = phone_parts(normalised)
    _number, _x, extension = normalised.partition("x")
    shown = f"{area}-{local}" if area else local
    return f"{shown} 转 {extension}" if extension else shown
