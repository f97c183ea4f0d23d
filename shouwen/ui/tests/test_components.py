"""Components: what they give to the page, and what they never do."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone
from django.utils.translation import override

from shouwen.ui.forms import FormRenderer

UI = Path(__file__).resolve().parents[1]
COTTON = UI / "templates" / "cotton"


def shown(source: str, **context: object) -> str:
    """A piece of template as the browser gets it, in English."""
    request = RequestFactory().get("/list/", {"status": "open"})
    with override("en"):
        from django_cotton.compiler_regex import CottonCompiler

        compiled = CottonCompiler().process(source)
        return engines["django"].from_string(compiled).render(context, request)


class NameForm(forms.Form):
    """A form with help and a field that must be given."""

    default_renderer = FormRenderer
    name = forms.CharField(help_text="As on the papers.")
    agrees = forms.BooleanField(required=False)


class TestText:
    @pytest.mark.parametrize("tag", ["c-badge", "c-chip", "c-button", "c-alert", "c-failed"])
    def test_escapes_what_people_typed(self, tag: str):
        html = shown(f"<{tag}>{{{{ words }}}}</{tag}>", words="<b>x</b>")

        assert "<b>x</b>" not in html
        assert "&lt;b&gt;x&lt;/b&gt;" in html

    def test_escapes_attributes_given_to_a_button(self):
        html = shown('<c-button data-copy="{{ words }}">x</c-button>', words='"><script>')

        assert "<script>" not in html


class TestButton:
    def test_is_a_plain_button_that_sends_nothing_by_default(self):
        assert 'type="button"' in shown("<c-button>Save</c-button>")

    def test_is_a_link_when_it_has_an_address(self):
        html = shown('<c-button href="/x/">Open</c-button>')

        assert '<a href="/x/"' in html
        assert "<button" not in html

    def test_says_its_name_when_it_shows_only_an_icon(self):
        assert 'aria-label="More"' in shown('<c-button icon="dots" label="More" />')


class TestForms:
    def test_ties_help_and_errors_to_the_input(self):
        html = shown("{{ form }}", form=NameForm({"name": ""}))

        assert 'aria-invalid="true"' in html
        described = re.search(r'<input[^>]*aria-describedby="([^"]+)"', html)
        assert described
        for name in described[1].split():
            assert f'id="{name}"' in html

    def test_gives_inputs_our_classes(self):
        html = shown("{{ form }}", form=NameForm())

        assert re.search(r'<input type="text"[^>]*class="form-control"', html)
        assert re.search(r'<input type="checkbox"[^>]*class="form-check-input"', html)

    def test_carries_its_token(self):
        assert "csrfmiddlewaretoken" in shown('<c-form submit="Save" />')


class TestTable:
    def test_leads_to_the_next_rows_and_keeps_the_filters(self):
        html = shown('<c-pagination cursor="abc" />')

        assert 'href="?status=open&amp;after=abc"' in html

    def test_has_no_way_on_at_the_end(self):
        assert 'rel="next"' not in shown('<c-pagination cursor="" count="3" />')


class TestTimes:
    def test_keeps_the_exact_moment_with_the_relative_one(self):
        html = shown('<c-timeago :at="at" />', at=timezone.now() - timedelta(minutes=5))

        assert "5 minutes ago" in html
        assert 'title="20' in html


class TestDialog:
    def test_is_named_by_its_title(self):
        html = shown('<c-dialog id="move" title="Move">x</c-dialog>')

        assert 'aria-labelledby="move-title"' in html
        assert 'id="move-title">Move' in html


class TestFiles:
    def test_components_name_only_icons_of_the_sprite(self):
        icons = json.loads((settings.BASE_DIR / "frontend" / "icons.json").read_text())
        known = {*icons["outline"], *(f"{name}-filled" for name in icons["filled"])}
        used = set()
        for path in settings.PACKAGE_DIR.glob("*/**/templates/**/*.html"):
            used |= set(re.findall(r'<c-icon name="([a-z0-9-]+)"', path.read_text()))
            used |= set(re.findall(r'<c-[a-z-]+[^>]*\sicon="([a-z0-9-]+)"', path.read_text()))

        assert used - known == set()

    def test_every_component_says_what_it_is(self):
        silent = [one.name for one in COTTON.glob("*.html") if not one.read_text().startswith("{#")]

        assert silent == []

    def test_comments_end_on_their_line(self):
        # Django shows a comment that runs over two lines as text.
        texts = {one: one.read_text() for one in UI.glob("templates/**/*.html")}
        open_ones = [
            str(path.name)
            for path, text in texts.items()
            for line in text.splitlines()
            if line.count("{#") != line.count("#}")
        ]

        assert open_ones == []
