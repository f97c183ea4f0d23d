"""Kept reports: owed by the calendar, counted by themselves, written to, filed, and never changed after."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.cases.jobs import keep_the_calendar_of_reports
from shouwen.cases.models import Case, CaseReport, ReportRule
from shouwen.cases.operations.reporting import (
    ReportIsFiled,
    ReportNotCounted,
    RuleChange,
    begin_report,
    change_report_rule,
    count_report,
    file_report,
    install_report_rules,
    owe_reports,
    write_report,
)
from shouwen.cases.queries.reports import readers_of, visible_reports, writers_of
from shouwen.cases.tests.make import AT, a_case, a_kind, a_receiver, archived, taken
from shouwen.core.errors import NotPermitted, NotThere, Refused
from shouwen.core.history import history_of
from shouwen.core.jobs import run_waiting_jobs
from shouwen.core.periods import Span, period_of
from shouwen.deadlines.models import Deadline
from shouwen.deadlines.operations import sweep_deadlines
from shouwen.notices.models import Notice

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
DAY, WEEK = period_of(Span.DAY, MONDAY), period_of(Span.WEEK, MONDAY)
EVENING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # five o'clock in Shanghai


@pytest.fixture
def boss(receiver):
    return StaffFactory(role="supervisor", department=receiver.department, name="王芳")


@pytest.fixture
def manager(receiver):
    return StaffFactory(role="service_manager", department=receiver.department, name="林海")


@pytest.fixture
def calendar(boss, manager):
    install_report_rules(by=system_staff())
    ReportRule.objects.update(created_at=AT - timedelta(days=5))


def the_day(boss):
    return CaseReport.objects.get(span="day", department=boss.department)


class TestCalendar:
    @pytest.mark.duty("D666", "D667", "D703")
    def test_a_new_site_has_the_usual_one(self, calendar, boss):
        rules = {rule.span: rule for rule in ReportRule.objects.all()}

        assert set(rules) == {"day", "week", "month", "quarter", "half", "year"}
        assert rules["day"].department == rules["week"].department == boss.department
        assert rules["month"].department is None
        assert rules["day"].name == "当日接诉情况总结"
        assert (rules["day"].writer_role, rules["week"].reader_role) == (
            "supervisor", "deputy_general_manager",
        )  # fmt: skip

    def test_it_is_written_once_and_what_a_site_changed_stays(self, calendar, manager):
        rule = ReportRule.objects.get(span="day")
        admin = StaffFactory(role="administrator")
        change = RuleChange(
            due_minutes=18 * 60, due_days=0, warn_minutes=30, writer_role="shift_leader",
            reader_role="service_manager", is_active=False,
        )  # fmt: skip
        change_report_rule(rule.pk, change, by=admin)

        install_report_rules(by=system_staff())
        owe_reports(at=AT, by=system_staff())

        assert ReportRule.objects.get(span="day").due_time == "18:00"
        assert not CaseReport.objects.filter(span="day").exists()
        names = [one.name for one in history_of("case_report_rule", rule.pk)]
        assert names == ["cases.ReportRuleChanged"] * 2

    def test_each_period_is_owed_once_with_its_clock(self, calendar, boss):
        assert owe_reports(at=AT, by=system_staff()) == 7
        assert owe_reports(at=AT + timedelta(hours=1), by=system_staff()) == 0

        report = the_day(boss)
        assert report.due_at == EVENING
        clock = Deadline.objects.get(subject_kind="case_report", subject_id=report.pk)
        assert (clock.due_at, clock.warn_at) == (EVENING, EVENING - timedelta(hours=1))
        assert [one.name for one in history_of("case_report", report.pk)] == [
            "cases.CaseReportOwed"
        ]

    def test_a_day_without_service_owes_no_summary(self, calendar):
        sunday = AT - timedelta(days=1)
        owe_reports(at=sunday, by=system_staff())

        assert not CaseReport.objects.filter(span="day").exists()
        assert CaseReport.objects.filter(span="week").exists()

    def test_the_week_is_due_on_its_last_day_of_service_also_when_no_worker_was_there(
        self, calendar
    ):
        owe_reports(at=AT, by=system_staff())

        weeks = CaseReport.objects.filter(span="week").order_by("first_day")
        assert [one.due_at for one in weeks] == [
            EVENING - timedelta(days=3),
            EVENING + timedelta(days=4),
        ]

    def test_a_new_calendar_owes_nothing_of_the_past(self, calendar):
        ReportRule.objects.update(created_at=AT)
        owe_reports(at=AT, by=system_staff())

        assert CaseReport.objects.count() == 6

    @time_machine.travel(AT, tick=False)
    def test_the_timer_keeps_it(self, boss):
        keep_the_calendar_of_reports()

        assert CaseReport.objects.filter(span="month").exists()

    def test_only_who_configures_changes_it(self, calendar, boss, client):
        rule = ReportRule.objects.get(span="day")
        client.force_login(boss)
        page = reverse("cases:report_rule", args=[rule.pk])
        assert client.get(page).status_code == 403
        client.force_login(StaffFactory(role="administrator"))
        entered = {
            "due_time": "17:30", "due_days": "0", "warn_minutes": "45", "is_active": "on",
            "writer_role": "supervisor", "reader_role": "service_manager",
        }  # fmt: skip

        assert client.post(page, entered | {"due_time": "25:00"}).status_code == 422
        assert client.post(page, entered).status_code == 302
        assert ReportRule.objects.get(pk=rule.pk).due_time == "17:30"


class TestDueByItself:
    @pytest.mark.duty("D666")
    def test_before_the_shift_ends_the_figures_stand_there_and_the_supervisor_is_reminded(
        self, calendar, boss, receiver, manager
    ):
        owe_reports(at=AT, by=system_staff())
        a_case(receiver)
        Deadline.objects.filter(subject_kind="case").delete()

        sweep_deadlines(at=EVENING - timedelta(minutes=59))
        run_waiting_jobs()

        report = the_day(boss)
        assert report.is_counted
        assert report.counted_by == system_staff()
        [notice] = Notice.objects.filter(staff=boss, kind="cases.report")
        assert "当日接诉情况总结" in notice.text
        assert not Notice.objects.filter(staff=manager, kind="cases.report").exists()

        sweep_deadlines(at=EVENING + timedelta(minutes=1))
        run_waiting_jobs()

        assert Notice.objects.filter(staff=boss, kind="cases.report").count() == 2
        assert Notice.objects.get(staff=manager, kind="cases.report").text.endswith(
            "没有按时归档。"
        )

    @pytest.mark.duty("D666", "D263")
    def test_filed_in_time_its_clock_is_met_and_who_waits_for_it_hears(
        self, calendar, boss, manager
    ):
        owe_reports(at=AT, by=system_staff())
        report = the_day(boss)
        count_report(report.pk, by=boss, at=AT)
        run_waiting_jobs()

        file_report(report.pk, by=boss, at=EVENING - timedelta(minutes=5))
        run_waiting_jobs()

        clock = Deadline.objects.get(subject_kind="case_report", subject_id=report.pk)
        assert clock.was_kept
        assert "已归档" in Notice.objects.get(staff=manager, kind="cases.report").text
        sweep_deadlines(at=EVENING + timedelta(days=1))
        run_waiting_jobs()
        assert Notice.objects.filter(staff=manager, text__contains="当日").count() == 1


class TestReport:
    @pytest.mark.duty("D666")
    def test_the_summary_of_the_day_covers_every_open_complaint(self, boss, receiver):
        old = a_case(receiver, at=AT - timedelta(days=3))
        new = taken(a_case(receiver, kind=old.kind), receiver)
        done = archived(a_case(receiver, kind=old.kind), receiver)
        suggestion = a_kind(code="suggestion", prefix="JY", is_complaint=False)
        a_case(receiver, kind=suggestion)

        report = begin_report(DAY, department=boss.department, by=boss, at=EVENING)

        assert [row["number"] for row in report.figures["open"]] == [old.number, new.number]
        assert done.number not in str(report.figures["open"])
        numbers = {one["code"]: one["value"] for one in report.figures["numbers"]}
        assert (numbers["received"], numbers["open"], numbers["archived"]) == (2, 2, 1)

    @pytest.mark.duty("D263", "D667")
    def test_the_week_counts_accepted_supervised_fed_back_and_followed_up(self, boss, receiver):
        archived(a_case(receiver), receiver)

        report = begin_report(WEEK, department=boss.department, by=boss, at=EVENING)

        numbers = {one["label"]: one["value"] for one in report.figures["numbers"]}
        assert [numbers[name] for name in ("受理", "督办", "反馈", "回访")] == [1, 0, 1, 1]
        assert [table["code"] for table in report.figures["tables"]]

    @pytest.mark.duty("D703")
    def test_what_is_filed_keeps_its_figures_words_people_and_times(self, boss, manager, receiver):
        a_case(receiver)
        month = period_of(Span.MONTH, MONDAY)
        report = begin_report(month, department=boss.department, by=boss, at=EVENING)
        write_report(report.pk, "电梯投诉较多，已约维保单位。", by=manager, at=EVENING)
        file_report(report.pk, by=boss, at=EVENING)
        before = CaseReport.objects.get(pk=report.pk).figures

        a_case(receiver, kind=Case.objects.get().kind)
        for verb in (
            lambda: count_report(report.pk, by=boss, at=EVENING),
            lambda: write_report(report.pk, "改", by=boss, at=EVENING),
            lambda: file_report(report.pk, by=boss, at=EVENING),
        ):
            with pytest.raises(ReportIsFiled):
                verb()

        kept = CaseReport.objects.get(pk=report.pk)
        assert (kept.figures, kept.text) == (before, "电梯投诉较多，已约维保单位。")
        assert (kept.counted_by, kept.written_by, kept.filed_by) == (boss, manager, boss)
        assert [one.name for one in history_of("case_report", report.pk).order_by("pk")] == [
            "cases.CaseReportCounted",
            "cases.CaseReportWritten",
            "cases.CaseReportFiled",
        ]

    def test_the_database_holds_it_too(self, boss):
        report = begin_report(DAY, department=boss.department, by=boss, at=EVENING)
        file_report(report.pk, by=boss, at=EVENING)
        rows = CaseReport.objects.filter(pk=report.pk)

        for change in (
            lambda: rows.update(text="改"),
            lambda: rows.update(filed_at=None, filed_by=None),
            rows.delete,
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_a_report_without_figures_is_not_filed(self, calendar, boss):
        owe_reports(at=AT, by=system_staff())

        with pytest.raises(ReportNotCounted):
            file_report(the_day(boss).pk, by=boss, at=AT)

    def test_the_same_report_is_begun_once(self, boss):
        first = begin_report(DAY, department=boss.department, by=boss, at=EVENING)

        assert begin_report(DAY, department=boss.department, by=boss, at=EVENING) == first

    def test_an_agent_begins_none_and_a_supervisor_only_his_own(self, boss, receiver):
        with pytest.raises(NotPermitted):
            begin_report(DAY, department=receiver.department, by=receiver, at=AT)
        for place in (None, DepartmentFactory()):
            with pytest.raises(Refused):
                begin_report(DAY, department=place, by=boss, at=AT)

    def test_nobody_reads_the_report_of_another_department(self, boss, manager, receiver):
        report = begin_report(DAY, department=boss.department, by=boss, at=EVENING)
        whole = begin_report(DAY, department=None, by=manager, at=EVENING)
        other = StaffFactory(role="supervisor", department=DepartmentFactory())

        assert set(visible_reports(manager)) == {report, whole}
        assert set(visible_reports(boss)) == {report}
        assert not visible_reports(other).exists()
        assert not visible_reports(StaffFactory(role="chat_companion")).exists()
        with pytest.raises(NotThere):
            write_report(report.pk, "x", by=other, at=EVENING)

    def test_who_writes_and_who_receives(self, calendar, boss, manager):
        owe_reports(at=AT, by=system_staff())
        week = CaseReport.objects.get(span="month")

        assert writers_of(the_day(boss)) == [boss.pk]
        assert readers_of(the_day(boss)) == [manager.pk]
        assert writers_of(week) == [manager.pk]


class TestPages:
    def test_from_a_new_one_to_the_archive(self, client, boss, receiver):
        a_case(receiver, at=timezone.now())
        client.force_login(boss)
        listing = reverse("cases:reports")
        asked = {"span": "day", "day": timezone.localdate().isoformat(),
                 "department": str(boss.department_id)}  # fmt: skip
        assert client.post(listing, asked | {"department": ""}).status_code == 422

        made = client.post(listing, asked)
        page = made.headers["Location"]
        assert client.post(page, {"text": "<b>平稳</b>"}).status_code == 302
        shown = client.get(page).content.decode()
        assert "&lt;b&gt;平稳" in shown
        assert "未办结投诉" in shown
        report = CaseReport.objects.get()
        assert client.post(reverse("cases:report_count", args=[report.pk])).status_code == 302
        assert client.post(reverse("cases:report_file", args=[report.pk])).status_code == 302
        assert client.post(reverse("cases:report_file", args=[report.pk])).status_code == 422
        assert client.post(page, {"text": "晚了"}).status_code == 422
        assert "已归档" in client.get(page).content.decode()
        assert report.title in client.get(listing).content.decode()

    def test_a_row_that_a_person_may_not_see_is_not_shown(self, client, boss, manager, receiver):
        case = a_case(receiver, at=timezone.now())
        Case.objects.filter(pk=case.pk).update(accused=boss)
        today = period_of(Span.DAY, timezone.localdate())
        report = begin_report(today, department=boss.department, by=manager, at=timezone.now())
        client.force_login(boss)

        shown = client.get(reverse("cases:report", args=[report.pk])).content.decode()

        assert case.number not in shown
        assert "另有 1 件" in shown

    def test_another_department_finds_nothing(self, client, boss):
        report = begin_report(DAY, department=boss.department, by=boss, at=EVENING)
        client.force_login(a_receiver(role="supervisor", department=DepartmentFactory()))

        assert client.get(reverse("cases:report", args=[report.pk])).status_code == 404
        assert client.post(reverse("cases:report_file", args=[report.pk])).status_code == 404
