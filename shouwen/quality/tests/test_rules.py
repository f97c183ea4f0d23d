"""Rule documents: written, published by permission, read with a receipt, looked through again."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.core.errors import NotPermitted, NotThere
from shouwen.core.history import history_of
from shouwen.core.jobs import run_waiting_jobs
from shouwen.notices.models import Notice
from shouwen.quality.jobs import announce_reviews
from shouwen.quality.models import RuleDocument, RuleVersion
from shouwen.quality.operations.rules import (
    confirm_read,
    months_after,
    publish_rule,
    remind_readers,
    review_rule,
    write_rule,
)
from shouwen.quality.queries.rules import (
    chapters_for,
    draft_of,
    newest_published,
    reading_of,
    shelves,
    unread_versions,
    version_in_force,
    visible_documents,
)
from shouwen.quality.refusals import CodeTaken, NothingToPublish, NotInForce, RuleEmpty
from shouwen.quality.tests.make import TEXT, a_draft, a_rule, a_writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer():
    return a_writer()


def names_of_history(document: RuleDocument) -> list[str]:
    return [one.name.partition(".")[2] for one in history_of("rule_document", document.pk)]


class TestWritingAndPublishing:
    @pytest.mark.duty("D118")
    def test_versions_have_effective_dates_and_the_older_one_holds_until_then(self, writer):
        today = timezone.localdate()
        document = a_rule(writer, on=today - timedelta(days=30))
        write_rule(a_draft("第一条 新的规定。", note="改写"), document_id=document.pk, by=writer)
        start = today + timedelta(days=10)
        publish_rule(document.pk, effective_on=start, at=timezone.now(), by=writer)

        numbers = [
            version_in_force(document, on=day).number
            for day in (today, start - timedelta(days=1), start)
        ]
        assert numbers == [1, 1, 2]
        assert version_in_force(document, on=today - timedelta(days=31)) is None
        assert set(names_of_history(document)) == {"RuleWritten", "RulePublished"}

    def test_publishing_needs_its_own_permission(self, writer):
        document = write_rule(a_draft(), by=StaffFactory(role="supervisor"))

        with pytest.raises(NotPermitted):
            publish(document, StaffFactory(role="supervisor"))
        assert publish(document, writer).number == 1

    def test_refuses_an_outline_without_articles_and_no_draft(self, writer):
        document = write_rule(a_draft("第一章 管理职能"), by=writer)

        with pytest.raises(RuleEmpty):
            publish(document, writer)
        write_rule(a_draft(), document_id=document.pk, by=writer)
        publish(document, writer)
        with pytest.raises(NothingToPublish):
            publish(document, writer)

    def test_refuses_a_code_twice_and_an_unknown_document(self, writer):
        write_rule(a_draft(), by=writer)

        with pytest.raises(CodeTaken):
            write_rule(a_draft(), by=writer)
        with pytest.raises(NotThere):
            publish_rule(1, effective_on=date(2026, 1, 1), at=timezone.now(), by=writer)

    def test_the_database_keeps_what_is_published(self, writer):
        version = newest_published(a_rule(writer))

        for change in (
            lambda: RuleVersion.objects.filter(pk=version.pk).update(note="anders"),
            lambda: RuleVersion.objects.filter(pk=version.pk).delete(),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_drafts_are_seen_by_writers_only(self, writer):
        write_rule(a_draft(), by=writer)

        assert visible_documents(writer).count() == 1
        assert visible_documents(StaffFactory(role="agent")).count() == 0


def publish(document: RuleDocument, by) -> RuleVersion:
    today = timezone.localdate()
    return publish_rule(document.pk, effective_on=today, at=timezone.now(), by=by)


class TestReading:
    def test_readers_are_told_and_their_receipts_are_kept(
        self, writer, django_capture_on_commit_callbacks
    ):
        reader, other = StaffFactory(role="agent"), StaffFactory(role="technician")
        document = a_rule(writer, posts=["agent"])
        run_waiting_jobs()
        assert [one.staff for one in Notice.objects.filter(kind="quality.to_read")] == [reader]

        assert [one.document for one in unread_versions(reader)] == [document]
        confirm_read(document.pk, at=timezone.now(), by=reader)
        confirm_read(document.pk, at=timezone.now(), by=reader)

        assert not unread_versions(reader).exists()
        assert not unread_versions(other).exists()
        reading = reading_of(newest_published(document))
        assert ([one.staff for one in reading.receipts], reading.missing) == ([reader], [])
        assert names_of_history(document).count("RuleRead") == 1

    def test_a_new_version_is_read_anew(self, writer):
        reader = StaffFactory(role="agent")
        document = a_rule(writer)
        confirm_read(document.pk, at=timezone.now(), by=reader)

        write_rule(a_draft(), document_id=document.pk, by=writer)
        publish(document, writer)

        assert unread_versions(reader).get().number == 2
        assert reader in reading_of(newest_published(document)).missing

    def test_departments_below_are_meant_too(self, writer):
        above = DepartmentFactory()
        below = StaffFactory(department=DepartmentFactory(parent=above))
        elsewhere = StaffFactory(department=DepartmentFactory())
        document = a_rule(writer, for_departments=[above])

        assert reading_of(newest_published(document)).missing == [below]
        assert unread_versions(below).exists()
        assert not unread_versions(elsewhere).exists()

    def test_a_reminder_goes_to_those_who_have_not_read_it(self, writer):
        done, late = StaffFactory(role="agent"), StaffFactory(role="agent")
        document = a_rule(writer, posts=["agent"])
        confirm_read(document.pk, at=timezone.now(), by=done)
        run_waiting_jobs()
        before = set(Notice.objects.values_list("pk", flat=True))

        assert remind_readers(document.pk, by=writer) == 1
        run_waiting_jobs()

        assert [one.staff for one in Notice.objects.exclude(pk__in=before)] == [late]
        assert "RuleReadersReminded" in names_of_history(document)

    def test_nothing_to_read_before_it_is_published(self, writer):
        document = write_rule(a_draft(), by=writer)

        with pytest.raises(NotInForce):
            confirm_read(document.pk, at=timezone.now(), by=writer)
        with pytest.raises(NotInForce):
            remind_readers(document.pk, by=writer)
        with pytest.raises(NotInForce):
            review_rule(document.pk, note="", on=timezone.localdate(), by=writer)

    @pytest.mark.duty("D257")
    def test_a_handbook_marks_the_chapter_of_my_post_and_its_reading_is_tracked(self, writer):
        agent = StaffFactory(role="agent")
        text = "第一章 客服专员 [agent]\n第一条 先问好。\n第二章 技术员 [technician]\n第二条 先看现场。"
        document = a_rule(writer, text=text, code="handbook", sort="handbook")
        version = newest_published(document)

        mine = [(chapter.title, is_mine) for chapter, is_mine in chapters_for(agent, version)]
        confirm_read(document.pk, at=timezone.now(), by=agent)

        assert mine == [("客服专员", True), ("技术员", False)]
        assert agent not in reading_of(version).missing
        assert writer in reading_of(version).missing


class TestRevision:
    @pytest.mark.duty("D561")
    def test_a_process_is_revised_one_month_after_it_began(self, writer):
        start = date(2026, 1, 31)
        with time_machine.travel("2026-01-31 09:00+08:00", tick=False):
            document = a_rule(
                writer, on=start, sort="process", first_review_months=1, review_months=12
            )
            run_waiting_jobs()
        assert document.review_on == date(2026, 2, 28)

        with time_machine.travel("2026-02-27 12:00+08:00", tick=False):
            announce_reviews()
            run_waiting_jobs()
        assert not Notice.objects.filter(kind="quality.review_due").exists()
        with time_machine.travel("2026-02-28 12:00+08:00", tick=False):
            announce_reviews()
            announce_reviews()
            run_waiting_jobs()

        told = Notice.objects.get(kind="quality.review_due", staff=writer)
        assert "文明服务制度" in told.text
        assert names_of_history(document).count("RuleReviewDue") == 1

    def test_looked_through_it_comes_again_after_a_cycle(self, writer):
        document = a_rule(writer, review_months=12)

        review_rule(document.pk, note="无需修改", on=date(2027, 3, 1), by=writer)

        document.refresh_from_db()
        assert document.review_on == date(2028, 3, 1)
        assert "RuleReviewed" in names_of_history(document)

    @pytest.mark.parametrize(
        ("day", "months", "found"),
        [
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2026, 12, 15), 1, date(2027, 1, 15)),
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
        ],
    )
    def test_months_end_within_their_month(self, day, months, found):
        assert months_after(day, months) == found


class TestShelves:
    @pytest.mark.duty("D251")
    def test_each_department_has_or_lacks_its_four_kinds(self, writer):
        full, bare = DepartmentFactory(name="客服部"), DepartmentFactory(name="工程部")
        for sort in ("standard", "norm", "process", "information"):
            a_rule(writer, code=sort, sort=sort, department=full)

        found = {one.department: one for one in shelves(system_staff(), on=timezone.localdate())}

        assert (len(found[full].has), found[full].lacks) == (4, [])
        assert (found[bare].has, len(found[bare].lacks)) == ([], 4)


def test_a_draft_can_be_read_back(writer):
    document = write_rule(a_draft(TEXT), by=writer)

    articles = draft_of(document).text.articles
    assert [(one.number, one.text) for one in articles] == [
        (1, "为提高服务质量，制定本制度。"),
        (2, "着装统一。\n一律佩带工作卡。"),
    ]
