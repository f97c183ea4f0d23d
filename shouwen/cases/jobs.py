"""Timers of cases."""

from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.cases.operations.handing import mark_stalled
from shouwen.cases.operations.reporting import install_report_rules, owe_reports
from shouwen.cases.queries.cases import perhaps_stalled
from shouwen.core.jobs import every


@every("*/10 * * * *")
def notice_silence() -> None:
    """Cases without a word for as long as their kind allows are announced, once a silence."""
    at, system = timezone.now(), system_staff()
    for case_id in perhaps_stalled(at=at):
        mark_stalled(case_id, by=system, at=at)


@every("*/15 * * * *")
def keep_the_calendar_of_reports() -> None:
    """The reports that the calendar asks for stand there with their clocks."""
    system = system_staff()
    install_report_rules(by=system)
    owe_reports(at=timezone.now(), by=system)
