"""What a complaint has on record for GB/T 19012, in words and where to see it."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from shouwen.accounts.models import ReadLog
from shouwen.cases.queries.ledger import nature_of
from shouwen.cases.queries.pages import CasePage
from shouwen.cases.queries.sheetrows import joined, moment
from shouwen.cases.workflow import HANDLE
from shouwen.core.history import history_of
from shouwen.deadlines.models import Deadline
from shouwen.deadlines.queries import deadlines_of

Says = Callable[[CasePage, list[Deadline]], str]


def _clock_words(clocks: list[Deadline], kind: str) -> str:
    found = [one for one in clocks if one.kind == kind and one.met_at]
    if not found:
        return ""
    clock = found[-1]
    was_late = clock.missed_at is not None or (clock.met_at and clock.met_at > clock.due_at)
    kept = _("late") if was_late else _("in time")
    return joined(_("due %s") % moment(clock.due_at), moment(clock.met_at), kept)


def _identity(page: CasePage, _clocks: list[Deadline]) -> str:
    case = page.case
    return joined(case.number, moment(case.opened_at), str(case.get_way_display()))


def _due(_page: CasePage, clocks: list[Deadline]) -> str:
    handling = [one for one in clocks if one.kind == HANDLE] or clocks
    return moment(max(handling, key=lambda one: one.pk).due_at) if handling else ""


def _history(page: CasePage, _clocks: list[Deadline]) -> str:
    return _("%d facts in the history") % history_of("case", page.case.pk).count()


def _told(page: CasePage, _clocks: list[Deadline]) -> str:
    notes = page.case.progress.exclude(told_way="").order_by("pk")
    told = [joined(moment(one.at), str(one.get_told_way_display())) for one in notes[:5]]
    return "；".join(told)


def _accepted(page: CasePage, _clocks: list[Deadline]) -> str:
    handler = page.case.handler
    return joined(moment(page.case.accepted_at), handler.name if handler else "")


def _severity(page: CasePage, _clocks: list[Deadline]) -> str:
    score = page.case.severity_score
    return joined(_("%d of 9") % (score or 0), nature_of(page.case))


def _asked(page: CasePage, _clocks: list[Deadline]) -> str:
    departments = dict.fromkeys(one.department.name for one in page.hand_offs)
    return "、".join(departments) or _("%d notes of progress") % page.case.progress.count()


def _evidence(page: CasePage, _clocks: list[Deadline]) -> str:
    letters = {one.paper_id for one in page.case.letters.all()}
    titles = "、".join(one.title for one in page.papers if one.pk not in letters)
    return joined(titles, page.case.cause_evidence)


def _cause(page: CasePage, _clocks: list[Deadline]) -> str:
    return page.case.cause.name if page.case.cause else ""


def _remedy(page: CasePage, _clocks: list[Deadline]) -> str:
    told = [joined(one.name, f"¥{one.amount_fen / 100:.2f}") for one in page.remedies]
    return "；".join(told)


def _approved(page: CasePage, _clocks: list[Deadline]) -> str:
    asked = [one.approval for one in page.remedies if one.approval]
    told = [(one.decided_by, str(one.get_decision_display())) for one in asked]
    return "；".join(joined(by.name, decision) for by, decision in told if by)


def _answered(page: CasePage, _clocks: list[Deadline]) -> str:
    told = [joined(moment(one.at), str(one.get_way_display())) for one in page.answers]
    return "；".join(told)


def _reply(page: CasePage, _clocks: list[Deadline]) -> str:
    said = [one for one in page.answers if one.reply]
    return "；".join(joined(str(one.get_reply_display()), one.reply_words) for one in said)


def _redress(page: CasePage, _clocks: list[Deadline]) -> str:
    done = [one.done for one in page.steps if one.step.code == "redress" and one.done]
    return joined(*(f"{one.by.name} {moment(one.at)}" for one in done))


def _ladder(page: CasePage, _clocks: list[Deadline]) -> str:
    levels = [
        joined(f"{one.level} {one.role_name}", one.to.name if one.to else "—", moment(one.at))
        for one in page.escalations
    ]
    return "；".join(levels)


def _fair(page: CasePage, _clocks: list[Deadline]) -> str:
    case = page.case
    handler = _("Handler %s") % case.handler.name if case.handler else ""
    return joined(handler, _("complained about: %s") % (case.accused.name if case.accused else "—"))


def _satisfied(page: CasePage, _clocks: list[Deadline]) -> str:
    told = [one for one in page.follow_ups if one.result]
    return "；".join(joined(str(one.get_result_display()), moment(one.at)) for one in told)


def _timed(_page: CasePage, clocks: list[Deadline]) -> str:
    return "；".join(one for one in (_clock_words(clocks, k) for k in ("accept", "handle")) if one)


def _recurs(page: CasePage, _clocks: list[Deadline]) -> str:
    return joined(page.case.place, _("number %d of its like") % page.case.recurrence)


def _private(page: CasePage, _clocks: list[Deadline]) -> str:
    reads = ReadLog.objects.filter(subject_kind="customer", subject_id=page.case.customer_id)
    return _("%d reveals on record") % reads.count()


_SAYS: dict[str, Says] = {
    "identity": _identity,
    "matter": lambda page, _clocks: page.case.matter[:120],
    "demand": lambda page, _clocks: page.case.demand[:120],
    "due": _due,
    "category": lambda page, _clocks: page.case.category.name if page.case.category else "",
    "history": _history,
    "told": _told,
    "accepted": _accepted,
    "accept_clock": lambda _page, clocks: _clock_words(clocks, "accept"),
    "severity": _severity,
    "findings": lambda page, _clocks: page.case.result[:120],
    "asked": _asked,
    "evidence": _evidence,
    "cause": _cause,
    "remedy": _remedy,
    "approved": _approved,
    "answered": _answered,
    "reply": _reply,
    "closed": lambda page, _clocks: moment(page.case.closed_at),
    "redress": _redress,
    "ladder": _ladder,
    "fair": _fair,
    "sorted": _cause,
    "recurs": _recurs,
    "satisfied": _satisfied,
    "timed": _timed,
    "corrected": lambda page, _clocks: page.case.corrective_action[:120],
    "private": _private,
}
# The part of the case's page where a thing is seen; the form for what is not listed.
PLACES = {
    "history": "history", "told": "history", "accepted": "history", "accept_clock": "history",
    "timed": "history", "asked": "tasks", "remedy": "decisions", "approved": "decisions",
    "answered": "outcome", "reply": "outcome", "findings": "outcome", "cause": "outcome",
    "sorted": "outcome", "closed": "outcome", "satisfied": "outcome", "corrected": "outcome",
    "redress": "steps", "ladder": "ladder", "evidence": "papers",
}  # fmt: skip


def evidence_words(page: CasePage) -> dict[str, str]:
    """What is on record for each thing, by its code."""
    clocks = list(deadlines_of("case", page.case.pk))
    return {code: says(page, clocks) for code, says in _SAYS.items()}
