"""What every verb on a case begins and ends with: the locked row, the stage, the fact."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.cases import workflow
from shouwen.cases.events import CaseEvent
from shouwen.cases.models import Case
from shouwen.cases.permissions import CasePermission
from shouwen.cases.refusals import CaseAlreadyClosed, StageForbids
from shouwen.core.bus import publish
from shouwen.core.errors import NotPermitted, Refused

REASON_LIMIT = 300
MOVED = ("stage", "waiting_since", "due_at")  # what a move to another stage writes


def lock_case(case_id: int) -> Case:
    """The case with its kind, locked until the end of the transaction."""
    return (
        Case.objects.select_for_update(no_key=True, of=("self",))
        .select_related("kind")
        .get(pk=case_id)
    )


def open_case_row(case_id: int) -> Case:
    """The same; refuses a case in the archive."""
    case = lock_case(case_id)
    if case.is_closed:
        raise CaseAlreadyClosed(case.number)
    return case


def require_hand_on(case: Case, by: Staff) -> None:
    """Refuses whoever neither handles the case, nor took it first, nor directs those of others.

    What a customer sent in himself is anybody's until somebody takes it.
    """
    require(by, CasePermission.HANDLE)
    if by.pk in {case.handler_id, case.first_responder_id} or by.may(CasePermission.DIRECT):
        return
    if case.handler_id is None and case.first_responder.is_system:
        return
    raise NotPermitted(_("Only the handler, the first responder or a supervisor may do this."))


def save(case: Case, *fields: str) -> None:
    """The named columns are written."""
    case.save(update_fields=[*fields, "updated_at"])


def save_news(case: Case, at: datetime, *fields: str) -> None:
    """The named columns are written, and with this news the silence of the case begins anew."""
    case.last_progress_at = max(case.last_progress_at, at)
    save(case, *fields, "last_progress_at")


def move(case: Case, to: str) -> None:
    """The locked case stands at another stage, in memory; refuses what workflow.py does not know.

    Going on to another stage ends a wait for the customer: save `MOVED` with it.
    """
    if not workflow.may_move(case.stage, to):
        raise StageForbids(case.get_stage_display(), str(Case.Stage(to).label))
    case.stage = to
    case.waiting_since = None


def announce(event_type: type[CaseEvent], case: Case, *, by: Staff | None, **facts: Any) -> None:
    """Publish a fact about this case."""
    publish(
        event_type(
            case_id=case.pk,
            department_id=case.department_id,
            handler_id=case.handler_id,
            first_responder_id=case.first_responder_id,
            by_id=by.pk if by else None,
            **facts,
        )
    )


def reason_of(reason: str, *, limit: int = REASON_LIMIT) -> str:
    """The reason, cut to fit; refuses an empty one."""
    words = reason.strip()
    if not words:
        raise Refused(_("Please give a reason."))
    return words[:limit]


def words_of(text: str, refusal: str) -> str:
    """The words; refuses none at all, with the words given."""
    words = text.replace("\x00", "").strip()
    if not words:
        raise Refused(refusal)
    return words
