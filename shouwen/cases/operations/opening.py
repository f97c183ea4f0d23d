"""Opening cases: one matter of one customer gets a number, a first responder and a clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Department, Staff
from shouwen.accounts.permissions import require
from shouwen.cases.definitions import KindDefinition
from shouwen.cases.events import CaseFormChanged
from shouwen.cases.formvalues import check_complete, place_in, read_values
from shouwen.cases.models import Case, CaseCategory, CaseKind
from shouwen.cases.operations.registering import register_cases, search_of
from shouwen.cases.operations.responding import settle_responses
from shouwen.cases.operations.rows import (
    announce,
    open_case_row,
    require_hand_on,
    save_news,
    words_of,
)
from shouwen.cases.permissions import CasePermission
from shouwen.cases.workflow import ACCEPT
from shouwen.conversations.models import Conversation
from shouwen.core.errors import Refused
from shouwen.customers.models import Customer

TITLE_LENGTH = 60
MATTER_LIMIT = 10_000


@dataclass(frozen=True, kw_only=True)
class CaseDraft:
    """What is known when a case is opened; the words are the customer's own."""

    kind: CaseKind
    customer: Customer
    matter: str
    way: str
    demand: str = ""
    title: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    category: CaseCategory | None = None
    department: Department | None = None
    conversation: Conversation | None = None
    first_responder: Staff | None = None
    accused: Staff | None = None
    is_urgent: bool = False
    is_major: bool = False
    priority: str = Case.Priority.ORDINARY
    happened_at: datetime | None = None


def open_case(draft: CaseDraft, *, by: Staff, at: datetime) -> Case:
    """A case is registered: it has a number, an owner department, a first responder, a running clock.

    The first responder is whoever took the matter, written once (D270). Refuses an empty matter,
    a complaint without demand where its kind asks for one, values that do not fit their fields,
    and a form that lacks what must be filled at acceptance (D001, D684, D685).
    """
    return open_cases([draft], by=by, at=at)[0]


@transaction.atomic
def open_cases(drafts: Sequence[CaseDraft], *, by: Staff, at: datetime) -> list[Case]:
    """Many at once, in the order given: all are registered, or none if one is refused."""
    require(by, CasePermission.OPEN)
    drawing = Drawing(by=by, at=at)
    cases = [drawing.draw(draft) for draft in drafts]
    if cases:
        register_cases(cases, by=by, at=at)
    return cases


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Makes cases from drafts, checked, without numbers; departments that kinds name are read once."""

    by: Staff
    at: datetime
    named: dict[str, Department | None] = field(default_factory=dict)

    def draw(self, draft: CaseDraft) -> Case:
        """The case as the draft says it; refuses what `open_case` refuses."""
        defined = draft.kind.defined
        matter = words_of(draft.matter, _("Please write down what happened."))[:MATTER_LIMIT]
        values = read_values(defined, draft.values)
        check_complete(defined, values, ACCEPT)
        _check_category(draft.category, draft.kind)
        first = draft.first_responder or _first_of(draft) or self.by
        return Case(
            kind=draft.kind,
            is_complaint=draft.kind.is_complaint,
            category=draft.category,
            customer=draft.customer,
            conversation=draft.conversation,
            way=Case.Way(draft.way),
            title=_title(draft.title or matter),
            matter=matter,
            demand=_demand(draft.demand, defined),
            values=values,
            place=place_in(defined, values),
            department=self._department(draft, first),
            first_responder=first,
            accused=draft.accused,
            is_urgent=draft.is_urgent or defined.always_urgent,
            is_major=draft.is_major,
            priority=Case.Priority(draft.priority),
            opened_at=draft.happened_at or self.at,
            last_progress_at=self.at,
        )

    def _department(self, draft: CaseDraft, first: Staff) -> Department:
        """The draft's, else the kind's, else the first responder's."""
        department = draft.department or self._named(draft.kind) or first.department
        if department is None:
            raise Refused(_("Please choose the department that owns this case."))
        if not department.is_active:
            raise Refused(_("The department “%s” no longer exists.") % department.name)
        return department

    def _named(self, kind: CaseKind) -> Department | None:
        code = kind.defined.department
        if not code:
            return None
        if code not in self.named:
            self.named[code] = Department.objects.active().filter(code=code).first()
        return self.named[code]


def _first_of(draft: CaseDraft) -> Staff | None:
    return draft.conversation.first_responder if draft.conversation else None


def _demand(words: str, defined: KindDefinition) -> str:
    demand = words.replace("\x00", "").strip()[:MATTER_LIMIT]
    if defined.needs_demand and not demand:
        raise Refused(_("Please write down what the customer wants solved."))
    return demand


def _check_category(category: CaseCategory | None, kind: CaseKind) -> None:
    if category and category.kind_id != kind.pk:
        raise Refused(_("This category belongs to another kind of case."))


def _title(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1] + "…"


@dataclass(frozen=True, kw_only=True)
class FormChange:
    """What of the form is written anew; None leaves as it is."""

    title: str | None = None
    matter: str | None = None
    demand: str | None = None
    values: Mapping[str, Any] | None = None
    category: CaseCategory | None = None


@transaction.atomic
def change_case_form(case_id: int, change: FormChange, *, by: Staff, at: datetime) -> Case:
    """The form says this now; what it said before stands in history. Refuses what opening refuses."""
    case = open_case_row(case_id)
    require_hand_on(case, by)
    changed = _apply(case, change)
    if not changed:
        return case
    check_complete(case.kind.defined, case.values, case.stage)
    case.search = search_of(case)
    save_news(case, at, *changed, "search")
    settle_responses(case, at=at, by=by)
    announce(CaseFormChanged, case, by=by, fields=changed)
    return case


def _apply(case: Case, change: FormChange) -> list[str]:
    """The wanted values are on the case, in memory; the names of those that differ from before."""
    wanted = _wanted(case, change)
    changed = [name for name, value in wanted.items() if getattr(case, name) != value]
    for name in changed:
        setattr(case, name, wanted[name])
    return changed


def _wanted(case: Case, change: FormChange) -> dict[str, Any]:
    defined = case.kind.defined
    wanted: dict[str, Any] = {}
    if change.title is not None:
        wanted["title"] = _title(words_of(change.title, _("Please give the case a title.")))
    if change.matter is not None:
        wanted["matter"] = words_of(change.matter, _("Please write down what happened."))
    if change.demand is not None:
        wanted["demand"] = _demand(change.demand, defined)
    if change.values is not None:
        gone = {code: value for code, value in case.values.items() if not defined.field(code)}
        wanted["values"] = gone | read_values(defined, change.values)
        wanted["place"] = place_in(defined, wanted["values"])
    if change.category is not None:
        _check_category(change.category, case.kind)
        wanted["category"] = change.category
    return wanted
