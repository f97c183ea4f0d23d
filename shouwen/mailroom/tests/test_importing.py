"""Mails from files: shapes, names, broken ones; and the command."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from shouwen.mailroom.importing import count_files, mails_in, split_mbox
from shouwen.mailroom.management.commands import mail as command
from shouwen.mailroom.models import Inbound
from shouwen.mailroom.tests.factories import MailboxFactory, a_mail


def names(*paths):
    return [(Path(one.name).name, one.raw) for one in mails_in(paths)]


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command("mail", "import", *[str(one) for one in arguments], stdout=out, stderr=err)
    return [
        json.loads(line) for line in out.getvalue().splitlines() if line.startswith("{")
    ], err.getvalue()


class TestMailsIn:
    def test_a_folder_of_files_with_chinese_names(self, tmp_path):
        (tmp_path / "投诉 邮件").mkdir()
        (tmp_path / "投诉 邮件" / "电梯（一）.eml").write_bytes(a_mail())
        (tmp_path / "readme.md").write_text("no mail")
        (tmp_path / ".hidden").write_text("no mail")

        assert names(tmp_path) == [("电梯（一）.eml", a_mail())]
        assert count_files([tmp_path]) == 1

    def test_a_name_that_is_no_utf8(self, tmp_path):
        path = os.fsencode(tmp_path) + "/电梯.eml".encode("gb18030")
        Path(os.fsdecode(path)).write_bytes(a_mail())

        assert names(tmp_path)[0][0] == "电梯.eml"

    def test_an_mbox_with_quoted_from_lines(self, tmp_path):
        first = b"Subject: a\n\nHello\n\n>From here on\n>>From there\nFrom inside a line\n"
        second = b"Subject: b\n\nWorld\n"
        text = b"From a@b Mon Jan  1 00:00:00 2026\n" + first + b"\nFrom - Tue\n" + second + b"\n"
        (tmp_path / "archive.mbox").write_bytes(text)

        found = names(tmp_path / "archive.mbox")

        assert [name for name, _raw in found] == ["archive.mbox#1", "archive.mbox#2"]
        assert found[0][1] == first.replace(b">From here", b"From here").replace(
            b">>From", b">From"
        )
        assert found[1][1] == second

    def test_a_from_line_in_a_text_does_not_split_it(self):
        text = [
            b"From a@b Mon Jan  1 00:00:00 2026\n",
            b"Subject: a\n",
            b"\n",
            b"\n",
            b"From all of us\n",
            b"bye\n",
        ]
        assert len(list(split_mbox(text))) == 1

    def test_a_maildir_without_what_is_still_being_written(self, tmp_path):
        for folder in ("cur", "new", "tmp", ".Sent/cur"):
            (tmp_path / "box" / folder).mkdir(parents=True)
            (tmp_path / "box" / folder / f"1.{folder[0]}.host:2,S").write_bytes(a_mail())
        (tmp_path / "box" / "dovecot-uidlist").write_text("3 V1")

        assert len(names(tmp_path / "box")) == 3

    def test_an_eml_that_begins_like_an_mbox_is_one_mail(self, tmp_path):
        raw = b"From a@b Mon Jan  1 00:00:00 2026\nSubject: a\n\nx\n\nFrom b@c Mon Jan  1 00:00:00 2026\nSubject: b\n\ny\n"
        (tmp_path / "one.eml").write_bytes(raw)
        assert names(tmp_path) == [("one.eml", raw)]

    def test_what_is_not_there_is_said(self, tmp_path):
        (found,) = mails_in([tmp_path / "none.eml"])
        assert found.error


class TestDryRun:
    def test_prints_one_object_a_mail(self, tmp_path):
        (tmp_path / "a.eml").write_bytes(a_mail())
        (tmp_path / "b.eml").write_bytes(b"")
        (tmp_path / "c.eml").write_bytes(a_mail(extra="Auto-Submitted: auto-replied\n"))
        (tmp_path / "d.eml").write_bytes(b"\xff\xfe\0\x01" * 100)

        rows, said = run(tmp_path, "--dry-run", "--json")

        assert [row["status"] for row in rows] == ["handled", "quarantined", "dropped", "handled"]
        assert rows[0]["text"] == rows[0]["reply"] == "三号楼的电梯又停了。"
        assert (rows[0]["from"], rows[0]["from_name"]) == ("li@customer.example", "李女士")
        assert rows[0]["date"] == "2026-11-22T10:01:00+08:00"
        assert set(rows[0]) == {"file", "status", "subject", "from", "from_name", "to", "date", "message_id",
                                "text", "html", "reply", "attachments"}  # fmt: skip
        assert "4 mails" in said

    def test_attachments_are_told_with_name_type_and_size(self, tmp_path):
        raw = (
            b'Subject: x\nFrom: a@b.example\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n\nhi\n'
            b'--b\nContent-Type: application/pdf; name="a.pdf"\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n--b--\n'
        )
        (tmp_path / "a.eml").write_bytes(raw)
        rows, _said = run(tmp_path, "--dry-run", "--json")
        assert rows[0]["attachments"] == [{"name": "a.pdf", "type": "application/pdf", "size": 5}]

    def test_one_mail_that_breaks_the_reader_does_not_end_the_run(self, tmp_path, monkeypatch):
        def breaks(raw):
            raise RecursionError("deep")

        monkeypatch.setattr(command, "read_mail", breaks)
        (tmp_path / "a.eml").write_bytes(a_mail())
        rows, _said = run(tmp_path, "--dry-run", "--json")
        assert (rows[0]["status"], rows[0]["reason"]) == ("quarantined", "RecursionError: deep")

    def test_over_the_limit_is_dropped(self, tmp_path, settings):
        settings.MAIL_SIZE_LIMIT = 100
        (tmp_path / "a.eml").write_bytes(a_mail())
        rows, _said = run(tmp_path, "--dry-run", "--json")
        assert rows[0]["status"] == "dropped"

    def test_nothing_at_all_is_an_error(self, tmp_path):
        with pytest.raises(CommandError):
            run(tmp_path, "--dry-run")

    def test_needs_no_database(self, tmp_path):
        (tmp_path / "a.eml").write_bytes(a_mail())
        nowhere = {
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
            "DATA_DIR": str(tmp_path / "data"),
        }
        done = subprocess.run(
            [sys.executable, "-m", "shouwen.config.cli", "mail", "import", "--dry-run", "--json", str(tmp_path / "a.eml")],
            env=os.environ | nowhere, capture_output=True, timeout=60, check=True,
        )  # fmt: skip
        assert json.loads(done.stdout)["subject"] == "电梯坏了"


@pytest.mark.django_db
class TestImport:
    @pytest.fixture
    def folder(self, tmp_path):
        """Apart from the files that the test itself keeps."""
        (tmp_path / "in").mkdir()
        return tmp_path / "in"

    def test_takes_in_each_mail_once_however_often_it_runs(self, folder):
        for n in range(3):
            (folder / f"{n}.eml").write_bytes(a_mail(number=n))

        first, _said = run(folder, "--json")
        again, said = run(folder, "--json")

        assert {row["status"] for row in first} == {"received"}
        assert {row["status"] for row in again} == {"already there"}
        assert "already there 3" in said
        assert Inbound.objects.count() == 3

    def test_into_a_mailbox_by_its_address(self, folder):
        mailbox = MailboxFactory()
        (folder / "a.eml").write_bytes(a_mail())

        run(folder, "--mailbox", mailbox.address.upper())

        assert Inbound.objects.get().mailbox == mailbox
        with pytest.raises(CommandError):
            run(folder, "--mailbox", "nobody@x.example")

    def test_over_the_limit_is_dropped_by_the_rule(self, folder, settings):
        settings.MAIL_SIZE_LIMIT = 100
        (folder / "a.eml").write_bytes(a_mail())
        rows, _said = run(folder, folder / "none.eml", "--json")
        assert [row["status"] for row in rows] == ["dropped", "unreadable"]
        assert Inbound.objects.get().rule.kind == "too_large"
