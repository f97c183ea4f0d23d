"""The way in, the rail, the settings index, the search, health."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from shouwen.accounts.models import Company
from shouwen.accounts.queries import company
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.jobs import enqueue
from shouwen.core.models import Heartbeat
from shouwen.core.slots import _slots, panel
from shouwen.notices.operations import check_start_of_day
from shouwen.ui.cards import HealthRow, SettingsCard
from shouwen.web import health
from shouwen.web.views.errors import server_error

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def set_up():
    company()
    Company.objects.update(is_set_up=True, name="锦江物业")


@pytest.fixture
def sign_in(client):
    def as_role(role):
        staff = StaffFactory(role=role)
        client.force_login(staff)
        return staff

    return as_role


@pytest.fixture
def put():
    """Put a panel into a slot for one test."""
    placed = []

    def register(slot, function):
        panel(slot)(function)
        placed.append((slot, function))

    yield register
    for slot, function in placed:
        _slots[slot][:] = [one for one in _slots[slot] if one.panel is not function]


def work():
    Heartbeat.objects.create(name="worker:here:1", beat_at=timezone.now())


class TestStart:
    @pytest.mark.duty("D153")
    def test_an_agent_looks_at_the_office_first_and_then_works(self, client, sign_in):
        agent = sign_in("agent")

        assert client.get("/")["Location"].startswith(reverse("notices:start_of_day"))
        check_start_of_day({}, at=timezone.now(), by=agent)
        assert client.get("/")["Location"] == reverse("conversations:workspace")

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
        assert 'href="/home/"' not in page

    def test_the_rail_is_redrawn_when_a_notice_comes(self, client, sign_in):
        agent = sign_in("agent")

        page = client.get(reverse("web:search")).content.decode()

        assert f'data-live="staff:{agent.pk}:notice' in page or f" staff:{agent.pk}:notice" in page

    def test_a_card_of_a_part_is_shown(self, client, sign_in, put):
        sign_in("agent")
        card = SettingsCard(label="节日", text="…", url="/x/", icon="bell")
        put("settings.cards", lambda request: card)

        assert 'href="/x/"' in client.get(reverse("web:settings")).content.decode()


class TestHealth:
    def rows(self, at=None):
        request = RequestFactory().get("/health/")
        request.user = StaffFactory(role="administrator")
        found = health.health_rows(request, at=at or timezone.now())
        return {str(row.label): row for row in found}

    def test_a_worker_never_seen_is_ill(self):
        row = next(iter(self.rows().values()))

        assert (row.state, row.is_banner) == ("ill", True)

    def test_a_worker_silent_for_half_a_minute_is_ill(self):
        work()
        row = next(iter(self.rows(timezone.now() + timedelta(seconds=20)).values()))
        assert row.state == "well"
        row = next(iter(self.rows(timezone.now() + timedelta(seconds=40)).values()))
        assert (row.state, row.is_banner) == ("ill", True)

    def test_jobs_that_wait_five_minutes_are_ill(self):
        enqueue(health_probe, at=timezone.now())

        near, late = (
            [row.state for row in health._jobs(timezone.now() + timedelta(minutes=minutes))]
            for minutes in (4, 6)
        )

        assert (near, late) == (["well"], ["ill"])

    def test_services_tell_how_they_are_and_long_gone_ones_are_left_out(self):
        at = timezone.now()
        Heartbeat.objects.create(name="mail:1", beat_at=at, is_well=False, note="密码错误")
        Heartbeat.objects.create(name="mail:2", beat_at=at - timedelta(hours=2))
        Heartbeat.objects.create(name="mail:3", beat_at=at - timedelta(minutes=5))
        Heartbeat.objects.create(name="mail:4", beat_at=at, note="0")
        Heartbeat.objects.create(name="staff:4", beat_at=at)

        rows = health._services(at)
        assert [(row.label, row.state) for row in rows] == [
            ("mail:1", "ill"),
            ("mail:3", "near"),
            ("mail:4", "well"),
        ]
        assert rows[0].text == "密码错误"

    @pytest.mark.parametrize(
        ("free", "state"), [(100 * 1024**2, "ill"), (1024**3, "near"), (9 * 1024**3, "well")]
    )
    def test_a_full_disk_is_told_before_it_is_full(self, monkeypatch, free, state):
        usage = type("Usage", (), {"free": free, "total": 10 * 1024**3})
        monkeypatch.setattr(health.shutil, "disk_usage", lambda path: usage)

        assert health._disk(timezone.now())[0].state == state

    def test_no_data_folder_no_row(self, settings, tmp_path):
        settings.DATA_DIR = tmp_path / "away"

        assert health._disk(timezone.now()) == []

    def test_the_page_and_its_list(self, client, sign_in):
        sign_in("supervisor")
        work()

        assert client.get(reverse("web:health")).status_code == 200
        part = client.get(reverse("web:health"), headers={"HX-Request": "true"}).content
        assert b"<html" not in part
        assert b'id="health"' in part

    def test_agents_may_not_open_it(self, client, sign_in):
        sign_in("agent")

        assert client.get(reverse("web:health")).status_code == 403

    def test_what_is_ill_is_told_on_every_page_and_looked_up_rarely(self, client, sign_in, put):
        sign_in("agent")
        work()
        row = HealthRow(label="邮箱", state="ill", text="密码错误", is_banner=True)
        asked = []

        def mailbox(request):
            asked.append(request)
            return [row]

        put("health.rows", mailbox)

        for _time in range(3):
            assert "密码错误" in client.get(reverse("web:search")).content.decode()
        assert len(asked) == 1

    def test_a_panel_may_give_one_row(self, put):
        row = HealthRow(label="一行", state="unknown", text="…")
        put("health.rows", lambda request: row)

        assert row in self.rows().values()


def health_probe() -> None:
    """A job that only waits."""


@pytest.fixture(autouse=True, scope="module")
def probe_is_a_job():
    from shouwen.core.jobs import _names, job

    if health_probe not in _names:
        job(health_probe)


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
