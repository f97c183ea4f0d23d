"""Steps of a kind: done, or passed over with a reason; open ones hold the case at its stage."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.cases.definitions import Step
from shouwen.cases.events import StepFinished
from shouwen.cases.models import Case, StepDone
from shouwen.cases.operations.rows import (
    announce,
    open_case_row,
    reason_of,
    require_hand_on,
    save_news,
)
from shouwen.cases.refusals import StepsOpen
from shouwen.core.errors import Refused


@transaction.atomic
def finish_step(case_id: int, *, code: str, note: str = "", by: Staff, at: datetime) -> StepDone:
    """The step is done; done before stays as it was written. Refuses a step the kind does not have."""
    return _finish(case_id, code, by=by, at=at, note=note.strip()[:500])


@transaction.atomic
def skip_step(case_id: int, *, code: str, reason: str, by: Staff, at: datetime) -> StepDone:
    """The step is passed over, with the reason on record. (D021)"""
    return _finish(case_id, code, by=by, at=at, skip_reason=reason_of(reason))


def _finish(case_id: int, code: str, *, by: Staff, at: datetime, **said: str) -> StepDone:
    case = open_case_row(case_id)
    require_hand_on(case, by)
    if not any(one.code == code for one in case.kind.defined.steps):
        raise Refused(_("There is no such step."))
    done, is_new = StepDone.objects.get_or_create(
        case=case, code=code, defaults={"by": by, "at": at, **said}
    )
    if is_new:
        save_news(case, at)
        announce(StepFinished, case, by=by, step=code, skip_reason=said.get("skip_reason", ""))
    return done


def open_steps(case: Case, stage: str) -> list[Step]:
    """Steps of the stage, for a case of this nature, neither done nor passed over."""
    wanted = case.kind.defined.steps_at(stage, is_urgent=case.is_urgent, is_major=case.is_major)
    if not wanted:
        return []
    done = set(StepDone.objects.filter(case=case).values_list("code", flat=True))
    return [one for one in wanted if one.code not in done]


def check_steps(case: Case, stage: str) -> None:
    """Refuses to leave a stage whose steps are open."""
    if missing := open_steps(case, stage):
        raise StepsOpen([one.name for one in missing])
