"""HTML of mails: cleaned for the screen, and turned into lines of text that know what is quoted."""

import re
from dataclasses import dataclass, field
from html import escape

import nh3
from lxml import etree

from shouwen.mailroom.carriers.email.lines import Line, text_of_lines

MAX_HTML = 1_000_000
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
_REMOTE_SOURCE = re.compile(r"""(<img\b[^>]{0,2000}?\s)src(\s*=\s*["']?\s*(?:https?:)?//)""", re.I)
"""The source of a picture that lies elsewhere: loading it would tell the sender who reads."""


def clean_html(html: str) -> str:
    """HTML that is safe to show. Remote pictures keep their address in `data-remote-src` only;
    `src="cid:..."` stays for the caller to replace.
    """
    marked = _REMOTE_SOURCE.sub(r"\1data-remote-src\2", html[:MAX_HTML])
    return nh3.clean(
        marked,
        tags=nh3.ALLOWED_TAGS | {"font", "u", "s", "big"},
        attributes=_allowed_attributes(),
        attribute_filter=_kept_attribute,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        filter_style_properties=_STYLE_PROPERTIES,
        link_rel="noopener noreferrer nofollow",
    ).strip()


def _allowed_attributes() -> dict[str, set[str]]:
    common = {"style", "align", "dir", "lang", "title", "width", "height", "valign", "bgcolor"}
    allowed = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
    for tag in (*nh3.ALLOWED_TAGS, "font", "u", "s", "big"):
        allowed[tag] = allowed.get(tag, set()) | common
    allowed["img"] |= {"src", "alt", "data-remote-src"}
    allowed["font"] |= {"color", "face", "size"}
    allowed["table"] |= {"border", "cellpadding", "cellspacing"}
    return allowed


def _kept_attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src":
        return value if value.strip().lower().startswith("cid:") else None
    if name == "data-remote-src" and not re.match(r"\s*(?:https?:)?//", value, re.I):
        return None
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
    parser = etree.HTMLParser(target=reader, encoding="utf-8", huge_tree=True, no_network=True)
    encoded = html[:MAX_HTML].replace("\0", "").encode("utf-8", "replace")
    try:
        parser.feed(encoded or b"<p></p>")
        parser.close()
    except (etree.LxmlError, ValueError):
        reader.break_line()
    return reader.lines


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
    _buffer: str = ""
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
        if tag in _VOID or tag not in {opened.tag for opened in self._stack}:
            return
        if tag in _BLOCKS:
            self._separate(tag)
        while self._stack:
            closed = self._stack.pop()
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

    def close(self) -> list[Line]:
        self.break_line()
        return self.lines

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
        marked = f"{'>' * self._quotes} {text}".rstrip() if self._quotes else text
        self.lines.append(Line(marked, self._quotes, begins, self._signatures > 0))

    def _separate(self, tag: str) -> None:
        self.break_line()
        if tag in _SPACED:
            self._wants_blank = True

    def _mark(self, attributes: dict[str, str]) -> None:
        marks = f"{attributes.get('id', '')} {attributes.get('class', '')}"
        if _QUOTE_FOLLOWS.search(marks):
            self.break_line()
            self._begins_quote = True

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        marks = " ".join((attributes.get("id", ""), attributes.get("class", ""), attributes.get("name", "")))
        opened = _Open(
            tag,
            is_quote=tag == "blockquote",
            is_hidden=tag in _HIDDEN or "display:none" in attributes.get("style", "").replace(" ", ""),
            is_signature=bool(_SIGNATURE_CLASSES.search(marks)),
        )
        if _QUOTE_FOLLOWS.search(marks) or _QUOTE_CLASSES.search(marks) or tag == "includetail":
            self.break_line()
            self._begins_quote = True
        if opened.is_signature:
            self.break_line()
        self._stack.append(opened)
        self._quotes += opened.is_quote
        self._hidden += opened.is_hidden
        self._signatures += opened.is_signature
        self._preformatted += tag == "pre"
        if tag == "li":
            self._pieces.append(self._bullet())

    def _bullet(self) -> str:
        lists = [opened for opened in self._stack if opened.tag in {"ul", "ol"}]
        if not lists or lists[-1].tag == "ul":
            return "* "
        lists[-1].items += 1
        return f"{lists[-1].items}. "
