"""Bytes to text: charset labels as mailers write them, and guesses where a label is missing or wrong."""

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

# Codecs of Python that are no charsets; a sender must not be able to call them.
_NOT_CHARSETS = {
    *("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"),
    *("mbcs", "oem", "palmos", "unknown_8bit"),
}
_EXACT = {
    "utf8mb4": "utf-8",
    "utf8mb3": "utf-8",
    "unicode11utf8": "utf-8",
    "cp65001": "utf-8",
    "windows65001": "utf-8",
    "unicode11utf7": "utf-7",
    "csunicode11utf7": "utf-7",
    "csgb2312": "gb18030",
    "hzgb2312": "hz",
    "windows31j": "cp932",
    "csiso2022jp": "iso2022_jp_ext",
    "iso88598i": "cp1255",
    "iso88598e": "cp1255",
    "visual": "cp1255",
    "logical": "cp1255",
    "tis620": "cp874",
    "iso885911": "cp874",
    "windows874": "cp874",
    "iso88599": "cp1254",
    "latin5": "cp1254",
    "macintosh": "mac_roman",
    "xmacroman": "mac_roman",
}
# Tried in this order on a label without its dashes, dots and spaces.
_FAMILIES = (
    (re.compile(r"^x?utf8"), "utf-8"),
    (
        re.compile(r"gb_?k|gb_?18030|gb_?2312|^gb|cngb|euccn|936|isoir58|chinese$|chinesegb"),
        "gb18030",
    ),
    (re.compile(r"big_?5|950$|hkscs"), "big5hkscs"),
    (re.compile(r"2022_?jp"), "iso2022_jp_ext"),
    (re.compile(r"2022_?kr"), "iso2022_kr"),
    (re.compile(r"ks_?c_?5601|euc_?kr|949$|korean"), "cp949"),
    (re.compile(r"shift_?jis|sjis|cp932|ms932|ms_?kanji"), "cp932"),
    (re.compile(r"euc_?jp"), "euc_jp"),
    (re.compile(r"koi8_?u"), "koi8_u"),
    (re.compile(r"koi8"), "koi8_r"),
    (re.compile(r"88591$|^latin_?1|^l1$|cp819|ansi$|^iso_?8859$|1252"), "cp1252"),
    (re.compile(r"ascii|^ansix|^iso646|^646$|^cp?367$"), "ascii"),
    (re.compile(r"(?:windows|win|cp|ibm|ms)_?(12\d\d|[78]\d\d)$"), r"cp\1"),
)
_HIGH = re.compile(rb"[\x80-\xff]")
_SAMPLE_BYTES = 16_384
_LABEL_LENGTH = 200


@dataclass(frozen=True)
class DecodedText:
    """Text, the charset it was read with, and whether that was our guess."""

    text: str
    charset: str
    is_guessed: bool = False


def charset_named(label: str) -> str:
    """The Python codec for a label as found in mail; empty if it says nothing.

    GB2312 and GBK become GB18030, Big5 becomes Big5-HKSCS, Latin-1 becomes Windows-1252: each
    is the larger set that mailers mean by the smaller name.
    """
    return _charset_named(label[:_LABEL_LENGTH])


@lru_cache(maxsize=512)
def _charset_named(label: str) -> str:
    lowered = label.strip().strip("\"'").lower()
    lowered = lowered.removeprefix("charset=").split("*", 1)[0]
    compact = re.sub(r"[^a-z0-9_]", "", lowered.split("$", 1)[0].strip(" _"))
    if not compact or compact in {"unknown", "xunknown", "unknown8bit", "8bit", "binary", "none"}:
        return ""
    bare = compact.removeprefix("x")
    if exact := _EXACT.get(compact) or _EXACT.get(bare):
        return exact
    for pattern, codec in _FAMILIES:
        if match := pattern.search(bare):
            return match.expand(codec)
    return _python_codec(lowered)


def decode_text(raw: bytes, label: str = "") -> DecodedText:
    """Read bytes under a label that may be wrong, missing or unknown. Never fails."""
    if b"\0" not in raw and raw.isascii() and not _needs_its_codec(raw, label):
        return DecodedText(raw.decode("ascii"), "ascii")
    charset = charset_named(label)
    if charset.startswith(("utf_16", "utf-16", "utf_32", "utf-32")) and raw[:64].count(0) < 2:
        charset = ""
    if raw.startswith(codecs.BOM_UTF8):
        return DecodedText(raw[3:].decode("utf-8", "replace"), "utf-8")
    if charset in {"", "ascii"}:
        return _decoded_by_guess(raw)
    return _decoded_by_label(raw, charset)


def _needs_its_codec(raw: bytes, label: str) -> bool:
    if b"\x1b" in raw:
        return True
    charset = charset_named(label) if label else ""
    return charset in {"utf-7", "hz"} or charset.startswith(("utf_16", "utf_32"))


def _python_codec(name: str) -> str:
    try:
        found = codecs.lookup(re.sub(r"[^a-z0-9_.:-]", "", name)).name
        b"".decode(found)
    except (LookupError, ValueError):
        return ""
    return "" if found.replace("-", "_") in _NOT_CHARSETS else found


def _decoded_by_label(raw: bytes, charset: str) -> DecodedText:
    truth = _charset_behind(raw, charset)
    text = _strictly(raw, truth)
    if text is not None:
        return DecodedText(text, truth, truth != charset)
    if truth == "cp1252":
        return DecodedText(_as_western(raw), truth)
    guess = guess_charset(raw)
    if guess != "cp1252" and guess != charset:
        return DecodedText(raw.decode(guess, "replace"), guess, is_guessed=True)
    return DecodedText(raw.decode(charset, "replace"), charset, is_guessed=True)


def _charset_behind(raw: bytes, charset: str) -> str:
    """The charset to try first: the label's, unless the bytes plainly say otherwise."""
    if charset in {"utf-8", "utf-7", "hz"} or charset.startswith(("iso2022", "utf")):
        return charset
    if not _HIGH.search(raw):
        return charset
    text = _strictly(raw, "utf-8")
    if text is not None and (charset == "cp1252" or any(sign >= "\u0800" for sign in text)):
        return "utf-8"
    if charset == "cp1252" and _double_byte_charset(raw, least=0.9, least_signs=4) == "gb18030":
        return "gb18030"
    return charset


def _decoded_by_guess(raw: bytes) -> DecodedText:
    if b"\x1b$" in raw or b"\x1b(" in raw:
        return DecodedText(
            raw.decode("iso2022_jp_ext", "replace"), "iso2022_jp_ext", is_guessed=True
        )
    charset = guess_charset(raw)
    if charset == "cp1252":
        return DecodedText(_as_western(raw), charset, is_guessed=True)
    return DecodedText(raw.decode(charset, "replace"), charset, is_guessed=charset != "utf-8")


def guess_charset(raw: bytes) -> str:
    """The likeliest charset of 8-bit text without a label: UTF-8, then Chinese, then Western."""
    text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = 0
    if broken:
        whole = sum(1 for sign in text[:_SAMPLE_BYTES] if sign > "\x7f" and sign != "\ufffd")
    if not broken or whole > 4 * broken:
        return "utf-8"
    return _double_byte_charset(raw, least=0.6, least_signs=1) or "cp1252"


def _double_byte_charset(raw: bytes, *, least: float, least_signs: int) -> str:
    best, best_score = "", least
    for charset in ("gb18030", "big5hkscs", "cp932"):
        text = _strictly(raw[:_SAMPLE_BYTES], charset, cut_at_end=True)
        if text is None:
            continue
        signs = [sign for sign in text if sign > "\x7f"]
        if len(signs) < least_signs:
            continue
        score = sum(_is_common(sign, charset) for sign in signs) / len(signs)
        if score > best_score:
            best, best_score = charset, score
    return best


def _is_common(sign: str, charset: str) -> bool:
    """Whether a sign is frequent in texts of that charset: level-one hanzi, marks, kana."""
    if charset == "cp932":
        return "\u3040" <= sign <= "\u30ff" or "\u3000" <= sign <= "\u3002"
    codec, first, last = ("gb2312", 0xB0, 0xD7) if charset == "gb18030" else ("big5", 0xA4, 0xC6)
    try:
        lead = sign.encode(codec)[0]
    except UnicodeEncodeError:
        return False
    return first <= lead <= last or 0xA1 <= lead <= 0xA3


def _strictly(raw: bytes, charset: str, *, cut_at_end: bool = False) -> str | None:
    """The text, or None if a byte does not fit; `cut_at_end` forgives a sign cut in two."""
    try:
        return raw.decode(charset)
    except UnicodeDecodeError as broken:
        if cut_at_end and len(raw) - broken.start < 4 and broken.start:
            return _strictly(raw[: broken.start], charset)
    except (UnicodeError, LookupError):
        pass
    return None


def _as_western(raw: bytes) -> str:
    text = _strictly(raw, "cp1252")
    return raw.decode("latin-1") if text is None else text
