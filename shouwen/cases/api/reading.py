"""Reading: kinds, lists, one case, its history."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from shouwen.accounts.decorators import StaffRequest
from shouwen.cases.api.files import case_file_out
from shouwen.cases.api.shared import READS, case_out, router, visible_case
from shouwen.cases.models import CaseCategory, CaseKind
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.cases import visible_cases, with_names
from shouwen.cases.queries.kinds import active_kinds, nodes_of
from shouwen.cases.queries.lists import TABS, cases_in_tab
from shouwen.cases.queries.pages import case_page
from shouwen.cases.queries.timeline import facts_in_words
from shouwen.cases.schemas import shown
from shouwen.core.errors import NotPermitted, NotThere
from shouwen.core.history import history_of
from shouwen.core.paging import keyset_page

PAGE_MOST = 200
NEWEST = ("-opened_at", "-pk")


def _require_reading(request: StaffRequest) -> None:
    """Refuses whoever has nothing to do with cases."""
    if not any(request.user.may(name) for name in CasePermission):
        raise NotPermitted


@router.get("/kinds", response=list[shown.KindOut], openapi_extra=READS)
def list_kinds(request: StaffRequest) -> list[shown.KindOut]:
    """The kinds that new cases may have, complaints first."""
    _require_reading(request)
    return [shown.KindOut(**_kind(kind)) for kind in active_kinds()]


@router.get("/kinds/{case_kind_code}", response=shown.KindFileOut, openapi_extra=READS)
def get_kind(request: StaffRequest, case_kind_code: str) -> shown.KindFileOut:
    """One kind whole: what its form asks for, its categories and causes, its clocks."""
    _require_reading(request)
    kind = get_object_or_404(active_kinds(), code=case_kind_code)
    defined = kind.defined.model_dump(mode="json", exclude={"categories", "causes"})
    wanted = {name: defined[name] for name in shown.KindFileOut.model_fields if name in defined}
    return shown.KindFileOut(
        **(wanted | _kind(kind)),
        categories=_nodes(kind, CaseCategory.Axis.CATEGORY),
        causes=_nodes(kind, CaseCategory.Axis.CAUSE),
    )


def _kind(kind: CaseKind) -> dict[str, Any]:
    return {
        "code": kind.code,
        "name": kind.name,
        "is_complaint": kind.is_complaint,
        "explanation": kind.defined.explanation,
    }


def _nodes(kind: CaseKind, axis: str) -> list[shown.NodeOut]:
    return [
        shown.NodeOut(
            code=node.code,
            name=node.name,
            parent=node.parent.code if node.parent else "",
            needs_evidence=node.needs_evidence,
        )
        for node in nodes_of(kind, axis)
    ]


@router.get("", response=shown.CasesOut, openapi_extra=READS)
def list_cases(
    request: StaffRequest,
    tab: str = "",
    kind: str = "",
    q: str = "",
    after: str = "",
    size: int = 50,
) -> shown.CasesOut:
    """Cases the key's person may see, at most 200 a page.

    `tab` is one of the lists of the page: open, mine, unaccepted, late, near, first, handed, silent,
    archived, each in its order; without it all, newest first. `q` searches as on the page.
    """
    if tab and tab not in TABS:
        raise NotThere
    order = TABS[tab].order if tab else NEWEST
    words = q.strip()
    if tab:
        found = cases_in_tab(request.user, tab, at=timezone.now(), kind=kind, words=words)
    else:
        found = visible_cases(request.user)
        found = found.filter(kind__code=kind) if kind else found
        found = found.filter(search__words=words) if words else found
    size = min(max(size, 1), PAGE_MOST)
    page = keyset_page(with_names(found), order=order, after=after, size=size)
    items = [case_out(one, request.user) for one in page.rows]
    return shown.CasesOut(items=items, next=page.next_cursor)


@router.get("/{case_id}", response=shown.CaseFileOut, openapi_extra=READS)
def get_case(request: StaffRequest, case_id: int) -> shown.CaseFileOut:
    """One case whole: form, clocks, steps, tasks, promises, answers. Its history is a list of its own."""
    case = visible_case(request, case_id)
    return case_file_out(case_page(case, request.user, at=timezone.now()), request.user)


@router.get("/{case_id}/history", response=shown.FactsOut, openapi_extra=READS)
def get_history(
    request: StaffRequest, case_id: int, after: str = "", size: int = 50
) -> shown.FactsOut:
    """What happened to the case, newest first, at most 200 facts a page."""
    case = visible_case(request, case_id)
    size = min(max(size, 1), PAGE_MOST)
    page = keyset_page(history_of("case", case.pk), after=after, size=size)
    told = zip(page.rows, facts_in_words(case, page.rows), strict=True)
    items = [
        shown.FactOut(
            id=entry.pk,
            at=entry.at,
            name=entry.name.rpartition(".")[2],
            by=fact.who,
            text=fact.text,
            detail=fact.detail,
        )
        for entry, fact in told
    ]
    return shown.FactsOut(items=items, next=page.next_cursor)
