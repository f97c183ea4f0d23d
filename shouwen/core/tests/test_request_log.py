"""Ids in the log, one line a record, no names, files by day."""

import json
import logging
import sys
from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from shouwen.core.jobs import _in_log
from shouwen.core.logs import (
    DailyFileHandler,
    JsonFormatter,
    OneLineFormatter,
    doing,
    facts_now,
    remove_old_logs,
)
from shouwen.core.requestlog import RequestLogMiddleware

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def record(message="hello", *values, **extra):
    one = logging.LogRecord("shouwen.x", logging.INFO, "f.py", 1, message, values, None)
    for name, value in extra.items():
        setattr(one, name, value)
    return one


class TestFormats:
    def test_json_carries_what_is_being_done(self):
        with doing(request="abcd1234", staff=7):
            line = json.loads(JsonFormatter().format(record("read %d", 3)))

        assert (line["message"], line["request"], line["staff"]) == ("read 3", "abcd1234", 7)
        assert line["level"] == "INFO"
        assert facts_now() == {}

    def test_what_a_stranger_sends_makes_no_second_line(self):
        text = record("agent %s", "x\r\nERROR forged\x1b[2J")

        assert "\n" not in OneLineFormatter("%(message)s").format(text)
        assert len(JsonFormatter().format(record("agent %s", "x\nfoo")).splitlines()) == 1

    def test_a_job_is_told_without_its_arguments(self):
        job = {"id": 5, "task_name": "shouwen.x.send", "task_kwargs": {"phone": "13800000000"}}
        one = record("Job send[5](phone=13800000000) failed", job=job, action="job_error")

        assert OneLineFormatter("%(message)s").format(one) == "job 5 shouwen.x.send: job_error"

    def test_tracebacks_stay_with_their_record(self):
        try:
            raise KeyError("x")
        except KeyError:
            one = record()
            one.exc_info = sys.exc_info()

        assert "KeyError" in json.loads(JsonFormatter().format(one))["error"]

    def test_what_a_job_logs_carries_its_number(self):
        context = type("C", (), {"job": type("J", (), {"id": 9, "task_name": "t"})})

        assert _in_log(facts_now, context, None) == {"job": 9, "task": "t"}


class TestFiles:
    def test_a_file_a_day_for_its_owner_only(self, tmp_path):
        handler = DailyFileHandler(str(tmp_path / "log"))
        handler.emit(record("一"))
        tomorrow = record("二")
        tomorrow.created += 86_400
        handler.emit(tomorrow)
        handler.close()

        files = sorted((tmp_path / "log").iterdir())
        assert [one.read_text().strip() for one in files] == ["一", "二"]
        assert all(one.stat().st_mode & 0o077 == 0 for one in files)

    def test_a_full_or_missing_disk_stops_nothing(self, tmp_path):
        (tmp_path / "log").write_text("not a folder")

        DailyFileHandler(str(tmp_path / "log")).emit(record())

    def test_old_files_go_and_others_stay(self, tmp_path):
        for day in ("2026-10-01", "2026-11-01", "2026-11-22"):
            (tmp_path / f"shouwen-{day}.log").touch()
        (tmp_path / "other.log").touch()

        assert remove_old_logs(tmp_path, keep_days=0, at=AT) == []
        gone = remove_old_logs(tmp_path, keep_days=30, at=AT)

        assert [one.name for one in gone] == ["shouwen-2026-10-01.log"]
        assert len(list(tmp_path.iterdir())) == 3


class TestRequests:
    def answer(self, status=200, headers=None, path="/files/secret-token/李敏.pdf?name=李敏"):
        request = RequestFactory().get(path, headers=headers or {})
        request._cached_user = type("U", (), {"pk": 7})()
        return RequestLogMiddleware(lambda request: HttpResponse(status=status))(request)

    def test_an_id_is_taken_over_or_made(self):
        assert self.answer(headers={"X-Request-ID": "abc-12345"})["X-Request-ID"] == "abc-12345"
        assert len(self.answer()["X-Request-ID"]) == 16

    @pytest.mark.parametrize("given", ["short", "a b c d e f g", "x" * 65, "bad\\nline1234"])
    def test_an_id_that_could_harm_is_not_taken_over(self, given):
        assert self.answer(headers={"X-Request-ID": given})["X-Request-ID"] != given

    def test_a_broken_one_is_written_down_without_path_or_query(self, caplog):
        caplog.set_level(logging.INFO, "shouwen.requests")
        self.answer(status=500)

        [line] = caplog.messages
        assert "500" in line
        assert "secret-token" not in line
        assert "李敏" not in line

    def test_good_ones_are_written_down_on_demand_only(self, caplog, settings):
        caplog.set_level(logging.INFO, "shouwen.requests")
        self.answer()
        assert caplog.messages == []
        settings.LOG_REQUESTS = True
        self.answer()
        assert len(caplog.messages) == 1
