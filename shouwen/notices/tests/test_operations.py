"""Staff are told once, in the way they chose; faults go from report to resolution."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import gettext_lazy

from shouwen.accounts.queries import company, system_staff
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.errors import NotPermitted, NotThere
from shouwen.core.history import history_of
from shouwen.core.jobs import run_waiting_jobs
from shouwen.core.models import HistoryEntry
from shouwen.mailroom.models import Outbound
from shouwen.mailroom.tests.factories import MailboxFactory
from shouwen.notices.kinds import all_kinds, kind_of, register_kind
from shouwen.notices.models import FaultReport, Notice, StartOfDayCheck
from shouwen.notices.operations import (
    FaultAlreadyResolved,
    FaultUnclear,
    Finding,
    Message,
    check_start_of_day,
    choose_notices,
    mark_notices_read,
    notify_staff,
    report_fault,
    resolve_fault,
    take_fault,
)
from shouwen.notices.queries import (
    checks_on,
    choices_of,
    needs_start_of_day_check,
    open_faults,
    staff_who_may,
    unread_count,
    visible_faults,
    visible_notices,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
KIND = register_kind("tests.something", "Something")


def tell(*staff, **message):
    values = {"kind": KIND.code, "text": "张工 已接收转办", **message}
    ids = [one.pk for one in staff]
    return notify_staff(ids, message=Message(**values), at=NOW, by=system_staff())


def found(**finding):
    values = {"kind": "system", "text": "ERP 打不开", "noticed_at": NOW, **finding}
    return Finding(**values)


class TestNotifyStaff:
    def test_each_has_the_notice_unread(self):
        one, two = StaffFactory(), StaffFactory()

        tell(one, two, url="/workspace/")

        assert (unread_count(one), unread_count(two)) == (1, 1)
        assert visible_notices(one).get().text == "张工 已接收转办"

    def test_the_same_key_tells_nobody_twice(self):
        one, two = StaffFactory(), StaffFactory()

        tell(one, key="case:1")
        made = tell(one, two, key="case:1")

        assert [notice.staff for notice in made] == [two]

    def test_leavers_and_the_system_are_told_nothing(self):
        assert tell(StaffFactory(is_active=False), system_staff()) == []

    def test_who_wants_neither_way_gets_none(self):
        staff = StaffFactory()
        choose_notices({KIND.code: (False, False)}, by=staff)

        assert tell(staff) == []

    def test_is_written_in_the_language_of_the_company(self):
        firm = company()
        firm.language = "en"
        firm.save()
        staff = StaffFactory()

        tell(staff, text=gettext_lazy("just now"))

        assert visible_notices(staff).get().text == "just now"

    def test_long_words_are_cut(self):
        assert len(tell(StaffFactory(), text="长" * 500)[0].text) == 300

    def test_open_screens_are_nudged_after_the_commit(
        self, django_capture_on_commit_callbacks, monkeypatch
    ):
        nudged = []
        monkeypatch.setattr("shouwen.notices.handlers.nudge_all", lambda all_: nudged.extend(all_))
        staff = StaffFactory()

        with django_capture_on_commit_callbacks(execute=True):
            tell(staff)

        assert [(one.topic, one.name) for one in nudged] == [(f"staff:{staff.pk}", "notice")]


class TestMail:
    def test_who_chose_mail_gets_one_mail_however_often_the_job_runs(self):
        MailboxFactory(is_default=True)
        staff, other = StaffFactory(mail="li@example.com"), StaffFactory()
        choose_notices({KIND.code: (False, True)}, by=staff)

        tell(staff, other, url="/workspace/")
        run_waiting_jobs()

        assert [row.recipients for row in Outbound.objects.all()] == [["li@example.com"]]
        assert unread_count(staff) == 0

    def test_without_a_mailbox_nothing_breaks(self):
        staff = StaffFactory(mail="li@example.com")
        choose_notices({KIND.code: (True, True)}, by=staff)

        tell(staff)
        run_waiting_jobs()

        assert unread_count(staff) == 1


class TestMarkNoticesRead:
    def test_only_the_own_ones(self):
        one, two = StaffFactory(), StaffFactory()
        others = tell(one, two)

        count = mark_notices_read([notice.pk for notice in others], at=NOW, by=one)

        assert (count, unread_count(one), unread_count(two)) == (1, 0, 1)

    def test_all_at_once_and_again(self):
        staff = StaffFactory()
        tell(staff)
        tell(staff)

        assert mark_notices_read(None, at=NOW, by=staff) == 2
        assert mark_notices_read(None, at=NOW, by=staff) == 0

    def test_the_other_screens_are_nudged(self, django_capture_on_commit_callbacks, monkeypatch):
        nudged = []
        monkeypatch.setattr("shouwen.notices.handlers.nudge", lambda *word: nudged.append(word))
        staff = StaffFactory()
        tell(staff)

        with django_capture_on_commit_callbacks(execute=True):
            mark_notices_read(None, at=NOW, by=staff)

        assert nudged == [(f"staff:{staff.pk}", "notice")]


class TestChooseNotices:
    def test_what_is_chosen_is_kept_and_the_rest_is_by_default(self):
        staff = StaffFactory()

        choose_notices({KIND.code: (True, True)}, by=staff)

        chosen = {one.kind.code: (one.in_app, one.by_mail) for one in choices_of(staff)}
        assert chosen[KIND.code] == (True, True)
        assert chosen["notices.fault_reported"] == (True, False)
        assert set(chosen) == {kind.code for kind in all_kinds()}

    def test_a_kind_nobody_declared_comes_in_the_application(self):
        assert kind_of("tests.unknown").in_app


class TestReportFault:
    @pytest.mark.duty("D277")
    def test_any_agent_reports_a_fault_with_time_and_state(self):
        agent = StaffFactory(role="agent")

        fault = report_fault(found(), by=agent)

        assert (fault.reported_by, fault.noticed_at) == (agent, NOW)
        assert fault.state == FaultReport.State.REPORTED
        assert fault.number == "GZ-202611-0001"
        told = [entry.name for entry in history_of("fault", fault.pk)]
        assert told == ["notices.FaultReported"]

    @pytest.mark.duty("D442")
    def test_a_machine_is_reported_like_a_computer(self):
        fault = report_fault(
            found(kind="equipment", place="前台", text="打印机卡纸"), by=StaffFactory(role="agent")
        )

        assert (fault.kind, fault.place) == (FaultReport.Kind.EQUIPMENT, "前台")
        assert fault in open_faults()

    def test_whoever_mends_is_told_once(self):
        leader = StaffFactory(role="supervisor")
        report_fault(found(), by=StaffFactory(role="agent"))

        run_waiting_jobs()

        notice = visible_notices(leader).get()
        assert "GZ-202611-0001" in notice.text
        assert Notice.objects.count() == staff_who_may("notices.handle_faults").count()

    def test_refuses_no_words(self):
        with pytest.raises(FaultUnclear):
            report_fault(found(text="  "), by=StaffFactory())


class TestResolveFault:
    @pytest.mark.duty("D277")
    def test_goes_from_reported_to_resolved_and_tells_the_reporter(self):
        agent, leader = StaffFactory(role="agent"), StaffFactory(role="supervisor")
        fault = report_fault(found(), by=agent)

        taken = take_fault(fault.pk, by=leader)
        assert (taken.state, taken.taken_by) == (FaultReport.State.IN_WORK, leader)
        done = resolve_fault(
            fault.pk, resolution="重启服务", at=NOW + timedelta(hours=1), by=leader
        )
        run_waiting_jobs()

        assert done.state == FaultReport.State.RESOLVED
        assert "重启服务" in visible_notices(agent).get().text
        names = [entry.name for entry in history_of("fault", fault.pk)]
        assert names == ["notices.FaultResolved", "notices.FaultTaken", "notices.FaultReported"]
        assert not open_faults()

    def test_refuses_a_second_time(self):
        leader = StaffFactory(role="supervisor")
        fault = report_fault(found(), by=leader)
        resolve_fault(fault.pk, resolution="好了", at=NOW, by=leader)

        with pytest.raises(FaultAlreadyResolved):
            take_fault(fault.pk, by=leader)

    def test_refuses_without_words_without_right_and_what_is_not_there(self):
        agent, leader = StaffFactory(role="agent"), StaffFactory(role="supervisor")
        fault = report_fault(found(), by=agent)

        with pytest.raises(FaultUnclear):
            resolve_fault(fault.pk, resolution=" ", at=NOW, by=leader)
        with pytest.raises(NotPermitted):
            resolve_fault(fault.pk, resolution="好了", at=NOW, by=agent)
        with pytest.raises(NotThere):
            take_fault(fault.pk + 1, by=leader)

    def test_agents_see_their_own_reports_only(self):
        agent, other = StaffFactory(role="agent"), StaffFactory(role="agent")
        fault = report_fault(found(), by=agent)

        assert list(visible_faults(agent)) == [fault]
        assert not visible_faults(other)
        assert visible_faults(StaffFactory(role="supervisor")).count() == 1


class TestCheckStartOfDay:
    @pytest.mark.duty("D153")
    def test_is_needed_until_done_and_again_the_next_day(self):
        agent = StaffFactory(role="agent")
        assert needs_start_of_day_check(agent, at=NOW)

        check_start_of_day({}, at=NOW, by=agent)

        assert not needs_start_of_day_check(agent, at=NOW + timedelta(hours=5))
        assert needs_start_of_day_check(agent, at=NOW + timedelta(days=1))
        assert [entry.name for entry in history_of("staff", agent.pk)] == [
            "notices.StartOfDayChecked"
        ]

    @pytest.mark.duty("D153")
    def test_a_fault_found_makes_a_report(self):
        agent = StaffFactory(role="agent")

        check = check_start_of_day({"phone": "外线无声"}, at=NOW, by=agent)

        assert (check.system_is_well, check.phone_is_well, check.network_is_well) == (
            True,
            False,
            True,
        )
        fault = FaultReport.objects.get()
        assert (fault.kind, fault.text, fault.reported_by) == ("phone", "外线无声", agent)

    def test_a_second_look_only_reports_what_it_finds(self):
        agent = StaffFactory(role="agent")
        check_start_of_day({}, at=NOW, by=agent)

        check_start_of_day({"network": "断网"}, at=NOW + timedelta(hours=1), by=agent)

        assert StartOfDayCheck.objects.get().network_is_well
        assert FaultReport.objects.count() == 1
        assert list(checks_on(NOW)) == [StartOfDayCheck.objects.get()]


def test_every_fact_has_its_name():
    """NoticesSent and NoticesChosen are in history; NoticesRead is a mark only; FaultEvent is the
    base of FaultReported, FaultTaken and FaultResolved; StartOfDayChecked tells of a person.
    """
    staff = StaffFactory()
    tell(staff)
    choose_notices({KIND.code: (True, False)}, by=staff)
    mark_notices_read(None, at=NOW, by=staff)

    names = set(HistoryEntry.objects.values_list("name", flat=True))
    assert names == {"notices.NoticesSent", "notices.NoticesChosen"}
