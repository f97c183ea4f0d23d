"""Reports of the calendar: figures by themselves when they fall due, and words to whom it concerns."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwen.accounts.queries import system_staff
from shouwen.cases.models import CaseReport
from shouwen.cases.operations.reporting import SUBJECT, draft_report
from shouwen.cases.queries.reports import readers_of, writers_of
from shouwen.cases.reportevents import CaseReportFiled
from shouwen.core.bus import When, handles
from shouwen.deadlines.events import DeadlineEvent, DeadlineMissed, DeadlineNear
from shouwen.notices.kinds import register_kind
from shouwen.notices.operations import Message, notify_staff

REPORT = register_kind("cases.report", gettext_lazy("A report is due, missed or filed"))


def _is_report(event: DeadlineEvent) -> bool:
    return event.about_kind == SUBJECT


@handles(DeadlineNear, when=When.AS_JOB, only=_is_report)
def remind_of_report(event: DeadlineNear) -> None:
    """The figures stand in the report, and whoever writes it is reminded. (D666)"""
    report = draft_report(event.about_id, by=system_staff(), at=timezone.now())
    if report:
        words = _("“%(title)s” falls due soon. Its figures are counted; please read and file it.")
        _tell(writers_of(report), report, words, f"near:{event.deadline_id}")


@handles(DeadlineMissed, when=When.AS_JOB, only=_is_report)
def tell_of_missed_report(event: DeadlineMissed) -> None:
    """Who should have written it and who waits for it hear that it is late; it has figures at least."""
    report = draft_report(event.about_id, by=system_staff(), at=timezone.now())
    if report:
        words = _("“%(title)s” was not filed in time.")
        people = sorted({*writers_of(report), *readers_of(report)})
        _tell(people, report, words, f"missed:{event.deadline_id}")


@handles(CaseReportFiled, when=When.AS_JOB)
def hand_in_report(event: CaseReportFiled) -> None:
    """Whoever the report is for has it. (D666, D667, D703)"""
    report = CaseReport.objects.select_related("rule", "department").get(pk=event.report_id)
    people = [one for one in readers_of(report) if one != event.by_id]
    _tell(people, report, _("“%(title)s” is filed."), f"filed:{report.pk}")


def _tell(people: list[int], report: CaseReport, words: str, key: str) -> None:
    message = Message(
        kind=REPORT.code,
        text=words % {"title": report.title},
        url=f"/cases/reports/{report.pk}/",
        subject_kind=SUBJECT,
        subject_id=report.pk,
        key=f"case_report:{key}",
    )
    notify_staff(people, message=message, at=timezone.now(), by=system_staff())
