"""The lists of cases, the page of one, a new one, and its paper."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.decorators import StaffRequest, any_staff, permission_required
from shouwen.cases.forms.case import ChangeCaseForm, NewCaseForm
from shouwen.cases.models import Case, CaseKind
from shouwen.cases.operations.opening import CaseDraft, FormChange, change_case_form, open_case
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.cases import visible_cases, with_names
from shouwen.cases.queries.kinds import active_kinds
from shouwen.cases.queries.lists import TABS, cases_in_tab, tab_counts
from shouwen.cases.queries.pages import case_page, what_is_next
from shouwen.cases.queries.strategy import strategy_of
from shouwen.cases.queries.timeline import case_timeline
from shouwen.cases.refusals import FormIncomplete, ValueUnfit
from shouwen.cases.views.verbs import offered_verbs
from shouwen.conversations.models import Conversation
from shouwen.conversations.queries.conversations import visible_conversations
from shouwen.core.errors import Refused
from shouwen.core.paging import keyset_page
from shouwen.customers.models import Customer
from shouwen.customers.operations import find_or_create_customer
from shouwen.customers.queries import shown_name, visible_customers

PAGE = 50
WAYS = {
    Conversation.Channel.CHAT: Case.Way.CHAT,
    Conversation.Channel.MAIL: Case.Way.MAIL,
    Conversation.Channel.PHONE: Case.Way.CALL,
    Conversation.Channel.WALK_IN: Case.Way.VISIT,
    Conversation.Channel.LETTER: Case.Way.LETTER,
    Conversation.Channel.SMS: Case.Way.SMS,
    Conversation.Channel.PLATFORM: Case.Way.PLATFORM,
}
sees_cases = any_staff("what is shown starts from visible_cases")


@require_safe
@sees_cases
def case_list(request: StaffRequest) -> HttpResponse:
    """Cases by what is to be done about them; narrowed by kind and words."""
    at = timezone.now()
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "open"
    asked = {"kind": request.GET.get("kind", ""), "q": request.GET.get("q", "").strip()}
    found = cases_in_tab(request.user, tab, at=at, kind=asked["kind"], words=asked["q"])
    order = TABS[tab].order
    page = keyset_page(
        with_names(found), order=order, after=request.GET.get("after", ""), size=PAGE
    )
    context = {
        "page": page,
        "rows": [(case, shown_name(case.customer, request.user)) for case in page.rows],
        "tab": tab,
        "tabs": tab_counts(request.user, tab, at=at),
        "asked": asked,
        "is_narrowed": any(asked.values()),
        "kinds": active_kinds(),
        "may_open": request.user.may(CasePermission.OPEN),
        "at": at,
    }
    return render(request, "cases/list.html", context)


def visible_case(request: StaffRequest, case_id: int) -> Case:
    """The case, or 404 for whoever may not know of it."""
    rows = visible_cases(request.user).select_related(
        "kind", "category", "cause", "customer", "department", "handler", "first_responder",
        "conversation", "incident", "merged_into",
    )  # fmt: skip
    return get_object_or_404(rows, pk=case_id)


def page_context(request: StaffRequest, case_id: int) -> dict[str, Any]:
    """What the page of a case and its fragments need."""
    case = visible_case(request, case_id)
    at = timezone.now()
    page = case_page(case, request.user, at=at)
    return {
        "case": case,
        "page": page,
        "at": at,
        "next": what_is_next(page),
        "verbs": offered_verbs(case) if request.user.may(CasePermission.HANDLE) else [],
        "timeline": case_timeline(case),
        "strategy": strategy_of(page, at=at) if case.is_complaint else None,
        "customer_name": shown_name(case.customer, request.user),
        "may_receive": request.user.may(CasePermission.RECEIVE),
        "may_approve": request.user.may(CasePermission.APPROVE),
    }


@require_safe
@sees_cases
def case_detail(request: StaffRequest, case_id: int) -> HttpResponse:
    """One case: its path, form, tasks, decisions, promises and history."""
    fragment = "#whole" if request.headers.get("HX-Request") else ""
    return render(request, f"cases/detail.html{fragment}", page_context(request, case_id))


@require_http_methods(["GET", "POST"])
@permission_required(CasePermission.OPEN)
def case_new(request: StaffRequest) -> HttpResponse:
    """A new case; from a conversation all that is known stands there already."""
    kind = _kind(request)
    if kind is None:
        return render(
            request, "cases/new.html", {"kinds": active_kinds(), "query": _query(request)}
        )
    conversation, customer = _origin(request)
    form = NewCaseForm(
        request.POST or None,
        kind=kind,
        has_customer=customer is not None,
        initial=_known(request, conversation),
    )
    if request.method == "POST" and form.is_valid():
        case = _opened(request, form, conversation, customer)
        if case:
            return redirect("cases:detail", case.pk)
    context = {
        "kinds": active_kinds(),
        "query": _query(request),
        "kind": kind,
        "has_priorities": any(one.priority for one in kind.defined.clocks),
        "form": form,
        "customer": customer,
        "customer_name": shown_name(customer, request.user) if customer else "",
        "conversation": conversation,
    }
    status = 422 if form.errors else 200
    return render(request, "cases/new.html", context, status=status)


def _query(request: StaffRequest) -> str:
    """What the choice of a kind must not forget."""
    kept = request.GET.copy()
    kept.pop("kind", None)
    return kept.urlencode()


def _kind(request: StaffRequest) -> CaseKind | None:
    return active_kinds().filter(code=request.GET.get("kind", "")).first()


def _origin(request: StaffRequest) -> tuple[Conversation | None, Customer | None]:
    number = request.GET.get("conversation", "")
    if number.isdecimal():
        rows = visible_conversations(request.user).select_related("customer", "first_responder")
        conversation = get_object_or_404(rows, pk=int(number))
        return conversation, conversation.customer
    number = request.GET.get("customer", "")
    if number.isdecimal():
        return None, get_object_or_404(visible_customers(request.user), pk=int(number))
    return None, None


def _known(request: StaffRequest, conversation: Conversation | None) -> dict[str, Any]:
    known: dict[str, Any] = {"way": Case.Way.CALL}
    if conversation:
        known["way"] = WAYS.get(Conversation.Channel(conversation.channel), Case.Way.OTHER)
        known["matter"] = customer_words(conversation)
    known |= {name: request.GET[name] for name in ("way", "matter") if name in request.GET}
    return known


def customer_words(conversation: Conversation) -> str:
    """What the customer said in this conversation, line by line."""
    lines = conversation.lines.filter(kind="visitor", recalled_at__isnull=True).order_by("seq")
    return "\n".join(text for text in lines.values_list("text", flat=True)[:50] if text)


def _opened(
    request: StaffRequest,
    form: NewCaseForm,
    conversation: Conversation | None,
    customer: Customer | None,
) -> Case | None:
    entered = form.cleaned_data
    try:
        draft = CaseDraft(
            kind=form.kind,
            customer=customer or _customer(request, entered),
            conversation=conversation,
            values=form.values,
            **{name: entered[name] for name in DRAFTED},
        )
        return open_case(draft, by=request.user, at=timezone.now())
    except ValueUnfit as refusal:
        form.point_at(refusal.field, str(refusal))
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return None


DRAFTED = (
    "title", "matter", "demand", "category", "way", "department", "accused",
    "is_urgent", "is_major", "priority",
)  # fmt: skip


def _customer(request: StaffRequest, entered: dict[str, Any]) -> Customer:
    phone = entered["customer_phone"]
    return find_or_create_customer(
        contacts=[("phone", phone)] if phone else [],
        name=entered["customer_name"],
        by=request.user,
    )


@require_http_methods(["GET", "POST"])
@permission_required(CasePermission.HANDLE)
def case_edit(request: StaffRequest, case_id: int) -> HttpResponse:
    """Put the form right."""
    case = visible_case(request, case_id)
    form = ChangeCaseForm.of(case, request.POST or None, staff=request.user)
    if request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        change = FormChange(
            values=form.kept_values | form.values,
            **{name: entered[name] for name in ("title", "matter", "demand", "category")},
        )
        try:
            change_case_form(case.pk, change, by=request.user, at=timezone.now())
            return redirect("cases:detail", case.pk)
        except ValueUnfit as refusal:
            form.point_at(refusal.field, str(refusal))
        except FormIncomplete as refusal:
            for code in refusal.missing:
                form.point_at(code, _("Please fill this in."))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"case": case, "form": form, "back": reverse("cases:detail", args=[case.pk])}
    return render(request, "cases/edit.html", context, status=422 if form.errors else 200)
