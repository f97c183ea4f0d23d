"""What a missed clock sets off: the next level of the ladder, and words to whom it concerns."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwen.accounts.queries import system_staff
from shouwen.cases.models import Case, CasePromise
from shouwen.cases.operations import clocks, promising
from shouwen.cases.operations.climbing import climb_for_missed_clock
from shouwen.core.bus import When, handles
from shouwen.deadlines.events import DeadlineEvent, DeadlineMissed, DeadlineNear
from shouwen.notices.kinds import register_kind
from shouwen.notices.operations import Message, notify_staff

CLOCK = register_kind("cases.clock", gettext_lazy("A clock of my case is near its end or missed"))
PROMISE = register_kind("cases.promise", gettext_lazy("A promise I made falls due"))


def _is_case(event: DeadlineEvent) -> bool:
    return event.about_kind == clocks.SUBJECT


def _is_promise(event: DeadlineEvent) -> bool:
    return event.about_kind == promising.SUBJECT


@handles(DeadlineMissed, when=When.AS_JOB, only=_is_case)
def climb_when_missed(event: DeadlineMissed) -> None:
    """A missed stage climbs the ladder by itself. (Law 4)"""
    climb_for_missed_clock(event.about_id, stage=event.kind, by=system_staff(), at=timezone.now())


@handles(DeadlineNear, DeadlineMissed, when=When.AS_JOB, only=_is_case)
def tell_of_case_clock(event: DeadlineEvent) -> None:
    """The handler and the first responder hear of it, once each. (D224, D270)"""
    case = Case.objects.get(pk=event.about_id)
    if case.is_closed:
        return
    is_missed = isinstance(event, DeadlineMissed)
    words = _("%(number)s: the time for “%(stage)s” has passed.")
    if not is_missed:
        words = _("%(number)s: the time for “%(stage)s” ends soon.")
    _tell(case, CLOCK.code, words % _place(case, event), f"{event.deadline_id}:{is_missed}")


def _place(case: Case, event: DeadlineEvent) -> dict[str, str]:
    return {"number": case.number, "stage": str(Case.Stage(event.kind).label)}


@handles(DeadlineNear, DeadlineMissed, when=When.AS_JOB, only=_is_promise)
def tell_of_promise(event: DeadlineEvent) -> None:
    """Whoever promised is reminded before, and told when it was missed. (D357)"""
    promise = CasePromise.objects.select_related("case").get(pk=event.about_id)
    if promise.kept_at:
        return
    is_missed = isinstance(event, DeadlineMissed)
    words = _("%(number)s: promised and not kept in time: %(text)s")
    if not is_missed:
        words = _("%(number)s: promised, and soon due: %(text)s")
    text = words % {"number": promise.case.number, "text": promise.text}
    _tell(promise.case, PROMISE.code, text, f"promise:{event.deadline_id}:{is_missed}")


def _tell(case: Case, kind: str, text: str, key: str) -> None:
    people = {case.handler_id, case.first_responder_id}
    message = Message(
        kind=kind,
        text=text,
        url=f"/cases/{case.pk}/",
        subject_kind=clocks.SUBJECT,
        subject_id=case.pk,
        key=f"case_clock:{key}",
    )
    notify_staff(
        [one for one in people if one], message=message, at=timezone.now(), by=system_staff()
    )
