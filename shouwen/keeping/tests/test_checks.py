"""Each thing that can be ill says so in words, with what to do."""

import json
import ssl
from datetime import UTC, datetime, time, timedelta
from io import StringIO

import pytest
import redis
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone, translation

from shouwen.core.models import Heartbeat
from shouwen.keeping import health
from shouwen.keeping.checks import machine, storage, work
from shouwen.keeping.checks.away import database_away
from shouwen.keeping.models import Backup
from shouwen.mailroom.models import Mailbox, Outbound
from shouwen.mailroom.tests.factories import InboundFactory, MailboxFactory
from shouwen.ui.cards import HealthRow

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def told(rows):
    return [(str(row.label), row.state) for row in rows]


def backup(state="good", *, hours_ago=1, **fields):
    at = NOW - timedelta(hours=hours_ago)
    return Backup.objects.create(
        folder="/b", started_at=at, ended_at=at + timedelta(seconds=90), state=state, **fields
    )


class TestBackups:
    def row(self):
        [row] = storage.backups(NOW)
        return row

    def installed(self, hours_ago):
        with connection.cursor() as cursor:
            moment = NOW - timedelta(hours=hours_ago)
            cursor.execute("UPDATE django_migrations SET applied = %s", [moment])

    def test_a_good_one_says_when_how_large_how_long_and_where(self):
        backup(size=2048)

        assert self.row().state == "well"
        assert "2 KB in 90 seconds, in /b" in self.row().text

    @pytest.mark.parametrize(("hours", "state"), [(25, "well"), (27, "near"), (51, "ill")])
    def test_an_old_one_is_not_enough(self, hours, state):
        backup(hours_ago=hours)

        assert self.row().state == state

    def test_a_failure_is_told_with_its_words_and_the_last_good_one(self):
        backup(hours_ago=20)
        backup("failed", words="No room in /b.")

        assert (self.row().state, self.row().is_banner) == ("ill", True)
        assert "No room in /b." in self.row().text
        assert "Last good one" in self.row().text

    def test_files_that_are_missing_are_told(self):
        backup(missing_files=2)

        assert self.row().state == "near"
        assert "2 files" in self.row().text

    def test_on_the_first_day_none_is_expected(self, settings):
        settings.BACKUP_AT = [time(3, 30)]
        self.installed(3)

        assert self.row().state == "well"
        assert "03:30" in self.row().text

    def test_without_any_all_would_be_lost(self, settings):
        settings.BACKUP_AT = [time(3, 30)]
        self.installed(72)

        assert self.row().state == "ill"

    @pytest.mark.parametrize(("embedded", "state"), [(True, "ill"), (False, "unknown")])
    def test_switched_off_is_ill_only_where_the_database_is_ours(self, settings, embedded, state):
        settings.BACKUP_AT, settings.IS_EMBEDDED = [], embedded

        assert self.row().state == state


class TestDatabase:
    @pytest.mark.parametrize(("used", "state"), [(50, "well"), (85, "near"), (97, "ill")])
    def test_connections_run_out(self, used, state):
        assert storage._connections(used, 100).state == state

    def test_size_version_and_connections_are_told(self):
        assert told(storage.database(NOW)) == [
            ("Database", "well"),
            ("Database connections", "well"),
        ]

    def test_when_it_does_not_answer_the_end_of_its_log_is_told(self, settings, tmp_path):
        settings.DATA_DIR, settings.IS_EMBEDDED = tmp_path, True
        (tmp_path / "postgres.log").write_text("LOG: x\nPANIC: could not write: No space left\n")

        row = database_away(OperationalError("connection refused"))

        assert "No space left" in row.text
        assert "shouwen up" in row.advice

    def test_with_a_server_of_ones_own_its_address_is_told_without_the_password(self, settings):
        settings.IS_EMBEDDED = False
        settings.DATABASE_URL = "postgresql://me:geheim@db.example.org/shouwen"

        row = database_away(OperationalError("connection refused"))

        assert "shouwen@db.example.org" in row.advice
        assert "geheim" not in row.advice + row.text

    def test_places_on_one_disk_are_one_row(self, settings):
        settings.IS_EMBEDDED = True

        assert len([row for row in storage.disks(NOW) if "data" in row.label]) == 1


class TestWork:
    def test_jobs_of_a_worker_that_is_gone_are_told(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
                " VALUES ('default', 'x', 'doing')"
            )

        [row] = work.jobs(timezone.now())
        assert row.state == "near"
        assert "worker that is gone" in row.text

    def test_redis_away_is_told(self, settings, monkeypatch):
        settings.REDIS_URL = "redis://127.0.0.1:1"

        [row] = work.live(NOW)
        assert issubclass(redis.ConnectionError, redis.RedisError)
        assert row.state == "near"
        assert "Redis" in row.text


class TestMachine:
    @pytest.mark.parametrize(("seconds", "state"), [(1, "well"), (-5, "near"), (60, "ill")])
    def test_a_clock_that_is_apart_or_was_moved(self, monkeypatch, seconds, state):
        monkeypatch.setattr(machine, "_moved", lambda: 0.0)
        monkeypatch.setattr(machine, "_apart_from_server", lambda: float(seconds))
        assert machine.clock(NOW)[0].state == state
        monkeypatch.setattr(machine, "_moved", lambda: float(seconds))
        monkeypatch.setattr(machine, "_apart_from_server", lambda: 0.0)
        assert machine.clock(NOW)[0].state == state

    def test_clocks_are_read(self):
        assert abs(machine._apart_from_server()) < 5

    def test_the_database_of_this_version_fits(self):
        assert told(machine.version(NOW)) == [("Version", "well")]

    def test_changes_that_wait_are_ill(self):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'keeping'")

        [row] = machine.version(NOW)
        assert (row.state, row.is_banner) == ("ill", True)
        assert "shouwen upgrade" in row.advice

    def test_a_database_of_a_newer_version_is_told(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied)"
                " VALUES ('keeping', '0099_from_the_future', now())"
            )

        assert "0099_from_the_future" in machine.version(NOW)[0].text

    @pytest.mark.parametrize(
        ("days", "state"), [(60, "well"), (14, "near"), (3, "ill"), (-1, "ill")]
    )
    def test_a_certificate_that_ends(self, settings, monkeypatch, days, state):
        settings.IS_HTTPS, settings.PUBLIC_URL = True, f"https://kefu{days}.example"
        monkeypatch.setattr(machine, "_certificate_ends", lambda *a: NOW + timedelta(days=days))

        assert machine.certificate(NOW)[0].state == state

    def test_an_address_that_does_not_answer_us_is_not_known(self, settings):
        settings.IS_HTTPS, settings.PUBLIC_URL = True, "https://127.0.0.1:1"

        assert machine.certificate(NOW)[0].state == "unknown"
        assert ssl.CERT_NONE == 0

    def test_without_https_there_is_none(self, settings):
        settings.IS_HTTPS = False

        assert machine.certificate(NOW) == []


def outgoing(**fields):
    return Outbound.objects.create(
        idempotency_key="k", message_id="m@example.org", recipients=["a@example.org"],
        pending=["a@example.org"], raw_key="x", next_try_at=NOW, give_up_at=NOW, **fields,
    )  # fmt: skip


class TestMail:
    def rows(self):
        return {str(row.label): row for row in health.examined() if row.group == "mail"}

    def test_last_mail_of_each_mailbox_is_told(self):
        mailbox = MailboxFactory()
        Mailbox.objects.update(last_ok_at=timezone.now())
        InboundFactory(mailbox=mailbox, received_at=timezone.now() - timedelta(minutes=7))

        assert "Last mail 7 minutes ago." in self.rows()[f"Mailbox {mailbox.address}"].text

    def test_mail_that_does_not_get_out_is_ill(self):
        late = outgoing(last_error="Connection refused")
        type(late).objects.update(created_at=timezone.now() - timedelta(minutes=30))

        row = self.rows()["Outgoing mail"]
        assert row.state == "ill"
        assert "Connection refused" in row.text

    def test_mail_that_failed_for_good_needs_a_look(self):
        outgoing(state="failed")

        assert self.rows()["Outgoing mail"].state == "near"

    def test_quarantine_needs_a_look(self):
        InboundFactory(state="quarantined", settled_at=timezone.now())

        assert self.rows()["Quarantine"].state == "near"


class TestDoctor:
    def run(self, *words):
        out = StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("doctor", *words, stdout=out)
        return ended.value.code, out.getvalue()

    @pytest.fixture(autouse=True)
    def english_terminal(self, monkeypatch):
        monkeypatch.setenv("LC_ALL", "en_US.UTF-8")

    def test_says_in_words_what_is_ill_and_what_to_do(self):
        code, said = self.run()

        assert code == 2
        assert "✘ Background worker: Not seen yet." in said
        assert "→ Start the system with" in said

    def test_gives_programs_the_same(self):
        Heartbeat.objects.create(name="worker:here:1", beat_at=timezone.now())
        code, said = self.run("--json")

        found = json.loads(said)
        assert found["state"] in {"ok", "watch", "wrong"}
        assert {row["state"] for row in found["rows"]} <= {"ok", "watch", "wrong", "unknown"}
        assert code == {"ok": 0, "watch": 1, "wrong": 2}[found["state"]]

    def test_speaks_also_while_the_database_is_away(self, monkeypatch):
        def away(*arguments, **options):
            raise OperationalError("connection refused")

        monkeypatch.setattr(health, "health_rows", away)
        code, said = self.run()

        assert code == 2
        assert "It does not answer" in said

    def test_all_well_in_one_sentence(self):
        row = HealthRow(label="x", state="well", text="y")

        assert health.verdict([row]) == "Everything is well."
