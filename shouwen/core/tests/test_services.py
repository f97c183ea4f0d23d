"""Services are threads that come back; signs of life; what a request sees when the database is away."""

import json
import threading

import psycopg
import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from shouwen.core import room, services
from shouwen.core.middleware import DatabaseAwayMiddleware
from shouwen.core.models import Heartbeat


class PatientEvent(threading.Event):
    """An event that remembers how long it was waited for, and does not wait."""

    def __init__(self):
        super().__init__()
        self.pauses: list[float] = []

    def wait(self, timeout=None):
        self.pauses.append(timeout)
        return self.is_set()


@pytest.mark.django_db
class TestServices:
    def test_one_that_dies_comes_back_later_and_later(self):
        stop, runs = PatientEvent(), []

        def run(stop):
            runs.append(1)
            if len(runs) == 9:
                stop.set()
                return
            raise OSError("gone")

        services._keep_running("tests.dying", run, stop)

        assert stop.pauses == [1, 2, 4, 8, 16, 32, 60, 60]

    def test_one_that_ran_well_starts_from_a_short_pause(self):
        stop, runs = PatientEvent(), []

        def run(stop):
            runs.append(1)
            if len(runs) == 3:
                return
            if len(runs) == 5:
                stop.set()
                return
            raise OSError("gone")

        services._keep_running("tests.recovering", run, stop)

        assert stop.pauses[:2] == [1, 2]
        assert stop.pauses[-1] == 1

    def test_each_registered_one_has_its_thread_until_stopped(self, monkeypatch):
        monkeypatch.setattr(services, "_services", {})
        started, stop = threading.Event(), threading.Event()

        @services.service("tests.waiting")
        def wait(stop):
            started.set()
            stop.wait(5)

        threads = services.start_services(stop)

        assert started.wait(5)
        stop.set()
        threads[0].join(5)
        assert [one.name for one in threads] == ["tests.waiting"]
        assert not threads[0].is_alive()


@pytest.mark.django_db
def test_a_beat_replaces_the_one_before():
    services.beat("tests.one", note="x" * 5000)
    first = Heartbeat.objects.get().beat_at
    services.beat("tests.one", is_well=False, note="ill")

    row = Heartbeat.objects.get()
    assert (str(row), row.is_well, row.note) == ("tests.one", False, "ill")
    assert row.beat_at >= first
    assert services.process_name("web").startswith("web:")


class TestDatabaseAway:
    def answer(self, error):
        def get_response(request):
            raise error

        request = RequestFactory().get("/letters/李敏")
        request.resolver_match = ResolverMatch(
            get_response, (), {}, url_name="letter", namespaces=["post"]
        )
        return DatabaseAwayMiddleware(get_response)(request)

    @pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
    def test_is_said_in_words_with_503(self, error, caplog):
        response = self.answer(error)

        assert response.status_code == 503
        assert response["Retry-After"] == "3"
        assert "gone" not in response.content.decode()
        assert "post:letter" in caplog.text
        assert "李敏" not in caplog.text
        assert "letters" not in caplog.text

    def test_inside_a_view_too(self):
        middleware = DatabaseAwayMiddleware(lambda request: HttpResponse())
        request = RequestFactory().get("/x")

        assert middleware.process_exception(request, OperationalError("gone")).status_code == 503
        assert middleware.process_exception(request, ValueError("ours")) is None
        assert middleware(request).status_code == 200

    def test_other_mistakes_are_not_hidden(self):
        with pytest.raises(ValueError, match="ours"):
            self.answer(ValueError("ours"))


@pytest.mark.django_db
class TestHealth:
    def test_says_that_the_database_answers(self, client):
        assert client.get("/healthz").json() == {"status": "ok", "database": True}

    def test_says_503_when_it_does_not(self, client, monkeypatch):
        def away(*_args):
            raise OperationalError("gone")

        monkeypatch.setattr("shouwen.core.views.connection.cursor", away)

        response = client.get("/healthz")

        assert (response.status_code, response.json()["database"]) == (503, False)


class TestNoRoom:
    @pytest.fixture
    def full(self, settings, monkeypatch):
        settings.IS_EMBEDDED = True
        settings.DISK_RESERVE_MB = 2**50
        monkeypatch.setattr(room, "_looked", {})

    def answer(self, method="post", **more):
        request = getattr(RequestFactory(), method)("/x", **more)
        return DatabaseAwayMiddleware(lambda request: HttpResponse())(request)

    def test_nothing_is_begun_that_would_change_something(self, full):
        response = self.answer()

        assert response.status_code == 507
        assert "存储空间" in response.content.decode()

    def test_reading_goes_on(self, full):
        assert self.answer("get").status_code == 200

    def test_programs_are_told_in_json(self, full):
        response = self.answer(HTTP_ACCEPT="application/json")

        assert response.status_code == 507
        assert "error" in json.loads(response.content)

    def test_work_without_a_page_is_refused_too(self, full):
        with pytest.raises(OSError, match="No space"):
            room.require_room_for_work()

    def test_a_database_elsewhere_minds_its_own_disk(self, full, settings):
        settings.IS_EMBEDDED = False

        assert self.answer().status_code == 200

    @pytest.mark.parametrize("error", [OSError(28, "full"), OSError(122, "quota")])
    def test_a_full_disk_is_said_in_words(self, error):
        middleware = DatabaseAwayMiddleware(lambda request: HttpResponse())

        assert middleware.process_exception(RequestFactory().get("/x"), error).status_code == 507

    def test_so_is_the_database_that_finds_it_full(self):
        error = OperationalError("could not extend file")
        error.__cause__ = psycopg.errors.DiskFull("could not extend file")
        middleware = DatabaseAwayMiddleware(lambda request: HttpResponse())

        assert middleware.process_exception(RequestFactory().get("/x"), error).status_code == 507

    def test_other_troubles_with_files_are_not_hidden(self):
        middleware = DatabaseAwayMiddleware(lambda request: HttpResponse())

        assert middleware.process_exception(RequestFactory().get("/x"), OSError(2, "no")) is None
