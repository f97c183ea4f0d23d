"""HTML of mails: cleaned for the screen, and turned into lines of text that know what is quoted."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html import escape
from typing import Protocol

import nh3
from lxml import etree

from shouwen.mailroom.carriers.email.lines import Line, text_of_lines

MAX_HTML = 600_000
MAX_DEPTH = 250
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt"),
    *("fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
    *("html", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot"),
    *("thead", "tr", "ul", "includetail", "caption"),
}
_SPACED = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "blockquote"}
_HIDDEN = {"script", "style", "head", "title", "template", "noscript", "object", "xml"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "wbr"}
# Ids and classes that mailers put on what they quote: the element, or all that follows it.
_QUOTE_CLASSES = re.compile(
    r"gmail_quote|yahoo_quoted|yahoo-quoted|moz-cite-prefix|moz-forward-container|ntes_quote"
    r"|isReplyContent|protonmail_quote|zmail_extra|tutanota_quote|OutlookMessageHeader"
    r"|ox-[0-9a-f]*-?reply|qmbox_quote|WordSection1_quote|__aliyun_previous",
    re.I,
)
_QUOTE_FOLLOWS = re.compile(
    r"divRplyFwdMsg|appendonsend|mail-editor-reference-message-container|reply-intro|stopSpelling"
    r"|isReplyContent|ntes_reply|OLK_SRC_BODY_SECTION|yahoo_quoted|qm_line|divtagdefaultreply",
    re.I,
)
_SIGNATURE_CLASSES = re.compile(
    r"gmail_signature|moz-signature|protonmail_signature|ntes_signature|foxmail_sign"
    r"|_FoxSign|mobile_?signature|apple-signature|ms-outlook-mobile-signature|xm_signature",
    re.I,
)
_SPACE = re.compile(r"[ \t\r\n\f\u00a0\u200b\ufeff\u00ad]+")
_STYLE_PROPERTIES = {
    *("color", "background-color", "font-family", "font-size", "font-style", "font-weight"),
    *("line-height", "text-align", "text-decoration", "text-indent", "vertical-align"),
    *("white-space", "margin", "margin-left", "margin-right", "margin-top", "margin-bottom"),
    *("padding", "padding-left", "padding-right", "padding-top", "padding-bottom"),
    *("border", "border-left", "border-right", "border-top", "border-bottom", "border-color"),
    *("border-collapse", "border-spacing", "width", "max-width", "height", "display"),
}
_FORMATTING = r"a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u"
_OPENS_FORMATTING = re.compile(rf"<(?:{_FORMATTING})[\s>]", re.I)
_CLOSES_FORMATTING = re.compile(rf"</(?:{_FORMATTING})\s*>", re.I)
_REMOTE = "remote-picture:"


def clean_html(html: str) -> str:
    """HTML that is safe to show.

    Remote pictures keep their address in `data-remote-src` only, since loading them would tell the
    sender who reads; `src="cid:..."` stays for the caller to replace. HTML too tangled to be
    cleaned in reasonable time comes back as its text.
    """
    if is_tangled(html):
        return html_of_text(text_of_html(html))
    cleaned = nh3.clean(
        html[:MAX_HTML],
        tags=nh3.ALLOWED_TAGS | {"font", "u", "s", "big"},
        attributes=_allowed_attributes(),
        attribute_filter=_kept_attribute,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        filter_style_properties=_STYLE_PROPERTIES,
        link_rel="noopener noreferrer nofollow",
    )
    return cleaned.replace(f' src="{_REMOTE}', ' data-remote-src="').strip()


def is_tangled(html: str) -> bool:
    """Whether elements nest so deep, or stay open in such number, that cleaning would take long."""
    if html.count("<") <= MAX_DEPTH:
        return False
    considered = html[:MAX_HTML]
    opened = len(_OPENS_FORMATTING.findall(considered))
    if opened - len(_CLOSES_FORMATTING.findall(considered)) > MAX_DEPTH:
        return True
    meter = _DepthMeter()
    _feed(meter, considered)
    return meter.deepest > MAX_DEPTH


def _allowed_attributes() -> dict[str, set[str]]:
    common = {"style", "align", "dir", "lang", "title", "width", "height", "valign", "bgcolor"}
    # Nobody follows `cite`, but the cleaner leaves any scheme in it.
    allowed = {tag: set(names) - {"cite"} for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
    for tag in (*nh3.ALLOWED_TAGS, "font", "u", "s", "big"):
        allowed[tag] = allowed.get(tag, set()) | common
    allowed["img"] |= {"src", "alt"}
    allowed["font"] |= {"color", "face", "size"}
    allowed["table"] |= {"border", "cellpadding", "cellspacing"}
    return allowed


def _kept_attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src":
        address = value.strip()
        if address.lower().startswith("cid:"):
            return address
        return f"{_REMOTE}{address}" if re.match(r"(?:https?:)?//", address, re.I) else None
    return None if name == "style" and "url" in value.lower() else value


def html_of_text(text: str) -> str:
    """Plain text as HTML, for mails that have pictures but no HTML part."""
    return escape(text, quote=False).replace("\n", "<br>\n")


def text_of_html(html: str) -> str:
    """The readable text, quotes marked with `>`."""
    return text_of_lines(lines_of_html(html))


def lines_of_html(html: str) -> list[Line]:
    """The readable lines in their order."""
    reader = _LineReader()
    _feed(reader, html[:MAX_HTML])
    reader.break_line()
    return reader.lines


class _Target(Protocol):
    """What the HTML parser calls while it reads."""

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def data(self, text: str) -> None: ...
    def close(self) -> None: ...


def _feed(target: _Target, html: str) -> None:
    parser = etree.HTMLParser(
        target=target,
        encoding="utf-8",
        no_network=True,
    )
    try:
        parser.feed(html.replace("\0", "").encode("utf-8", "replace") or b"<p></p>")
        parser.close()
    except (etree.LxmlError, ValueError):
        return


class _DepthMeter:
    """Target of the HTML parser: how deep elements nest."""

    def __init__(self) -> None:
        self.depth = 0
        self.deepest = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        self.depth += 1
        self.deepest = max(self.deepest, self.depth)

    def end(self, tag: str) -> None:  # noqa: ARG002
        self.depth -= 1

    def data(self, text: str) -> None:
        """Text has no depth."""

    def close(self) -> None:
        """Nothing is left to do."""


@dataclass
class _Open:
    """What an open element changes for what stands in it."""

    tag: str
    is_quote: bool = False
    is_hidden: bool = False
    is_signature: bool = False
    items: int = 0


@dataclass
class _LineReader:
    """Target of the HTML parser: gathers lines while elements open and close."""

    lines: list[Line] = field(default_factory=list)
    _stack: list[_Open] = field(default_factory=list)
    _open_tags: Counter[str] = field(default_factory=Counter)
    _pieces: list[str] = field(default_factory=list)
    _quotes: int = 0
    _hidden: int = 0
    _signatures: int = 0
    _preformatted: int = 0
    _begins_quote: bool = False
    _wants_blank: bool = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.lower()
        if tag in _BLOCKS:
            self._separate(tag)
        if tag == "br":
            self.break_line(keep_empty=True)
        elif tag in {"td", "th"} and self._pieces:
            self._pieces.append(" ")
        if tag in _VOID:
            self._mark(attributes)
            return
        self._open(tag, attributes)

    def end(self, tag: str) -> None:
        tag = tag.lower()
        if tag in _VOID or not self._open_tags[tag]:
            return
        if tag in _BLOCKS:
            self._separate(tag)
        while self._stack:
            closed = self._stack.pop()
            self._open_tags[closed.tag] -= 1
            self._quotes -= closed.is_quote
            self._hidden -= closed.is_hidden
            self._signatures -= closed.is_signature
            self._preformatted -= closed.tag == "pre"
            if closed.tag == tag:
                return

    def data(self, text: str) -> None:
        if self._hidden:
            return
        if not self._preformatted:
            self._pieces.append(text)
            return
        first, *others = text.replace("\r", "").split("\n")
        self._pieces.append(first.replace(" ", "\u2007"))
        for other in others:
            self.break_line(keep_empty=True)
            self._pieces.append(other.replace(" ", "\u2007"))

    def close(self) -> None:
        self.break_line()

    def break_line(self, *, keep_empty: bool = False) -> None:
        """End the line under way."""
        text = _SPACE.sub(" ", "".join(self._pieces)).replace("\u2007", " ").rstrip()
        text = text if self._preformatted else text.strip()
        self._pieces = []
        if not text and not keep_empty:
            return
        if self._wants_blank and self.lines and self.lines[-1].text and text:
            depth = min(self._quotes, self.lines[-1].quote_depth)
            self.lines.append(Line(">" * depth, depth))
        if text:
            self._wants_blank = False
        begins = self._begins_quote and bool(text)
        self._begins_quote = self._begins_quote and not text
        marked = f"{'>' * min(self._quotes, 50)} {text}".rstrip() if self._quotes else text
        self.lines.append(Line(marked, self._quotes, begins, self._signatures > 0))

    def _separate(self, tag: str) -> None:
        self.break_line()
        if tag in _SPACED:
            self._wants_blank = True

    def _mark(self, attributes: dict[str, str]) -> None:
        marks = f"{attributes.get('id', '')} {attributes.get('class', '')}"
        if _QUOTE_FOLLOWS.search(marks):
            self._begin_quote()

    def _begin_quote(self) -> None:
        self.break_line()
        self._begins_quote = True

    def _mark_open(self, opened: _Open, attributes: dict[str, str]) -> None:
        """Take from id and class whether a quote or a signature begins here."""
        marks = " ".join(attributes.get(name, "") for name in ("id", "class", "name"))
        style = attributes.get("style", "").replace(" ", "").lower()
        opened.is_hidden = opened.is_hidden or "display:none" in style
        opened.is_signature = bool(_SIGNATURE_CLASSES.search(marks))
        if (
            opened.tag == "includetail"
            or _QUOTE_FOLLOWS.search(marks)
            or _QUOTE_CLASSES.search(marks)
        ):
            self._begin_quote()

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        opened = _Open(tag, is_quote=tag == "blockquote", is_hidden=tag in _HIDDEN)
        if attributes:
            self._mark_open(opened, attributes)
        elif tag == "includetail":
            self._begin_quote()
        if opened.is_signature:
            self.break_line()
        self._stack.append(opened)
        self._open_tags[tag] += 1
        self._quotes += opened.is_quote
        self._hidden += opened.is_hidden
        self._signatures += opened.is_signature
        self._preformatted += tag == "pre"
        if tag == "li":
            self._pieces.append(self._bullet())

    def _bullet(self) -> str:
        holder = next((one for one in reversed(self._stack) if one.tag in {"ul", "ol"}), None)
        if holder is None or holder.tag == "ul":
            return "* "
        holder.items += 1
        return f"{holder.items}. "
