"""The ledger of backups, when one is due, and who is told of a failure."""

import subprocess
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.history import history_of
from shouwen.core.jobs import run_waiting_jobs
from shouwen.keeping import jobs
from shouwen.keeping.backup.manifest import Manifest
from shouwen.keeping.models import Backup
from shouwen.keeping.operations import begin_backup, fail_backup, finish_backup
from shouwen.keeping.queries import backup_is_due, last_passed
from shouwen.notices.models import Notice

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=HERE)
NIGHT = [time(3, 30)]


def installed_at(moment):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET applied = %s", [moment])


def begin(at=NOON):
    return begin_backup("/backups", at=at, by=system_staff())


class TestOperations:
    def test_a_good_one_has_its_figures_and_stands_in_history(self):
        manifest = Manifest(
            name="x", made_at="", version="1", server_version=18, dump_size=5, file_bytes=7
        )
        row = begin()

        finish_backup(row.pk, manifest, at=NOON + timedelta(seconds=9), by=system_staff())

        row.refresh_from_db()
        assert (row.state, row.size, row.seconds) == ("good", 12, 9.0)
        assert history_of("backup", row.pk).first().name == "keeping.BackupMade"

    def test_one_that_never_ended_is_noted_when_the_next_begins(self):
        left = begin()
        begin(NOON + timedelta(hours=1))

        left.refresh_from_db()
        assert left.state == "failed"
        assert left.words
        assert history_of("backup", left.pk).first().name == "keeping.BackupFailed"

    def test_who_looks_after_the_system_is_told_once_a_day(self):
        leader = StaffFactory(role="supervisor")
        StaffFactory(role="agent")

        for _time in range(2):
            fail_backup(begin().pk, "磁盘已满", at=NOON, by=system_staff())
            run_waiting_jobs()

        assert list(Notice.objects.values_list("staff_id", flat=True)) == [leader.pk]
        assert "磁盘已满" in Notice.objects.get().text


class TestWhenOneIsDue:
    def test_not_before_the_first_hour_after_installing(self):
        installed_at(NOON)

        assert not backup_is_due(NIGHT, at=NOON + timedelta(hours=2))
        assert backup_is_due(NIGHT, at=NOON + timedelta(hours=16))

    def test_once_a_night_and_made_up_for_after_sleep(self):
        installed_at(NOON - timedelta(days=9))
        Backup.objects.create(
            folder="/b", started_at=NOON - timedelta(days=2), ended_at=NOON, state="good"
        )

        assert backup_is_due(NIGHT, at=NOON)
        begun = begin()
        assert not backup_is_due(NIGHT, at=NOON + timedelta(hours=1))
        Backup.objects.filter(pk=begun.pk).update(state="good", ended_at=NOON)
        assert not backup_is_due(NIGHT, at=NOON + timedelta(hours=15))
        assert backup_is_due(NIGHT, at=NOON + timedelta(hours=16))

    def test_after_a_failure_an_hour_later(self):
        fail_backup(begin().pk, "x", at=NOON, by=system_staff())

        assert not backup_is_due(NIGHT, at=NOON + timedelta(minutes=50))
        assert backup_is_due(NIGHT, at=NOON + timedelta(minutes=61))

    def test_the_hours_are_local_ones(self):
        hours = [time(3, 30), time(13, 0)]

        assert last_passed(hours, at=NOON) == NOON.replace(hour=3, minute=30)
        assert last_passed(hours, at=NOON + timedelta(hours=2)) == NOON.replace(hour=13)
        assert last_passed([], at=NOON) is None


class TestNightlyJob:
    @pytest.fixture
    def runs(self, monkeypatch):
        commands = []
        monkeypatch.setattr(
            jobs.subprocess, "run", lambda command, **options: commands.append((command, options))
        )
        assert jobs.subprocess is subprocess
        return commands

    def test_runs_the_command_when_due(self, runs, settings):
        settings.BACKUP_AT = NIGHT
        installed_at(NOON - timedelta(days=9000))

        jobs.back_up_when_due()

        [(command, options)] = runs
        assert command[-2:] == ["backup", "--quiet"]
        assert options["env"]["WAIT_FD"]

    def test_does_nothing_when_switched_off(self, runs, settings):
        settings.BACKUP_AT = []
        installed_at(NOON - timedelta(days=9000))

        jobs.back_up_when_due()

        assert runs == []
