"""The visitor's chat: its page, the script that puts it on other websites, and a website to try it on."""

import json
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from shouwen.accounts.decorators import open_to_all
from shouwen.conversations.models import WidgetSite
from shouwen.conversations.queries.visitors import active_site

SCRIPT_SECONDS = 300
ORIGIN = re.compile(r"^https?://(\*\.)?[a-z0-9.-]+(:\d{1,5})?$", re.IGNORECASE)


def _site(site_key: str) -> WidgetSite:
    site = active_site(site_key)
    if site is None:
        raise Http404
    return site


def _origins(site: WidgetSite) -> list[str]:
    """The origins that may show this widget; what is no origin is left out."""
    return [one for one in site.origins() if ORIGIN.match(one)]


@open_to_all("visitors have no account")
@require_safe
@xframe_options_exempt
def page(request: HttpRequest, site_key: str) -> HttpResponse:
    """The chat itself: in a frame on the site's own pages, or a page of its own behind a QR code.

    Only the site's origins may frame it (V3.4.6, V3.5.5).
    """
    site = _site(site_key)
    context = {"site": site, "config": _config(site)}
    response = render(request, "conversations/widget.html", context)
    frames = ["'self'", *_origins(site)]
    response._csp_replace = {"frame-ancestors": frames}  # type: ignore[attr-defined]
    response["Cache-Control"] = "no-cache"
    return response


def _config(site: WidgetSite) -> dict[str, object]:
    """What the page's script needs, texts included: nothing a person reads stands in the script."""
    base = reverse("conversations:widget", args=[site.key])
    names = ("session", "lines", "files", "read", "typing", "contact", "leave")
    return {
        "key": site.key,
        "name": site.title,
        "origins": _origins(site),
        "urls": {name: base + name for name in names} | {"socket": f"/ws/widget/{site.key}"},
        "lineLimit": settings.LINE_LENGTH_LIMIT,
        "fileLimit": settings.FILE_SIZE_LIMIT,
        "texts": _status_texts() | _line_texts() | _form_texts(),
    }


def _status_texts() -> dict[str, str]:
    return {
        "there": _("Online"),
        "away": _("Away, please leave a message"),
        "served_by": _("Responsible for you to the end · {name}"),
        "ahead": _("{n} ahead of you"),
        "next": _("You are next"),
        "wait": _(", about {time} to wait"),
        "seconds": _("{n} seconds"),
        "minutes": _("{n} minutes"),
        "left": _("We have your message and will answer as soon as we can."),
        "typing": _("{name} is typing"),
        "closed": _("This conversation has ended."),
        "reconnecting": _("The network is interrupted, reconnecting…"),
        "gone": _("This chat is not available. Please reload the page or come back later."),
    }


def _line_texts() -> dict[str, str]:
    return {
        "you": _("You"),
        "read": _("Read"),
        "sending": _("Sending…"),
        "sent": _("Sent"),
        "failed": _("Not sent."),
        "resend": _("Send again"),
        "discard": _("Discard"),
        "uploading": _("Uploading…"),
        "recalled": _("A message was recalled."),
        "recalled_own": _("You recalled a message."),
        "open_picture": _("Show the picture"),
        "close": _("Close"),
        "voice": _("Voice message"),
        "play_voice": _("Play the voice message"),
        "pause_voice": _("Pause the voice message"),
    }


def _form_texts() -> dict[str, str]:
    return {
        "over": _("{n} characters too many; {limit} at most"),
        "too_large": _("A file may have at most {size}. Please send a smaller one."),
        "voice_short": _("Too short. Please speak, then press Send."),
        "no_microphone": _("The microphone cannot be used. Please allow it in the browser."),
        "need_words": _("Please write what it is about."),
        "need_reach": _("Please leave a phone number or mail address, so that we can answer."),
    }


@open_to_all("other websites load it")
@require_safe
def script(request: HttpRequest, site_key: str) -> HttpResponse:
    """The one script tag's script: a button, and the chat in a frame behind it."""
    del request
    site = _site(site_key)
    about = {
        "key": site.key,
        "origin": settings.PUBLIC_URL,
        "texts": {
            "open": _("Talk to us"),
            "close": _("Close the chat"),
            "unread": _("Talk to us, {n} new messages"),
            "title": site.title,
        },
    }
    # U+2028 and U+2029 are escaped by json; "</" cannot end anything in a file of its own.
    words = f"(()=>{{const shouwenSite={json.dumps(about)};{_loader()}}})();"
    response = HttpResponse(words, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={SCRIPT_SECONDS}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _loader() -> str:
    path = finders.find("dist/widget-loader.js")
    if not isinstance(path, str):
        raise Http404
    return _text_of(path, Path(path).stat().st_mtime)


@cache
def _text_of(path: str, _changed_at: float) -> str:
    return Path(path).read_text(encoding="utf-8")


@open_to_all("a website to try the widget on; it shows nothing of ours")
@require_safe
def demo(request: HttpRequest, site_key: str) -> HttpResponse:
    """A property company's home page that carries the widget by its one script tag."""
    return render(request, "conversations/widget_demo.html", {"site": _site(site_key)})
