"""What every answer carries and every change asks for, tried on every address (ASVS V3.3, V3.4, V3.5)."""

import itertools
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass

import pytest
from django.http import HttpResponse

from shouwen.api.tests.factories import bearer, make_key
from shouwen.conversations.models import WidgetSite
from tests.attack.addresses import Address, operations, pages
from tests.attack.browser import Browser, text_of
from tests.attack.rules import WORDS
from tests.attack.watching import watched_and_undone
from tests.attack.world import SECRETS, World, make_world

pytestmark = pytest.mark.django_db
EVIL = "https://evil.example"
# What would run or style without the policy's leave.
OWN_SCRIPT = re.compile(
    r"\s(?:style|on[a-z]+)=|javascript:|<script(?![^>]*(?:nonce|src|json))[^>]*>"
)
# These take a visitor's token in a header, or a customer's link or ticket in what he sends, instead of
# a cookie: another website's page gains nothing by sending it from his browser.
VISITORS = "shouwen.conversations.views.visitor."
NO_COOKIE_IS_READ = (VISITORS, "shouwen.cases.views.public.")
# A customer's link is a key: not even our own pages are told it.
KEYS = "<str:link_token>"


@dataclass
class Answer:
    """One answer by the name of what was asked."""

    name: str
    response: HttpResponse
    text: str


@pytest.fixture
def world() -> World:
    return make_world()


def path_of(address: Address, world: World) -> str:
    """The address, filled with the north's things."""
    north = world.sides["north"].things
    return address.path(WORDS | north | {"token": north["file_token"], "name": "company"})


def signed_in(world: World, **more: object) -> Browser:
    """The administrator's browser."""
    browser = Browser(**more)
    browser.force_login(world.sides["north"].staff["administrator"])
    return browser


def answers(world: World) -> list[Answer]:
    """Each page as a stranger and as the administrator get it, asked from another website."""
    found = []
    origins = itertools.cycle(["https://evil.example", "null", "http://testserver.evil.example"])
    for browser in (Browser(), signed_in(world)):
        for address in pages():
            if address.method == "GET":
                headers = {"Origin": next(origins)}
                with watched_and_undone():
                    answer = browser.get(path_of(address, world), headers=headers)
                    found.append(Answer(str(address), answer, text_of(answer)))
    return [*found, Answer("GET nowhere", Browser().get("/nowhere/"), "")]


def directives(policy: str) -> dict[str, list[str]]:
    """A policy by its directives."""
    return {words[0]: words[1:] for one in policy.split(";") if (words := one.split())}


def test_every_answer_is_closed_to_scripts_frames_and_other_websites(world, caplog):
    """V3.3.1-4, V3.4.2-8: policy, framing, sniffing, referrer, cookies, other origins. V16.2.5: logs."""
    caplog.set_level("INFO")
    for answer in answers(world):
        check_headers(answer)
        check_cookies(answer)
        if answer.response.headers.get("Content-Type", "").startswith("text/html"):
            check_policy(answer)
            assert not OWN_SCRIPT.search(answer.text), answer.name
    assert not [word for word in (*SECRETS.values(), "@north.example") if word in caplog.text]


def check_policy(answer: Answer) -> None:
    """The content security policy has no hole."""
    name, headers = answer.name, answer.response.headers
    policy = directives(headers.get("Content-Security-Policy", ""))
    assert policy.get("default-src") in (["'self'"], ["'none'"]), name
    assert "unsafe" not in str(policy), name
    if policy["default-src"] == ["'none'"]:
        assert "sandbox" in policy, name
        return
    assert policy["object-src"] == ["'none'"], name
    assert policy["base-uri"] == ["'self'"], name
    assert policy["form-action"] == ["'self'"], name
    assert not {"*", "https:", "http:", "data:"} & set(policy["script-src"]), name
    if "/widget/<str:site_key>/" not in name:
        assert policy["frame-ancestors"] == ["'none'"], name
        assert headers["X-Frame-Options"] == "DENY", name


def check_headers(answer: Answer) -> None:
    """Nothing is guessed at, told elsewhere, or said of the inside."""
    headers = answer.response.headers
    assert headers.get("X-Content-Type-Options") == "nosniff", answer.name
    policy = headers.get("Referrer-Policy")
    assert policy == "same-origin" or (policy == "no-referrer" and KEYS in answer.name), answer.name
    assert not {"Server", "X-Powered-By"} & headers.keys(), answer.name
    assert not [name for name in headers if name.startswith("Access-Control-")], answer.name


def check_cookies(answer: Answer) -> None:
    """No cookie is for scripts or other sites."""
    for cookie in answer.response.cookies.values():
        assert cookie["samesite"] == "Lax", (answer.name, cookie.key)
        assert cookie["path"] == "/", (answer.name, cookie.key)
        assert cookie["domain"] == "", (answer.name, cookie.key)
        assert cookie["httponly"] or "csrf" in cookie.key, (answer.name, cookie.key)


def test_the_widget_is_framed_by_its_own_sites_only(world):
    site = WidgetSite.objects.get(key=world.sides["north"].things["site_key"])
    site.allowed_origins = "https://shop.example\nhttps://x;script-src *\njavascript:alert(1)"
    site.save()

    answer = Browser().get(f"/widget/{site.key}/")

    policy = directives(answer.headers["Content-Security-Policy"])
    assert policy["frame-ancestors"] == ["'self'", "https://shop.example"]
    assert "*" not in policy["script-src"]


def test_no_preflight_is_answered(world):
    """V3.4.2, also for the API."""
    ask = {"Origin": EVIL, "Access-Control-Request-Method": "POST"}
    browser, key = signed_in(world), make_key(world.sides["north"].staff["administrator"])
    for address in [*pages(), *operations()]:
        if address.method == "POST":
            headers = ask | (bearer(key) if address.is_api else {})
            with watched_and_undone():
                answer = browser.options(path_of(address, world), headers=headers)
            names = [one for one in answer.headers if one.startswith("Access-Control-")]
            assert names == [], str(address)


class TestForgedRequests:
    """V3.5.1: what changes something wants the token of our own page."""

    def test_every_post_without_the_token_is_refused(self, world):
        browser = signed_in(world, enforce_csrf_checks=True)
        for address in pages():
            if address.method != "POST" or address.name.startswith(NO_COOKIE_IS_READ):
                continue
            with watched_and_undone() as written:
                answer = browser.post(path_of(address, world), {"action": "x"})
            assert answer.status_code in {403, 405} or address.name.endswith(".nowhere"), address
            assert written <= {"django_session"}, address

    @pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
    def test_other_methods_are_no_way_round(self, world, method):
        browser = signed_in(world, enforce_csrf_checks=True)
        for address in pages():
            if address.method == "GET" and not address.name.startswith(NO_COOKIE_IS_READ):
                with watched_and_undone() as written:
                    answer = browser.generic(method, path_of(address, world), b"action=x")
                assert answer.status_code in {403, 404, 405}, address
                assert written <= {"django_session"}, address

    def test_a_session_opens_nothing_of_the_api(self, world, monkeypatch):
        monkeypatch.setattr("shouwen.api.site.GUESSES_A_MINUTE", 10_000)
        browser = signed_in(world)
        for address in operations():
            assert browser.generic(address.method, path_of(address, world)).status_code == 401

    def test_a_visitor_is_nobody_without_his_header(self, world):
        browser = signed_in(world)
        for address in pages():
            if address.name.startswith(VISITORS) and not address.name.endswith("session"):
                with watched_and_undone() as written:
                    answer = browser.post(path_of(address, world))
                assert answer.status_code in {401, 405}, address
                assert not written, address


COOKIES = """
import django, json
django.setup()
from django.conf import settings as s
print(json.dumps({
    "session": [s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE],
    "csrf": [s.CSRF_COOKIE_NAME, s.CSRF_COOKIE_SECURE, s.CSRF_COOKIE_SAMESITE],
    "language": [s.LANGUAGE_COOKIE_NAME, s.LANGUAGE_COOKIE_SECURE, s.LANGUAGE_COOKIE_HTTPONLY, s.LANGUAGE_COOKIE_SAMESITE],
    "domains": [s.SESSION_COOKIE_DOMAIN, s.CSRF_COOKIE_DOMAIN, s.LANGUAGE_COOKIE_DOMAIN],
    "paths": [s.SESSION_COOKIE_PATH, s.CSRF_COOKIE_PATH, s.LANGUAGE_COOKIE_PATH],
    "hsts": s.SECURE_HSTS_SECONDS,
}))
"""


def test_behind_https_every_cookie_is_bound_to_this_host():
    """V3.3.1, V3.3.3: Secure, and __Host- where the address is https."""
    environment = os.environ | {"PUBLIC_URL": "https://desk.example"}
    printed = subprocess.run(
        [sys.executable, "-c", COOKIES], env=environment, capture_output=True, check=True
    )
    found = json.loads(printed.stdout)

    assert found["session"] == ["__Host-shouwen", True, True, "Lax"]
    assert found["csrf"] == ["__Host-shouwen-csrf", True, "Lax"]
    assert found["language"] == ["__Host-shouwen-language", True, True, "Lax"]
    assert found["domains"] == [None, None, None]
    assert found["paths"] == ["/", "/", "/"]
    assert found["hsts"] >= 31536000
