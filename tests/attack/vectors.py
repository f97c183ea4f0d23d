"""Ways to run a script from HTML, written for this product from how browsers read pages."""

from collections.abc import Iterator

TAGS = (
    "a", "audio", "b", "body", "blockquote", "br", "button", "center", "details", "dialog", "div", "embed",
    "font", "form", "frameset", "h1", "html", "iframe", "img", "image", "input", "isindex", "keygen", "li",
    "link", "marquee", "math", "meta", "object", "p", "portal", "pre", "select", "span", "style", "svg",
    "table", "td", "textarea", "video", "x", "custom-element",
)  # fmt: skip
EVENTS = (
    "onload", "onerror", "onclick", "onfocus autofocus tabindex=1", "onmouseover", "ontoggle open", "onpageshow",
    "onanimationstart", "onbegin", "onstart", "onscroll", "onbeforetoggle", "onauxclick", "onformdata",
    "onpointerrawupdate", "onsecuritypolicyviolation", "oncontentvisibilityautostatechange",
)  # fmt: skip
BAD = "<img src=x: onerror=xss()>"
SCHEMES = (
    "javascript:xss()", "JaVaScRiPt:xss()", " javascript:xss()", "\x01javascript:xss()", "java\tscript:xss()",
    "java\nscript:xss()", "java&Tab;script:xss()", "java&NewLine;script:xss()", "javascript&colon;xss()",
    "&#106;avascript:xss()", "&#x6a;avascript:xss()", "&#0000106avascript:xss()", "javascript://%0axss()",
    "data:text/html,<script>parent.xss()</script>", "data:text/html;base64,PHNjcmlwdD54c3MoKTwvc2NyaXB0Pg==",
    "vbscript:xss()", "feed:javascript:xss()", "view-source:javascript:xss()", "jar:javascript:xss()",
    "//evil.example/x", "http://evil.example/x", "cid:x\" onerror=\"xss()", "cid:x'onerror='xss()",
    "https://a/\" onerror=\"xss()", "http://[::1\" onerror=xss() x=\"", "\u2028javascript:xss()",
    "ｊavascript:xss()", "javascript\u200b:xss()",
)  # fmt: skip
HOLDERS = (
    '<a href="{}">x</a>', "<a href='{}'>x</a>", '<img src="{}">', '<image src="{}">', '<iframe src="{}"></iframe>',
    '<embed src="{}">', '<object data="{}"></object>', '<form action="{}"><input type=submit></form>',
    '<button formaction="{}">x</button>', '<a xlink:href="{}">x</a>', '<svg><a href="{}"><text>x</text></a></svg>',
    '<svg><use href="{}"/></svg>', '<svg><image href="{}"/></svg>', '<math href="{}">x</math>',
    '<area href="{}">', '<base href="{}">', '<meta http-equiv=refresh content="0;url={}">',
    '<link rel=stylesheet href="{}">', '<img srcset="{} 1x">', '<img lowsrc="{}">', '<video poster="{}"></video>',
    '<video><source src="{}"></video>', '<audio src="{}"></audio>', '<body background="{}">',
    '<table background="{}"><tr><td background="{}">', '<input type=image src="{}">', '<q cite="{}">x</q>',
    '<a ping="{}" href="#">x</a>', '<img longdesc="{}" usemap="{}">', '<bgsound src="{}">', '<frame src="{}">',
    '<div style="background:url({})">x</div>', '<p style="background-image:url(\'{}\')">x</p>',
    '<div style="list-style-image:url({});content:url({})">x</div>', '<style>@import "{}";</style>',
    '<style>*{background:url({})}</style>', '<isindex action="{}">', '<svg><animate xlink:href="#x" values="{}">',
    '<a style="color:red" href="{}" target=_blank>x</a>', '<img src=cid:1 data-remote-src="{}">',
)  # fmt: skip
CONTAINERS = (
    "noscript", "noembed", "noframes", "xmp", "plaintext", "listing", "title", "textarea", "style", "script",
    "template", "iframe", "select", "option", "svg", "math", "math><mtext", "math><annotation-xml encoding=text/html",
    "svg><foreignObject", "svg><desc", "svg><title", "svg><style", "math><style", "table", "table><caption",
    "colgroup", "frameset", "head", "object", "applet", "marquee", "dialog open", "details open", "fieldset",
    "ruby><rtc", "image", "isindex", "nobr", "form><form", "button><button", "a><a href=#",
)  # fmt: skip
# Words that one parser takes for text and another for elements.
BORDERS = (
    "<!--><BAD>-->", "<!---><BAD>-->", "<!-- --!><BAD> -->", "<!--[if gte IE 4]><BAD><![endif]-->", "<!-- -- ><BAD>-->",
    "<![CDATA[><BAD>]]>", "<?xml version='1.0'?><BAD>", "<? foo='><BAD>'>", "<!DOCTYPE x [<!ENTITY y '<BAD>'>]>&y;",
    "<!foo='><BAD>'>", "</ foo='><BAD>'>", "<%foo><BAD>%>", "<a <BAD>", "<a foo=x' bar='><BAD>", "<<BAD>", "<\x00BAD>",
    "<p title='</p><BAD>'>", '<p title="</noscript><BAD>">', '<p title="--><BAD>">', "<p title=`<BAD>`>",
    "<math><mtext><table><mglyph><style><!--</style><p title=\"--&gt;BAD\">",
    "<form><math><mtext></form><form><mglyph><style></math><BAD>",
    "<svg></p><style><a title=\"</style><BAD>\">", "<math></p><style><!--</style><BAD>--></style></math>",
    "<noscript><style></noscript><BAD></style>", "<svg><style>&lt;BAD&gt;</style></svg>",
    "<svg><style><!--</style><BAD>-->", "<table><style></table><BAD></style></table>",
    "<select><style></select><BAD></style></select>", "<textarea></textarea><BAD></textarea>",
    "<title></title><BAD></title>", "<xmp></xmp><BAD></xmp>", "<template><p title='</template><BAD>'>",
    "<svg><![CDATA[<p title=\"]]></svg><BAD>\">", "<svg><title><![CDATA[</title><BAD>]]>", "<s <BAD>", "<b/<BAD>",
    "<img src='a\u3000' <BAD>", "<listing>&lt;BAD&gt;</listing>", "<pre>&lt;BAD&gt;</pre>",
    "&lt;BAD&gt;", "&amp;lt;BAD&amp;gt;", "<p>" * 300 + "<BAD>", "<font><p><table><b><BAD></font></b>",
    "<table><tr><td><form><table><BAD></form></table>", "<nobr><nobr><b><BAD></nobr>", "\ufeff<BAD>", "+ADw-img onerror+AD0-xss()+AD4-",
    "<p style='x:expression(xss())'>x</p>", "<p style='-moz-binding:url(x)'>x</p>", "<p style='behavior:url(x)'>x</p>",
    "<p style='animation:x 1s' onanimationstart=xss()>x</p>", "<p style=\"width:1px;}</style><BAD>\">x</p>",
    "<p style='color:red\" onclick=\"xss()'>x</p>", "<p title='\" onmouseover=\"xss()\" x=\"'>x</p>",
    "<p title=\"' onmouseover='xss()' x='\">x</p>", "<p lang='`onmouseover=xss()'>x</p>", "<p dir=\"x\x0bonclick=xss()\">x</p>",
    "<img src=\"remote-picture:x\" alt=\"\"><p title=' src=\"remote-picture:\" onerror=\"xss()\"'>",
    "<p title=' src=\"remote-picture:x onerror=xss() '>x</p>", "<img alt=' src=\"remote-picture:' src=http://evil.example/>",
    "<img src='https://evil.example/\" onerror=\"xss()'>", "<img src='//evil.example/x.png'>", "<img src='http:evil.example'>",
)  # fmt: skip


def forms(tag: str, event: str) -> Iterator[str]:
    """One event on one element, in the ways that readers of HTML disagree about."""
    name, _space, more = event.partition(" ")
    yield f"<{tag} {name}=xss() {more}>x</{tag}>"
    yield f"<{tag.upper()}/{name.upper()}\t=\n'xss()' {more}>x"
    yield f'<{tag} title="x"{name}=&#120;ss() {more}>x</{tag}>'


def _vectors() -> Iterator[str]:
    for holder in HOLDERS:
        for scheme in SCHEMES:
            yield holder.replace("{}", scheme)
    for container in CONTAINERS:
        yield f"<{container}>{BAD}"
        yield f'<{container}><p title="</{container.split(">")[0].split(" ")[0]}>{BAD}">'
        yield f"<{container}><!--</{container.split('>')[-1].split(' ')[0]}>{BAD}-->"
    for border in BORDERS:
        yield border.replace("<BAD>", BAD).replace("BAD", BAD[1:-1])


VECTORS = tuple(_vectors())
