"""Times promised besides the stages: told before they end and when they were missed, ended with the case."""

from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.accounts.queries import system_staff
from shouwen.cases.events import CaseArchived, CaseEvent, CaseMerged
from shouwen.cases.handlers.clocks import CLOCK
from shouwen.cases.models import Case
from shouwen.cases.operations import responding
from shouwen.cases.queries.responses import SUBJECT
from shouwen.core.bus import When, handles
from shouwen.deadlines.events import DeadlineEvent, DeadlineMissed, DeadlineNear
from shouwen.notices.operations import Message, notify_staff


@handles(CaseArchived, CaseMerged, when=When.IN_TRANSACTION)
def end_with_the_case(event: CaseEvent) -> None:
    """A case that is over owes no departure any more."""
    case = Case.objects.select_related("kind").get(pk=event.case_id)
    responding.end_responses(case, at=timezone.now(), by=system_staff())


def _is_response(event: DeadlineEvent) -> bool:
    return event.about_kind == SUBJECT


@handles(DeadlineNear, DeadlineMissed, when=When.AS_JOB, only=_is_response)
def tell_of_response(event: DeadlineEvent) -> None:
    """The handler and the first responder hear of it, once each. (D615)"""
    case = Case.objects.select_related("kind").get(pk=event.about_id)
    field = case.kind.defined.field(event.kind)
    is_missed = isinstance(event, DeadlineMissed)
    words = (
        _("%(number)s: “%(field)s” is late.")
        if is_missed
        else _("%(number)s: “%(field)s” is due soon.")
    )
    message = Message(
        kind=CLOCK.code,
        text=words % {"number": case.number, "field": field.name if field else event.kind},
        url=f"/cases/{case.pk}/",
        subject_kind="case",
        subject_id=case.pk,
        key=f"case_response:{event.deadline_id}:{is_missed}",
    )
    people = sorted({one for one in (case.handler_id, case.first_responder_id) if one})
    notify_staff(people, message=message, at=timezone.now(), by=system_staff())
