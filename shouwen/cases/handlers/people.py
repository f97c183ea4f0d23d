"""Who is told of what happens to a case."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import system_staff
from shouwen.cases.events import (
    ApprovalAsked,
    ApprovalDecided,
    CaseAssigned,
    CaseEscalated,
    CaseEvent,
    CaseReopened,
    CaseStalled,
    EscalationAdvised,
    HandedOff,
    HandOffDone,
    HandOffEvent,
    HandOffReturned,
    MisconductReported,
    ProgressNoted,
)
from shouwen.cases.models import Case, HandOff
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.people import holder_of_role, who_receives
from shouwen.core.bus import When, handles
from shouwen.notices.kinds import register_kind
from shouwen.notices.operations import Message, notify_staff

MINE = register_kind("cases.mine", gettext_lazy("Something about a case of mine"))
HANDED = register_kind("cases.handed", gettext_lazy("Work of a case is handed to us"))
ASKED = register_kind("cases.asked", gettext_lazy("Somebody asks for my approval"))
CLIMBED = register_kind("cases.climbed", gettext_lazy("A case reaches my level"), by_mail=True)
STALLED = register_kind("cases.stalled", gettext_lazy("A case has been silent for long"))
CONDUCT = register_kind("cases.conduct", gettext_lazy("Misconduct is reported"))


def tell_people(
    people: Iterable[int | None], kind: str, words: str, case: Case, *, but: int | None = None
) -> None:
    """These people hear it, but not who did it himself."""
    message = Message(
        kind=kind,
        text=words % {"number": case.number, "title": case.title},
        url=f"/cases/{case.pk}/",
        subject_kind="case",
        subject_id=case.pk,
    )
    ids = sorted({one for one in people if one} - {but})
    notify_staff(ids, message=message, at=timezone.now(), by=system_staff())


def _case(event: CaseEvent) -> Case:
    return Case.objects.select_related("department").get(pk=event.case_id)


def _ours(event: CaseEvent) -> set[int | None]:
    return {event.handler_id, event.first_responder_id}


@handles(CaseAssigned, CaseReopened, when=When.AS_JOB)
def tell_who_has_it(event: CaseEvent) -> None:
    """The new handler and the first responder hear of it. (D270)"""
    words = _("%(number)s “%(title)s” is yours to handle or to follow.")
    if isinstance(event, CaseReopened):
        words = _("%(number)s “%(title)s” was reopened.")
    tell_people(_ours(event), MINE.code, words, _case(event), but=event.by_id)


@handles(HandedOff, when=When.AS_JOB)
def tell_who_receives(event: HandedOff) -> None:
    """The person, or everybody of the department who may receive, has it on the list. (D002, D016)"""
    people = [event.to_staff_id] if event.to_staff_id else who_receives(event.to_department_id)
    words = _("%(number)s “%(title)s” was handed to your department.")
    tell_people(people, HANDED.code, words, _case(event), but=event.by_id)


@handles(HandOffDone, HandOffReturned, when=When.AS_JOB)
def tell_how_it_ended(event: HandOffEvent) -> None:
    """Handler and first responder hear how a task ended, to tell the customer. (D664, D665)"""
    words = _("%(number)s “%(title)s”: a task was done.")
    if isinstance(event, HandOffReturned):
        words = _("%(number)s “%(title)s”: a task came back undone.")
    tell_people(_ours(event), MINE.code, words, _case(event), but=event.by_id)


@handles(ProgressNoted, when=When.AS_JOB)
def tell_of_progress(event: ProgressNoted) -> None:
    """News goes to handler and first responder, and to the departments at work on it. (D108)"""
    at_work: set[int | None] = set()
    for one in HandOff.objects.filter(case_id=event.case_id, ended_at=None):
        at_work |= {one.staff_id} if one.staff_id else set(who_receives(one.department_id))
    words = _("%(number)s “%(title)s”: there is news.")
    tell_people(_ours(event) | at_work, MINE.code, words, _case(event), but=event.by_id)


@handles(ApprovalAsked, when=When.AS_JOB)
def tell_who_decides(event: ApprovalAsked) -> None:
    """Whoever holds the role nearest to the case is asked."""
    case = _case(event)
    holder = holder_of_role(
        event.role_code, near=case.department, but_not=frozenset({event.by_id or 0})
    )
    words = _("%(number)s “%(title)s” waits for your approval.")
    tell_people([holder.pk if holder else None], ASKED.code, words, case)


@handles(ApprovalDecided, when=When.AS_JOB)
def tell_the_decision(event: ApprovalDecided) -> None:
    """Whoever asked hears the answer, and so does the first responder."""
    words = _("%(number)s “%(title)s”: your proposal was approved.")
    if event.decision != "granted":
        words = _("%(number)s “%(title)s”: your proposal was not approved.")
    people = {event.asked_by_id, event.first_responder_id}
    tell_people(people, MINE.code, words, _case(event), but=event.by_id)


@handles(CaseEscalated, when=When.AS_JOB)
def tell_the_next_level(event: CaseEscalated) -> None:
    """The superior gets it at once, with the reason on the case; first responder and handler know.

    (D090, D128, D698)
    """
    case = _case(event)
    tell_people([event.to_id], CLIMBED.code, _("%(number)s “%(title)s” has reached you."), case)
    words = _("%(number)s “%(title)s” went up the ladder.")
    tell_people(_ours(event) - {event.to_id}, MINE.code, words, case, but=event.by_id)


@handles(EscalationAdvised, when=When.AS_JOB)
def tell_the_advice(event: EscalationAdvised) -> None:
    """Advice from above reaches who works on it. (D543)"""
    words = _("%(number)s “%(title)s”: there is advice from above.")
    tell_people(_ours(event), MINE.code, words, _case(event), but=event.by_id)


@handles(CaseStalled, when=When.AS_JOB)
def tell_the_supervisor_of_silence(event: CaseStalled) -> None:
    """Silence is seen: by the supervisor, the handler and the first responder. (D223, D351)"""
    case = _case(event)
    boss = holder_of_role("supervisor", near=case.department)
    words = _("%(number)s “%(title)s” has had no news for long.")
    tell_people(_ours(event) | {boss.pk if boss else None}, STALLED.code, words, case)


@handles(MisconductReported, when=When.AS_JOB)
def tell_who_grades(event: MisconductReported) -> None:
    """Those who may grade are told; the accused is not."""
    staff = Staff.objects.active().people().exclude(pk=event.staff_id)
    people = [one.pk for one in staff if one.may(CasePermission.GRADE_MISCONDUCT)]
    message = Message(
        kind=CONDUCT.code,
        text=_("Misconduct was reported. Please look into it."),
        url="/cases/conduct/",
        subject_kind="misconduct",
        subject_id=event.misconduct_id,
        key=f"misconduct:{event.misconduct_id}",
    )
    notify_staff(people, message=message, at=timezone.now(), by=system_staff())
