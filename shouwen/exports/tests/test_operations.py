"""Asking for a list, writing it, cancelling, forgetting."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from shouwen.accounts.models import ReadLog
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.errors import NotPermitted, NotThere
from shouwen.core.files import read_raw
from shouwen.core.models import HistoryEntry
from shouwen.exports import operations
from shouwen.exports.events import ExportAsked, ExportExpired, ExportFinished
from shouwen.exports.handlers import write_the_file
from shouwen.exports.models import Export
from shouwen.exports.operations import (
    ExportIsOver,
    ExportNeedsReason,
    TooManyExports,
    ask_export,
    build_export,
    cancel_export,
    tidy_exports,
)
from shouwen.exports.queries import rows_by_key

pytestmark = pytest.mark.django_db


def built(export):
    build_export(export.pk, at=timezone.now())
    export.refresh_from_db()
    return export


def cells(export):
    text = read_raw(export.key).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def facts(export):
    kept = HistoryEntry.objects.filter(subject_kind="export", subject_id=export.pk)
    return [one.name.rpartition(".")[2] for one in kept.order_by("pk")]


class TestAsk:
    def test_refuses_who_may_not_and_what_is_not_there(self, exporter):
        for who in (StaffFactory(permissions=["exports.export"]), StaffFactory()):
            with pytest.raises(NotPermitted):
                ask_export("people", by=who)
        with pytest.raises(NotThere):
            ask_export("nothing", by=exporter)

    @pytest.mark.duty("D423")
    def test_unmasked_needs_the_permission_and_a_reason(self, exporter, trusted):
        with pytest.raises(NotPermitted):
            ask_export("people", by=exporter, is_clear=True, reason="回访")
        with pytest.raises(ExportNeedsReason):
            ask_export("people", by=trusted, is_clear=True, reason="  ")

    def test_refuses_a_fourth_at_once(self, exporter):
        for _one in range(3):
            ask_export("people", by=exporter)

        with pytest.raises(TooManyExports):
            ask_export("people", by=exporter)


class TestBuild:
    @pytest.mark.duty("D423")
    def test_masked_rows_are_in_the_file_and_who_took_them_is_on_record(self, exporter):
        export = ask_export("people", by=exporter, file_format="csv", asked={"q": "导出人"})
        write_the_file(ExportAsked(export_id=export.pk, name="people", is_clear=False, reason=""))

        export.refresh_from_db()
        assert (export.state, export.done, export.total) == ("ready", 1, 1)
        assert cells(export) == [["Name", "Phone"], ["导出人", "***"]]
        assert facts(export) == [ExportAsked.__name__, ExportFinished.__name__]
        assert not ReadLog.objects.exists()

    @pytest.mark.duty("D423")
    def test_unmasked_ones_go_into_the_log_of_reads_with_their_number(self, trusted):
        export = ask_export("people", by=trusted, file_format="csv", is_clear=True, reason="回访")

        assert "13817217719" in str(cells(built(export)))
        read = ReadLog.objects.get()
        assert (read.staff, read.what, read.reason, read.count) == (
            trusted,
            "export",
            "回访",
            export.done,
        )

    def test_every_row_once_however_many_batches(self, exporter, people):
        StaffFactory.create_batch(7)
        rows = people.rows(exporter, {}, timezone.now())

        found = [one for batch in rows_by_key(rows, size=3) for one in batch]

        assert sorted(one.pk for one in found) == sorted(rows.values_list("pk", flat=True))

    def test_broken_off_it_begins_anew_and_over_it_stays(self, exporter):
        export = ask_export("people", by=exporter)
        Export.objects.filter(pk=export.pk).update(state="running", done=99)

        first = built(export)
        key = first.key

        assert (first.state, first.done) == ("ready", first.total)
        assert built(export).key == key

    def test_cancelled_in_the_middle_it_leaves_no_file(self, exporter, monkeypatch):
        export = ask_export("people", by=exporter)
        plain = operations.new_sheet

        def cancelling(path, columns):
            cancel_export(export.pk, by=exporter)
            return plain(path, columns)

        monkeypatch.setattr(operations, "new_sheet", cancelling)

        assert (built(export).state, export.key) == ("cancelled", "")
        with pytest.raises(ExportIsOver):
            cancel_export(export.pk, by=exporter)
        with pytest.raises(NotThere):
            cancel_export(export.pk, by=StaffFactory())

    def test_without_room_it_says_so(self, exporter, monkeypatch):
        def full(*args):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(default_storage, "save", full)

        assert built(ask_export("people", by=exporter)).state == "failed"


class TestTidy:
    def test_old_files_go_and_the_row_stays(self, exporter):
        export = built(ask_export("people", by=exporter))
        key = export.key

        assert tidy_exports(at=timezone.now() + timedelta(days=6)) == 0
        assert tidy_exports(at=timezone.now() + timedelta(days=8)) == 1

        export.refresh_from_db()
        assert (export.state, export.key) == ("expired", "")
        assert not default_storage.exists(key)
        assert facts(export)[-1] == ExportExpired.__name__

    def test_what_nobody_writes_any_more_has_failed(self, exporter):
        export = ask_export("people", by=exporter)
        Export.objects.filter(pk=export.pk).update(
            state="running", progress_at=timezone.now() - timedelta(minutes=20)
        )

        tidy_exports(at=timezone.now())

        export.refresh_from_db()
        assert export.state == "failed"
        assert export.error
