"""Papers of a case: its sheet, the blank one, its volumes, its letter."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.decorators import StaffRequest, any_staff, permission_required
from shouwen.accounts.queries import company
from shouwen.cases.definitions import FieldType
from shouwen.cases.forms.papers import LetterForm
from shouwen.cases.models import CaseKind
from shouwen.cases.operations.letters import keep_letter
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.kinds import active_kinds
from shouwen.cases.queries.letters import letter_to_edit, words_of_letter
from shouwen.cases.queries.pages import case_page
from shouwen.cases.queries.sheets import Sheet, blank_sheet, from_stored, sheet_of, shown_to
from shouwen.cases.views.pages import visible_case
from shouwen.core.errors import Refused

sees_cases = any_staff("what is shown starts from visible_cases")


def _sheet(request: StaffRequest, sheet: Sheet, **more: object) -> HttpResponse:
    context = {"sheet": sheet, "company": company(), "at": timezone.now(), **more}
    return render(request, "cases/paper/sheet.html", context)


@require_safe
@sees_cases
def case_print(request: StaffRequest, case_id: int) -> HttpResponse:
    """The paper: 《投诉单》 and its like, with everything on record. (D631)"""
    case = visible_case(request, case_id)
    page = case_page(case, request.user, at=timezone.now())
    return _sheet(request, shown_to(sheet_of(page), request.user), case=case)


@require_safe
@sees_cases
def blank(request: StaffRequest, case_kind_code: str) -> HttpResponse:
    """An empty sheet for the counter: the customer fills it in by hand. (D631)"""
    kind = get_object_or_404(active_kinds(), code=case_kind_code)
    return _sheet(request, blank_sheet(_("%s sheet") % kind.name, _blank_rows(kind)), is_blank=True)


def _blank_rows(kind: CaseKind) -> list[tuple[str, bool]]:
    own = [
        (one.print_name or one.name, one.type == FieldType.LONG_TEXT)
        for one in kind.defined.fields
        if one.for_customer
    ]
    who = _("Complainant") if kind.is_complaint else _("Customer")
    return [
        (who, False),
        *own,
        (_("Matter in detail"), True),
        (_("What is to be solved"), True),
        (_("Received by"), False),
        (_("Received at"), False),
    ]


@require_safe
@sees_cases
def volume(request: StaffRequest, case_id: int, volume_id: int) -> HttpResponse:
    """The case as it was archived, however often it was opened since."""
    case = visible_case(request, case_id)
    kept = get_object_or_404(case.volumes.select_related("by"), pk=volume_id)
    sheet = shown_to(from_stored(kept.sheet), request.user)
    return _sheet(request, sheet, case=case, volume=kept)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CasePermission.HANDLE)
def letter(request: StaffRequest, case_id: int) -> HttpResponse:
    """The reply letter before it is printed; keeping it makes a version. (D680)"""
    case = visible_case(request, case_id)
    at = timezone.now()
    page = case_page(case, request.user, at=at)
    has_answer = bool(page.answers)
    initial = vars(letter_to_edit(page, request.user, at=at)) if has_answer else {}
    form = LetterForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            kept = keep_letter(case.pk, form.words, by=request.user, at=at)
            return redirect("cases:letter_print", case.pk, kept.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    letters = case.letters.select_related("by").order_by("-version")
    context = {"case": case, "form": form, "has_answer": has_answer, "letters": letters}
    return render(request, "cases/letter.html", context, status=422 if form.errors else 200)


@require_safe
@sees_cases
def letter_print(request: StaffRequest, case_id: int, letter_id: int) -> HttpResponse:
    """A version of the letter on A4, as it was kept."""
    case = visible_case(request, case_id)
    kept = get_object_or_404(case.letters, pk=letter_id)
    context = {"case": case, "letter": kept, "words": words_of_letter(kept), "company": company()}
    return render(request, "cases/paper/letter.html", context)
