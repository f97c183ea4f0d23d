"""How personal data looks to those who may not see it in clear. Pure functions. [D423]"""

from shouwen.customers.normalising import phone_parts

HIDDEN = "****"
SHORTEST_SHOWN = 7
MOBILE_LENGTH = 11


def mask_name(name: str) -> str:
    """First and last character stay of three or more: 周*兰; of two the first: 周*.

    Latin names keep the first letter of each word: J*** S***.
    """
    text = name.strip()
    if text.isascii():
        return " ".join(f"{word[0]}***" for word in text.split())
    if len(text) <= 2:
        return f"{text[:1]}*"
    return f"{text[0]}{'*' * min(len(text) - 2, 3)}{text[-1]}"


def mask_phone(normalised: str) -> str:
    """138****7719; others keep their area code and last four digits: 021-****1234, ****8820.

    Numbers with fewer than seven digits are hidden whole.
    """
    area, local = phone_parts(normalised)
    if len(local) < SHORTEST_SHOWN:
        return HIDDEN
    if area:
        return f"{area}-{HIDDEN}{local[-4:]}"
    head = local[:3] if len(local) == MOBILE_LENGTH else ""
    return f"{head}{HIDDEN}{local[-4:]}"


def mask_mail(address: str) -> str:
    """z***@x.com: the first letter and the host stay."""
    local, _at, host = address.rpartition("@")
    return f"{local[:1]}***@{host}"


def mask_im(identifier: str) -> str:
    """The first and last characters stay of ids longer than four: wx***7."""
    if len(identifier) <= 4:
        return HIDDEN
    return f"{identifier[:2]}***{identifier[-1]}"


def mask_contact(kind: str, normalised: str) -> str:
    """A contact point of any kind, masked."""
    masks = {"phone": mask_phone, "mail": mask_mail}
    return masks.get(kind, mask_im)(normalised)
