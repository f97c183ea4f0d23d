"""Chinese numbers as they stand before chapters and articles: 十二, 二十, 一百零三."""

DIGITS = "零一二三四五六七八九"
UNITS = {"十": 10, "百": 100}
LIMIT = 999


def in_chinese(number: int) -> str:
    """12 -> 十二, 103 -> 一百零三; beyond 999 the figures themselves."""
    if not 0 < number <= LIMIT:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    head = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        middle = "十" if tens == 1 and not hundreds else f"{DIGITS[tens]}十"
    else:
        middle = "零" if hundreds and ones else ""
    return head + middle + (DIGITS[ones] if ones else "")


def from_chinese(text: str) -> int:
    """十二 -> 12, 12 -> 12; 0 for what is no number."""
    if text.isascii() and text.isdigit():
        return int(text[:4])
    total = last = 0
    for sign in text:
        if sign in UNITS:
            total += (last or 1) * UNITS[sign]
            last = 0
        elif sign in DIGITS:
            last = DIGITS.index(sign)
        else:
            return 0
    return total + last
