"""A backup taken from a real server and brought back into another database of it."""

import hashlib
import os
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection

from shouwen.core.files import store_raw
from shouwen.keeping.backup import restoring, taking
from shouwen.keeping.backup.checking import check_all, check_outline
from shouwen.keeping.backup.manifest import (
    DamagedBackup,
    NoBackup,
    backup_at,
    backups_in,
    read_manifest,
)
from shouwen.keeping.backup.restoring import (
    RestoreDiffers,
    TargetInUse,
    restore_into_server,
)
from shouwen.keeping.backup.server import Server, ServerFailed, count_rows
from shouwen.keeping.backup.taking import (
    BackupUnderWay,
    NoRoom,
    alone_in,
    remove_old,
    take_backup,
)
from shouwen.keeping.models import Backup
from shouwen.keeping.nightly import back_up
from shouwen.keeping.source import this_installation
from shouwen.mailroom.tests.factories import InboundFactory

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


@pytest.fixture
def other():
    """An empty database beside the tests' own."""
    server = this_installation().server
    name = f"other_{os.getpid()}"
    with psycopg.connect(**server.parameters, autocommit=True) as own:
        own.execute(f"DROP DATABASE IF EXISTS {name}")
        own.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield Server(server.parameters | {"dbname": name})
    with psycopg.connect(**server.parameters, autocommit=True) as own:
        own.execute(f"DROP DATABASE {name} WITH (FORCE)")


def take(folder, at=AT, source=None):
    with alone_in(folder):
        return take_backup(source or this_installation(), folder, at=at, out=None)


def spoil(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


class TestTaking:
    def test_a_backup_comes_back_whole_on_another_database(self, folder, other, tmp_path):
        key = store_raw("电梯停了".encode())
        InboundFactory(raw_key=key)

        made = take(folder)
        done = restore_into_server(made, other, tmp_path / "there", force=False, out=None)

        with this_installation().server.connect() as here, other.connect() as there:
            assert count_rows(here) == count_rows(there)
        assert (tmp_path / "there" / key).read_bytes().decode() == "电梯停了"
        assert done.files_copied == 1
        assert check_all(made, None)[1] == []

    def test_holds_the_key_for_its_owner_only_or_not_at_all(self, folder, settings):
        made = take(folder)

        assert (made / "secret.key").read_text() == settings.SECRET_KEY
        assert (made / "secret.key").stat().st_mode & 0o077 == 0
        assert made.stat().st_mode & 0o077 == 0
        without = this_installation(with_key=False)
        bare = take(folder, AT + timedelta(days=1), without)
        assert not (bare / "secret.key").exists()

    def test_the_next_backup_copies_only_what_is_new(self, folder):
        old = store_raw(b"old")
        first = take(folder)
        new = store_raw(b"new!")
        second = take(folder, AT + timedelta(days=1))

        assert (second / "files" / old).samefile(first / "files" / old)
        assert read_manifest(second).new_bytes == read_manifest(second).dump_size + 4
        assert (second / "files" / new).read_bytes() == b"new!"

    def test_a_linked_file_that_went_bad_is_copied_anew_when_its_turn_comes(self, folder):
        key = store_raw(b"content")
        spoil(take(folder) / "files" / key)

        days = [take(folder, AT + timedelta(days=day)) for day in range(1, 8)]

        assert (days[-1] / "files" / key).read_bytes() == b"content"

    def test_what_an_interrupted_backup_copied_is_not_copied_again(self, folder, monkeypatch):
        keys = [store_raw(str(number).encode()) for number in range(5)]

        def cut_off(*arguments):
            raise KeyboardInterrupt

        with monkeypatch.context() as during:
            during.setattr(taking, "_seal", cut_off)
            with pytest.raises(KeyboardInterrupt):
                take(folder)
        assert backups_in(folder) == []
        [left] = folder.glob("*.unfinished")
        nodes = {key: (left / "files" / key).stat().st_ino for key in keys}

        made = take(folder, AT + timedelta(hours=1))

        assert {key: (made / "files" / key).stat().st_ino for key in keys} == nodes
        assert not list(folder.glob("*.unfinished"))

    def test_names_files_that_rows_ask_for_and_the_store_has_not(self, folder):
        gone, bad = store_raw(b"gone"), store_raw(b"bad")
        InboundFactory(raw_key=gone)
        store = this_installation().files
        (store / gone).unlink()
        spoil(store / bad)

        manifest = read_manifest(take(folder))

        assert manifest.missing_files == [gone]
        assert manifest.damaged_files == [bad]

    def test_two_at_once_into_one_folder_are_refused(self, folder):
        with alone_in(folder), pytest.raises(BackupUnderWay), alone_in(folder):
            pass

    def test_refuses_before_it_begins_when_the_disk_is_too_full(self, folder, monkeypatch):
        usage = type("Usage", (), {"free": 1024**2})
        monkeypatch.setattr(taking.shutil, "disk_usage", lambda path: usage)

        with pytest.raises(NoRoom, match=r"1\.0 MB"):
            take(folder)
        assert backups_in(folder) == []

    def test_says_what_it_leaves_in_a_bucket(self, folder):
        source = replace(this_installation(), files=None, bucket="files-of-shouwen")

        manifest = read_manifest(take(folder, AT, source))

        assert manifest.file_store == "s3://files-of-shouwen"
        assert manifest.file_count == 0

    def test_the_words_of_postgresql_reach_the_reader(self, folder):
        source = this_installation()
        wrong = Server(source.server.parameters | {"dbname": "nowhere"})

        with pytest.raises((ServerFailed, psycopg.OperationalError), match="nowhere"):
            take(folder, AT, replace(source, server=wrong))

    def test_keeps_the_newest(self, folder):
        made = [take(folder, AT + timedelta(days=day)) for day in range(4)]

        assert remove_old(folder, keep=2) == made[:2]
        assert backups_in(folder) == made[2:]
        assert remove_old(folder, keep=0) == []


class TestDamage:
    @pytest.mark.parametrize("name", ["database.dump", "files.tsv", "secret.key"])
    def test_is_found_and_named_before_anything_is_touched(self, folder, other, name):
        store_raw(b"some file")
        made = take(folder)
        spoil(made / name)

        with pytest.raises(DamagedBackup, match=name):
            restore_into_server(made, other, None, force=False, out=None)
        assert other.is_empty()

    @pytest.mark.parametrize("name", ["database.dump", "files.tsv"])
    def test_a_missing_part_is_named(self, folder, name):
        made = take(folder)
        (made / name).unlink()

        with pytest.raises(DamagedBackup, match=name):
            check_outline(made, None)

    def test_of_a_stored_file_is_found_when_it_is_copied(self, folder, other, tmp_path):
        key = store_raw(b"some file")
        made = take(folder)
        spoil(made / "files" / key)

        assert check_all(made, None)[1] == [key]
        with pytest.raises(DamagedBackup, match=key[-20:]):
            restore_into_server(made, other, tmp_path / "there", force=False, out=None)
        assert not (tmp_path / "there" / key).exists()
        assert other.is_empty()

    def test_a_cut_off_or_missing_stored_file_is_named(self, folder):
        key = store_raw(b"some file")
        made = take(folder)
        (made / "files" / key).write_bytes(b"some")
        with pytest.raises(DamagedBackup, match=key[-20:]):
            check_outline(made, None)
        (made / "files" / key).unlink()
        with pytest.raises(DamagedBackup, match=key[-20:]):
            check_outline(made, None)

    def test_a_dump_that_breaks_off_leaves_nothing(self, folder, other):
        made = take(folder)
        path = made / "database.dump"
        path.write_bytes(path.read_bytes()[:-20_000])
        manifest = read_manifest(made)
        manifest.dump_sha256 = hashlib.sha256(path.read_bytes()).hexdigest()

        with pytest.raises(ServerFailed):
            restoring._bring_database(made, other, manifest, None)
        assert other.is_empty()

    def test_a_folder_without_manifest_is_no_backup(self, folder):
        made = take(folder)
        (made / "manifest.json").rename(made / "away")

        with pytest.raises(NoBackup):
            read_manifest(made)
        with pytest.raises(NoBackup):
            backup_at(folder)

    def test_a_manifest_nobody_can_read_is_named(self, folder):
        made = take(folder)
        (made / "manifest.json").write_text("{")

        with pytest.raises(DamagedBackup, match=r"manifest\.json"):
            read_manifest(made)


class TestRestoring:
    def test_never_over_a_full_database_without_the_word(self, folder, other):
        made = take(folder)
        restore_into_server(made, other, None, force=False, out=None)

        with pytest.raises(TargetInUse, match="--force"):
            restore_into_server(made, other, None, force=False, out=None)
        restore_into_server(made, other, None, force=True, out=None)

    def test_the_word_replaces_every_schema(self, folder, other):
        made = take(folder)
        restore_into_server(made, other, None, force=False, out=None)
        with other.connect() as there:
            there.execute("CREATE SCHEMA old_reports")
            there.execute("CREATE VIEW old_reports.names AS SELECT name FROM public.customer")

        restore_into_server(made, other, None, force=True, out=None)

        with other.connect() as there:
            assert there.execute("SELECT to_regnamespace('old_reports')").fetchone() == (None,)

    def test_an_error_of_the_database_ends_it_with_its_words_and_leaves_nothing(
        self, folder, other
    ):
        made = take(folder)
        with other.connect() as there:
            there.execute("CREATE VIEW public.customer AS SELECT 1 AS id")

        with pytest.raises(ServerFailed, match="customer"):
            restore_into_server(made, other, None, force=False, out=None)
        assert other.is_empty()

    def test_a_table_that_differs_afterwards_is_named(self, folder, other):
        made = take(folder)
        manifest = read_manifest(made)
        manifest.rows["customer"] = 5

        with pytest.raises(RestoreDiffers, match="customer"):
            restoring._bring_database(made, other, manifest, None)

    def test_the_newest_of_a_folder_is_taken(self, folder):
        take(folder)
        newest = take(folder, AT + timedelta(days=1))

        assert backup_at(folder) == newest
        assert backup_at(newest) == newest


class TestLedger:
    def test_a_backup_is_noted_with_its_figures(self, folder):
        store_raw(b"some file")

        back_up(this_installation(), folder, keep=3, out=None)

        row = Backup.objects.get()
        assert (row.state, row.files, row.folder) == ("good", 1, str(folder))
        assert row.size > 0

    def test_a_failure_is_noted_with_its_words(self, folder, monkeypatch):
        def full(*arguments, **options):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("shouwen.keeping.nightly.take_backup", full)
        with pytest.raises(OSError, match="No space"):
            back_up(this_installation(), folder, keep=3, out=None)

        row = Backup.objects.get()
        assert row.state == "failed"
        assert "No space left" in row.words

    def test_a_database_older_than_the_ledger_is_backed_up_too(self, folder, monkeypatch):
        monkeypatch.setattr("shouwen.keeping.nightly.is_installed", lambda: False)

        assert read_manifest(back_up(this_installation(), folder, keep=3, out=None))
        assert not Backup.objects.exists()

    def test_in_the_restored_copy_the_backup_has_ended_well(self, folder, other):
        back_up(this_installation(), folder, keep=3, out=None)
        restore_into_server(backup_at(folder), other, None, force=False, out=None)

        with other.connect() as there:
            assert there.execute("SELECT state FROM backup").fetchall() == [("good",)]

    def test_the_database_is_copied_as_of_one_moment_while_others_write(self, folder, other):
        stop = threading.Event()
        server = this_installation().server

        def write():
            with server.connect() as own:
                own.autocommit = True
                while not stop.wait(0.001):
                    own.execute(
                        "INSERT INTO number_series (name, last) SELECT max(name::int) + 1, 0"
                        " FROM (SELECT '0' AS name UNION SELECT name FROM number_series) s"
                    )

        writer = threading.Thread(target=write)
        writer.start()
        try:
            made = take(folder)
        finally:
            stop.set()
            writer.join()
        restore_into_server(made, other, None, force=False, out=None)

        with other.connect() as there, connection.cursor() as here:
            names = [int(n) for (n,) in there.execute("SELECT name FROM number_series")]
            here.execute("SELECT count(*) FROM number_series")
            assert sorted(names) == list(range(1, len(names) + 1))
            assert len(names) <= here.fetchone()[0]
