"""The way in, the rail, the settings index, the search."""

import re

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from shouwen.accounts.models import Company
from shouwen.accounts.operations.presence import set_presence
from shouwen.accounts.queries import system_staff
from shouwen.core.slots import _slots
from shouwen.notices.operations import Message, check_start_of_day, notify_staff
from shouwen.ui.cards import SettingsCard
from shouwen.web.views.errors import server_error

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company_set_up")]


class TestStart:
    @pytest.mark.duty("D153")
    def test_an_agent_looks_at_the_office_first_and_then_works(self, client, sign_in):
        agent = sign_in("agent")

        assert client.get("/", follow=True).request["PATH_INFO"] == reverse("notices:start_of_day")
        check_start_of_day({}, at=timezone.now(), by=agent)
        desk = reverse("conversations:workspace")
        assert client.get("/", follow=True).request["PATH_INFO"] == desk

    @pytest.mark.parametrize("role", ["supervisor", "administrator", "warehouse"])
    def test_others_go_home(self, client, sign_in, role):
        sign_in(role)

        assert client.get("/")["Location"] == reverse("web:home")

    def test_strangers_sign_in(self, client):
        assert client.get("/")["Location"] == reverse("accounts:sign_in")

    def test_without_a_company_the_first_run_comes_first(self, client):
        Company.objects.update(is_set_up=False)

        assert client.get("/")["Location"] == reverse("web:setup")

    def test_search_engines_stay_out(self, client):
        assert b"Disallow: /" in client.get("/robots.txt").content


class TestPages:
    def test_home_shows_the_tiles(self, client, sign_in, put):
        sign_in("supervisor")
        assert client.get(reverse("web:home")).status_code == 200

        put("home.tiles", lambda request: "瓷砖一号")

        assert "瓷砖一号" in client.get(reverse("web:home")).content.decode()

    def test_every_figure_of_home_opens_its_list(self, client, sign_in):
        sign_in("supervisor")

        page = client.get(reverse("web:home")).content.decode()

        for tab in ("waiting", "others", "mine", "messages", "call_backs", "unsolved"):
            assert client.get(reverse("conversations:workspace"), {"tab": tab}).status_code == 200
            assert f"?tab={tab}" in page
        assert reverse("notices:faults") in page

    def test_settings_show_only_what_one_may_set(self, client, sign_in):
        sign_in("agent")
        assert "/settings/api-keys/" not in client.get(reverse("web:settings")).content.decode()
        sign_in("administrator")
        page = client.get(reverse("web:settings")).content.decode()
        assert "/settings/api-keys/" in page
        assert "/settings/service-hours/" in page

    def test_settings_say_so_when_there_is_nothing_to_set(self, client, sign_in, monkeypatch):
        monkeypatch.setitem(_slots, "settings.cards", [])
        sign_in("agent")

        assert client.get(reverse("web:settings")).context["cards"] == []

    @pytest.mark.parametrize("role", ["agent", "supervisor", "warehouse"])
    def test_presence_is_changed_from_every_page(self, client, sign_in, role):
        staff = sign_in(role)
        set_presence(staff.pk, state="break", reason="用餐", at=timezone.now(), by=staff)

        for address in (reverse("web:home"), reverse("web:search"), reverse("accounts:profile")):
            page = client.get(address).content.decode()
            assert page.count('id="presence-switch"') == 1
            assert "小休 · 用餐" in page
            button = page[page.index('id="rail-me"') :]
            assert 'data-state="near"' in button[: button.index("</summary>")]

    def test_search_asks_every_part(self, client, sign_in, put):
        sign_in("agent")
        put("search.results", lambda request, words: f"块：{words}")

        assert "块：电梯" in client.get(reverse("web:search"), {"q": " 电梯 "}).content.decode()
        assert client.get(reverse("web:search")).context["blocks"] == []

    def test_search_escapes_and_cuts_what_was_typed(self, client, sign_in):
        sign_in("agent")

        page = client.get(reverse("web:search"), {"q": "<b>" + "长" * 200}).content.decode()

        assert "<b>长" not in page
        assert "长" * 101 not in page

    def test_the_rail_has_what_one_may_open(self, client, sign_in):
        sign_in("administrator")
        page = client.get(reverse("web:rail"), {"section": "health"}).content.decode()
        assert "/health/" in page
        assert re.search(r'href="/health/"[^>]*aria-current="page"', page)
        sign_in("agent")
        page = client.get(reverse("web:rail")).content.decode()
        assert 'href="/health/"' not in page
        assert 'href="/settings/queues/"' not in page

    def test_the_rail_counts_what_waits(self, client, sign_in):
        agent = sign_in("agent")
        message = Message(kind="tests.shell", text="张工 已接收转办")
        for _ in range(2):
            notify_staff([agent.pk], message=message, at=timezone.now(), by=system_staff())

        page = client.get(reverse("web:rail")).content.decode()

        assert re.findall(r'sw-rail-count"[^>]*>([^<]+)<', page) == ["2"]

    def test_the_rail_is_redrawn_when_a_notice_comes(self, client, sign_in):
        agent = sign_in("agent")

        page = client.get(reverse("web:search")).content.decode()

        assert f'data-live="staff:{agent.pk}:notice' in page or f" staff:{agent.pk}:notice" in page

    def test_a_card_of_a_part_is_shown(self, client, sign_in, put):
        sign_in("agent")
        card = SettingsCard(label="节日", text="…", url="/x/", icon="bell")
        put("settings.cards", lambda request: card)

        assert 'href="/x/"' in client.get(reverse("web:settings")).content.decode()


class TestErrors:
    def answer(self, path, error):
        try:
            raise error
        except type(error):
            return server_error(RequestFactory().get(path))

    def test_a_page_when_something_broke(self):
        answer = self.answer("/x/", RuntimeError("secret"))

        assert answer.status_code == 500
        assert b"secret" not in answer.content

    def test_try_again_while_the_database_is_away(self):
        answer = self.answer("/x/", OperationalError("gone"))

        assert (answer.status_code, answer["Retry-After"]) == (503, "5")

    def test_programs_get_json(self):
        assert (
            self.answer("/api/v1/x", RuntimeError()).headers["Content-Type"] == "application/json"
        )
        assert self.answer("/api/v1/x", OperationalError()).status_code == 503
