"""The gallery shows everything to staff, the error pages stand alone, the language is kept."""

import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from shouwen.accounts.tests.factories import StaffFactory
from tests.architecture.layout import ROOT

TEMPLATES = ROOT / "shouwen" / "ui" / "templates"
# Parts of the page shell, drawn by <c-page> and <c-public-page>; error pages are tested below.
SHELL = {
    "head", "language-switch", "page-end", "rail", "rail-me", "rail-menu", "theme-switch", "error-page",
}  # fmt: skip
ERRORS = ["400", "403", "403_csrf", "404", "500", "503"]


@pytest.fixture
def staff_client(client: Client, db: None) -> Client:
    client.force_login(StaffFactory())
    return client


class TestGallery:
    def test_is_closed_to_people_who_are_not_signed_in(self, client: Client, db: None):
        assert client.get(reverse("ui:gallery")).status_code == 302

    def test_is_shown_to_staff_without_inline_style_or_script(self, staff_client: Client):
        html = staff_client.get(reverse("ui:gallery")).content.decode()

        assert html.lstrip().startswith("<!doctype html>")
        assert not re.search(r"\sstyle=|\son(click|load|change|submit)=|<style", html)
        assert not re.search(r"<script(?![^>]*src=)", html)
        assert "{#" not in html
        assert "<c-" not in html

    def test_has_each_component(self):
        names = {one.stem for one in (TEMPLATES / "cotton").glob("*.html")} - SHELL
        pages = "".join(one.read_text() for one in (TEMPLATES / "ui").rglob("*.html"))

        used = set(re.findall(r"<c-([a-z-]+)", pages))

        assert names - used == set()

    def test_shows_the_public_page(self, staff_client: Client):
        html = staff_client.get(reverse("ui:public_gallery")).content.decode()

        assert "sw-public-main" in html
        assert "sw-rail" not in html


class TestErrorPages:
    @pytest.mark.parametrize("name", ERRORS)
    def test_stand_alone_in_both_languages(self, name: str):
        html = render_to_string(f"{name}.html")

        assert 'lang="zh-Hans"' in html
        assert 'lang="en"' in html
        assert "返回首页" in html


class TestLanguage:
    def test_is_kept_in_this_browser(self, client: Client):
        client.post(reverse("ui:choose_language"), {"language": "en", "next": "/"})

        assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"

    def test_is_not_changed_by_following_a_link(self, client: Client):
        assert client.get(reverse("ui:choose_language")).status_code == 405
