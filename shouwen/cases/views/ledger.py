"""The ledger and the archive: pages, and the printed book."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shouwen.accounts.decorators import StaffRequest, any_staff
from shouwen.accounts.models import Department
from shouwen.accounts.queries import company
from shouwen.cases.filters import archive_asked, ledger_asked, ledger_query
from shouwen.cases.models import Case
from shouwen.cases.queries.archive import (
    archived_cases,
    known_causes,
    paper_counts,
    with_volumes,
)
from shouwen.cases.queries.kinds import active_kinds
from shouwen.cases.queries.ledger import (
    BOOK_LINES,
    IN_ORDER,
    NEWEST,
    ledger_cases,
    ledger_lines,
    months_around,
    place_in_book,
    with_ledger_rows,
)
from shouwen.cases.queries.standard import item_of
from shouwen.core.paging import keyset_page
from shouwen.customers.queries import shown_name
from shouwen.exports.queries import may_export

PAGE = 50
sees_cases = any_staff("what is shown starts from visible_cases")


@require_safe
@sees_cases
def ledger(request: StaffRequest) -> HttpResponse:
    """The ledger of a month or some days, newest first. (D573)"""
    at = timezone.now()
    asked = ledger_asked(request.GET.dict(), at=at)
    found = ledger_cases(request.user, asked)
    page = keyset_page(
        with_ledger_rows(found), order=NEWEST, after=request.GET.get("after", ""), size=PAGE
    )
    context = {
        "asked": asked,
        "page": page,
        "lines": list(ledger_lines(page.rows, request.user)),
        "count": found.count(),
        "query": ledger_query(asked),
        "months": months_around(asked),
        "kinds": active_kinds(),
        "departments": Department.objects.active().in_tree_order(),
        "ways": Case.Way.choices,
        "validities": Case.Validity.choices[1:],
        "gap": item_of(asked.gap),
        "may_export": may_export(request.user, "ledger"),
    }
    return render(request, "cases/ledger.html", context)


@require_safe
@sees_cases
def ledger_book(request: StaffRequest) -> HttpResponse:
    """The same rows as a book: a cover, and lines in the order of registration, volume by volume."""
    at = timezone.now()
    asked = ledger_asked(request.GET.dict(), at=at)
    found = ledger_cases(request.user, asked)
    after = request.GET.get("after", "")
    page = keyset_page(with_ledger_rows(found), order=IN_ORDER, after=after, size=BOOK_LINES)
    context = {
        "asked": asked,
        "page": page,
        "lines": list(ledger_lines(page.rows, request.user)),
        "place": place_in_book(found, page.rows),
        "query": ledger_query(asked),
        "gap": item_of(asked.gap),
        "company": company(),
        "at": at,
    }
    return render(request, "cases/paper/book.html", context)


@require_safe
@sees_cases
def archive(request: StaffRequest) -> HttpResponse:
    """What was put away, with its volumes and papers. (D064, D702)"""
    asked = archive_asked(request.GET.dict())
    found = with_volumes(archived_cases(request.user, asked))
    page = keyset_page(found, order=NEWEST, after=request.GET.get("after", ""), size=PAGE)
    papers = paper_counts(page.rows)
    rows = [
        (case, shown_name(case.customer, request.user), papers.get(case.pk, 0))
        for case in page.rows
    ]
    context = {
        "asked": asked,
        "page": page,
        "rows": rows,
        "kinds": active_kinds(),
        "causes": known_causes(),
    }
    return render(request, "cases/archive.html", context)
