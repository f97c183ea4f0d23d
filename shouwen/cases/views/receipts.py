"""The book of letters received, and how complaints came this month."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.decorators import StaffRequest, any_staff
from shouwen.cases.forms.relating import LetterForm
from shouwen.cases.operations.receipts import read_letter
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.receipts import visible_letters
from shouwen.cases.queries.ways import complaints_by_way
from shouwen.cases.views.incidents import ask, sent
from shouwen.core.clock import day_bounds
from shouwen.core.paging import keyset_page
from shouwen.customers.queries import shown_name

PAGE = 50
sees_letters = any_staff("what is shown starts from visible_letters")


@require_safe
@sees_letters
def receipt_list(request: StaffRequest) -> HttpResponse:
    """The book (收文登记本): what came by letter, before whom it was put, what he wrote. (D679)"""
    at = timezone.now()
    since, _next = day_bounds(timezone.localdate(at).replace(day=1))
    page = keyset_page(
        visible_letters(request.user),
        order=("-received_at", "-pk"),
        after=request.GET.get("after", ""),
        size=PAGE,
    )
    context = {
        "page": page,
        "rows": [(one, shown_name(one.case.customer, request.user)) for one in page.rows],
        "ways": complaints_by_way(request.user, since=since, until=at + timedelta(seconds=1)),
        "directs": request.user.may(CasePermission.DIRECT),
    }
    return render(request, "cases/receipts.html", context)


@require_http_methods(["GET", "POST"])
@sees_letters
def receipt_read(request: StaffRequest, receipt_id: int) -> HttpResponse:
    """The leader has read it, with an instruction."""
    letter = get_object_or_404(visible_letters(request.user), pk=receipt_id)
    form = LetterForm(sent(request), initial={"instruction": letter.instruction})

    def do() -> object:
        words = form.cleaned_data["instruction"]
        return read_letter(letter.pk, instruction=words, by=request.user, at=timezone.now())

    words = (_("Letter %s") % letter.number, _("Mark as read"), letter.case.title)
    return ask(request, form, words, do, said=_("Saved."), changes="receipts:changed")
