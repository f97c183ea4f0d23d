"""The health page and its banners."""

import time
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.jobs import enqueue
from shouwen.core.models import Heartbeat
from shouwen.keeping import health
from shouwen.keeping.checks import storage
from shouwen.keeping.checks import work as work_checks
from shouwen.ui.cards import HealthRow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company_set_up")]


def work():
    Heartbeat.objects.create(name="worker:here:1", beat_at=timezone.now())


class TestHealth:
    def rows(self, at=None):
        request = RequestFactory().get("/health/")
        request.user = StaffFactory(role="administrator")
        found = health.health_rows(request, at=at or timezone.now())
        return {str(row.label): row for row in found}

    @pytest.mark.parametrize(("seconds", "is_told"), [(5, False), (31, True)])
    def test_a_worker_never_seen_is_ill_and_told_when_it_had_time_to_come(
        self, monkeypatch, seconds, is_told
    ):
        monkeypatch.setattr(work_checks, "LOADED_AT", time.monotonic() - seconds)
        row = next(iter(self.rows().values()))

        assert (row.state, row.is_banner) == ("ill", is_told)

    def test_a_worker_silent_for_half_a_minute_is_ill(self):
        work()
        row = next(iter(self.rows(timezone.now() + timedelta(seconds=20)).values()))
        assert row.state == "well"
        row = next(iter(self.rows(timezone.now() + timedelta(seconds=40)).values()))
        assert (row.state, row.is_banner) == ("ill", True)

    def test_jobs_that_wait_five_minutes_are_ill(self):
        enqueue(health_probe, at=timezone.now())

        near, late = (
            [row.state for row in work_checks.jobs(timezone.now() + timedelta(minutes=minutes))]
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

        rows = work_checks.services(at)
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
        monkeypatch.setattr(storage.shutil, "disk_usage", lambda path: usage)

        assert storage.disks(timezone.now())[0].state == state

    def test_no_data_folder_no_row(self, settings, tmp_path):
        settings.DATA_DIR = tmp_path / "away"

        assert storage.disks(timezone.now()) == []

    def test_the_page_and_its_list(self, client, sign_in):
        sign_in("supervisor")
        work()

        assert client.get(reverse("keeping:health")).status_code == 200
        part = client.get(reverse("keeping:health"), headers={"HX-Request": "true"}).content
        assert b"<html" not in part
        assert b'id="health"' in part

    def test_agents_may_not_open_it(self, client, sign_in):
        sign_in("agent")

        assert client.get(reverse("keeping:health")).status_code == 403

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
