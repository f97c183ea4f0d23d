"""What a customer hears by itself, and who hears what a customer does himself."""

from dataclasses import replace

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from shouwen.accounts.models import Department, Staff
from shouwen.accounts.queries import company, system_staff
from shouwen.cases.definitions import Told
from shouwen.cases.events import (
    AnswerReplied,
    CaseAccepted,
    CaseAnswered,
    CaseArchived,
    CaseEvent,
    CaseOpened,
    CustomerSpoke,
    HandedOff,
    IncidentTold,
)
from shouwen.cases.handlers.people import MINE, tell_people
from shouwen.cases.models import Answer, Case
from shouwen.cases.operations.statuslinks import make_link
from shouwen.cases.operations.telling import tell_customer, wants_to_tell
from shouwen.cases.progress import Progress
from shouwen.cases.queries.people import holder_of_role, takers_of
from shouwen.cases.statuslinks import status_address
from shouwen.core.bus import When, handles
from shouwen.notices.kinds import register_kind

ARRIVED = register_kind("cases.arrived", translation.gettext_lazy("A customer sent a case in"))
INCIDENT = "incident"


def _case(case_id: int) -> Case:
    rows = Case.objects.select_related(
        "kind", "customer", "department", "first_responder", "conversation", "status_link"
    )
    return rows.get(pk=case_id)


def _tell(case: Case, what: str, key: str, **more: object) -> None:
    if not wants_to_tell(case, what):
        return
    link = make_link(case, at=timezone.now())
    firm = company()
    told = Progress(
        what=what,
        number=case.number,
        kind=case.kind.name,
        company=firm.name,
        link=status_address(link.ref),
    )
    with translation.override(firm.language):
        told = replace(told, **more)  # type: ignore[arg-type]
        tell_customer(case.pk, told, key=key, by=system_staff())


@handles(CaseOpened, when=When.AS_JOB)
def tell_that_it_is_here(event: CaseOpened) -> None:
    """The customer has his number and his link."""
    case = _case(event.case_id)
    _tell(case, Told.RECEIVED, "received", due_at=case.due_at)


@handles(CaseAccepted, when=When.AS_JOB)
def tell_who_takes_care(event: CaseAccepted) -> None:
    """Somebody stays responsible for it to the end, by name. (D270)"""
    case = _case(event.case_id)
    person = case.first_responder.public_name
    _tell(case, Told.ACCEPTED, "accepted", person=person, due_at=case.due_at)


@handles(HandedOff, when=When.AS_JOB)
def tell_who_works_on_it(event: HandedOff) -> None:
    """The customer knows which department works on it."""
    department = Department.objects.get(pk=event.to_department_id)
    key = f"handed_over:{event.hand_off_id}"
    _tell(_case(event.case_id), Told.HANDED_OVER, key, department=department.name)


@handles(CaseAnswered, when=When.AS_JOB)
def tell_the_answer(event: CaseAnswered) -> None:
    """The answer goes out in writing too, with when and how. (D686)"""
    answer = Answer.objects.get(pk=event.answer_id)
    words = [answer.text]
    if answer.works_from:
        moment = timezone.localtime(answer.works_from)
        words.append(_("Time: %s") % f"{moment:%Y-%m-%d %H:%M}")
    if answer.method:
        words.append(_("How: %s") % answer.method)
    key = f"answered:{answer.pk}"
    _tell(_case(event.case_id), Told.ANSWERED, key, words="\n".join(words))


@handles(CaseArchived, when=When.AS_JOB)
def tell_that_it_is_closed(event: CaseArchived) -> None:
    """Once for each closing: a case that was reopened closes anew."""
    case = _case(event.case_id)
    _tell(case, Told.CLOSED, f"closed:{case.reopened_count}")


@handles(IncidentTold, when=When.AS_JOB)
def tell_everybody_concerned(event: IncidentTold) -> None:
    """The one message to all reaches each who can be reached by mail; the others are called."""
    for case_id in event.case_ids:
        _tell(_case(case_id), INCIDENT, f"incident:{event.key}", words=event.text)


@handles(CaseOpened, when=When.AS_JOB, only=lambda event: event.way == Case.Way.FORM)
def tell_who_may_take_it(event: CaseOpened) -> None:
    """What a customer sent in waits for nobody in particular: the department hears of it. (D696)"""
    case = Case.objects.select_related("department").get(pk=event.case_id)
    people: list[int | None] = list(takers_of(event.department_id))
    if not people:
        boss = holder_of_role("supervisor", near=case.department)
        people = [boss.pk if boss else None]
    tell_people(people, ARRIVED.code, _("%(number)s “%(title)s”: a customer sent this in."), case)


@handles(CustomerSpoke, when=When.AS_JOB)
def tell_who_listens(event: CustomerSpoke) -> None:
    """Handler and first responder hear what the customer added; before anybody took it, the department."""
    words = _("%(number)s “%(title)s”: the customer added something.")
    _tell_ours(event, words)


@handles(AnswerReplied, when=When.AS_JOB, only=lambda event: event.reply == Answer.Reply.ACCEPTED)
def tell_that_it_is_solved(event: AnswerReplied) -> None:
    """Good news is told too."""
    _tell_ours(event, _("%(number)s “%(title)s”: the customer says it is solved."))


def _tell_ours(event: CaseEvent, words: str) -> None:
    ours = {event.handler_id, event.first_responder_id}
    people = Staff.objects.people().filter(pk__in=[one for one in ours if one])
    ids: list[int | None] = list(people.values_list("pk", flat=True))
    case = Case.objects.select_related("department").get(pk=event.case_id)
    tell_people(
        ids or list(takers_of(event.department_id)), MINE.code, words, case, but=event.by_id
    )
