"""Figures for Prometheus: for whom, and that they say what happened and nobody's name."""

import pytest
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families

from shouwen.conversations.events import LinesPosted, PostedLine
from shouwen.keeping import metrics
from shouwen.keeping.handlers import count_lines
from shouwen.keeping.metrics import counting, exposition, socket_open

pytestmark = pytest.mark.django_db


def figures():
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(exposition().decode())
        for sample in family.samples
    }


def line(kind):
    return PostedLine(
        line_id=1, conversation_id=1, seq=1, kind=kind, channel="web", author_id=None, mentions=[]
    )


class TestFigures:
    def test_requests_are_counted_by_the_name_of_their_address(self, client):
        before = figures().get(("shouwen_requests_total", "200", "GET", "core:healthz"), 0)
        client.get(reverse("core:healthz"))

        now = figures()
        assert now["shouwen_requests_total", "200", "GET", "core:healthz"] == before + 1
        assert now["shouwen_request_seconds_count", "core:healthz"] >= 1

    def test_an_address_that_nobody_knows_makes_no_label_of_its_own(self, client):
        client.get("/secret-13800000000/")

        assert "13800000000" not in exposition().decode()

    def test_lines_are_counted_by_kind(self):
        before = figures().get(("shouwen_lines_total", "visitor"), 0)
        count_lines(LinesPosted(lines=[line("visitor"), line("visitor")]))

        assert figures()["shouwen_lines_total", "visitor"] == before + 2

    def test_open_sockets_go_up_and_down(self):
        before = figures().get(("shouwen_sockets", "widget"), 0)
        with socket_open("/ws/widget/abc"):
            assert figures()["shouwen_sockets", "widget"] == before + 1
        assert figures()["shouwen_sockets", "widget"] == before

    def test_jobs_mails_and_connections_come_from_the_database(self):
        now = figures()

        assert ("shouwen_jobs", "waiting") in now
        assert ("shouwen_mails", "queued") in now
        assert now["shouwen_database_connections_limit",] > now["shouwen_database_connections",] > 0

    def test_files_of_processes_long_gone_are_removed(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
        (tmp_path / "gauge_livesum_999999999.db").touch()
        (tmp_path / "counter_999999999.db").touch()
        counting.cache_clear()
        counting()
        counting.cache_clear()

        assert [one.name for one in tmp_path.iterdir()] == ["counter_999999999.db"]
        assert not metrics._is_alive(tmp_path / "counter_x.db")


class TestWhoMayRead:
    def get(self, client, **headers):
        return client.get(reverse("keeping:metrics"), headers=headers).status_code

    def test_this_machine_may(self, client):
        assert self.get(client) == 200

    def test_others_may_not(self, client):
        answer = client.get(reverse("keeping:metrics"), REMOTE_ADDR="203.0.113.9")

        assert answer.status_code == 404

    def test_behind_a_proxy_only_with_the_token(self, client, settings):
        settings.IS_HTTPS = True
        assert self.get(client) == 404
        assert self.get(client, X_Forwarded_For="127.0.0.1") == 404
        settings.METRICS_TOKEN = "long-and-secret"
        assert self.get(client, Authorization="Bearer wrong") == 404
        assert self.get(client, Authorization="Bearer long-and-secret") == 200
