"""Pages about people: list, add, change, directory."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.accounts.forms.people import NewStaffForm, StaffForm
from shouwen.accounts.models import Staff
from shouwen.accounts.operations.passwords import invite_staff
from shouwen.accounts.operations.reads import Subject, log_read
from shouwen.accounts.operations.second_factor import remove_second_factor
from shouwen.accounts.operations.sessions import end_all_sessions, end_sign_in
from shouwen.accounts.operations.staff import (
    change_staff,
    create_staff,
    deactivate_staff,
    reactivate_staff,
)
from shouwen.accounts.permissions import AccountsPermission
from shouwen.accounts.queries import (
    directory_gaps,
    group_card,
    has_second_factor,
    managed_staff,
    own_sign_ins,
    staff_directory,
    visible_staff,
)
from shouwen.accounts.queries.people import directory_entry
from shouwen.core.errors import Refused
from shouwen.core.paging import keyset_page

BY_NAME = ("sort_key", "pk")
PAGE_SIZE = 50
CARDS_LIMIT = 1000


@require_safe
@permission_required(AccountsPermission.MANAGE_STAFF)
def staff_list(request: StaffRequest) -> HttpResponse:
    """Everybody within reach, found by name, pinyin, initials or number."""
    words = request.GET.get("q", "").strip()
    shows_leavers = request.GET.get("leavers") == "1"
    people = managed_staff(request.user).filter(is_active=not shows_leavers)
    if words:
        people = people.named(words)
    people = people.select_related("department", "presence").prefetch_related("roles")
    page = keyset_page(people, order=BY_NAME, after=request.GET.get("after", ""), size=PAGE_SIZE)
    context = {"page": page, "words": words, "shows_leavers": shows_leavers}
    return render(request, "accounts/staff_list.html", context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@permission_required(AccountsPermission.MANAGE_STAFF)
def staff_new(request: StaffRequest) -> HttpResponse:
    """Somebody joins."""
    form = NewStaffForm(request.POST or None)
    if form.is_valid():
        fields = form.cleaned_data
        fields["password"] = fields["password"] or None
        try:
            staff = create_staff(**fields, by=request.user)
            if not fields["password"] and staff.mail:
                invite_staff(staff.pk, at=timezone.now(), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%s has been added.") % staff.name)
            return redirect("accounts:staff_edit", staff.pk)
    status = 422 if form.errors else 200
    return render(request, "accounts/staff_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@permission_required(AccountsPermission.MANAGE_STAFF)
def staff_edit(request: StaffRequest, staff_id: int) -> HttpResponse:
    """Change somebody's data, roles, department, skills and limit."""
    staff = get_object_or_404(managed_staff(request.user), pk=staff_id)
    form = StaffForm(request.POST or None, instance=staff)
    if form.is_valid():
        try:
            change_staff(staff.pk, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:staff_edit", staff.pk)
    context = {
        "form": form,
        "staff": get_object_or_404(managed_staff(request.user), pk=staff_id),
        "sign_ins": own_sign_ins(staff).filter(ended_at__isnull=True),
        "has_second_factor": has_second_factor(staff),
    }
    return render(request, "accounts/staff_edit.html", context, status=422 if form.errors else 200)


def _act(action: str, staff: Staff, by: Staff) -> None:
    now = timezone.now()
    if action == "deactivate":
        deactivate_staff(staff.pk, at=now, by=by)
    elif action == "reactivate":
        reactivate_staff(staff.pk, by=by)
    elif action == "sign-out":
        end_all_sessions(staff, at=now, why="ended", by=by)
    elif action == "invite":
        invite_staff(staff.pk, at=now, by=by)
    elif action == "remove-second-factor":
        remove_second_factor(staff.pk, by=by)
    else:
        raise Refused(_("This is not possible."))


@require_POST
@permission_required(AccountsPermission.MANAGE_STAFF)
def staff_act(request: StaffRequest, staff_id: int, action: str) -> HttpResponse:
    """Deactivate, reactivate, sign out everywhere, send a password link, remove the second factor."""
    staff = get_object_or_404(managed_staff(request.user), pk=staff_id)
    try:
        _act(action, staff, request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done."))
    return redirect("accounts:staff_edit", staff.pk)


@require_POST
@permission_required(AccountsPermission.END_SESSIONS)
def staff_sign_in_end(request: StaffRequest, staff_id: int, sign_in_id: int) -> HttpResponse:
    """End one session of somebody."""
    staff = get_object_or_404(managed_staff(request.user), pk=staff_id)
    get_object_or_404(own_sign_ins(staff), pk=sign_in_id)
    end_sign_in(sign_in_id, at=timezone.now(), by=request.user)
    messages.success(request, _("Signed out there."))
    return redirect("accounts:staff_edit", staff.pk)


@require_safe
@permission_required(AccountsPermission.SEE_STAFF)
def directory(request: StaffRequest) -> HttpResponse:
    """Colleagues with phone and address, gaps on top (D302)."""
    words = request.GET.get("q", "").strip()
    people = staff_directory(request.user, words=words).select_related("department", "presence")
    page = keyset_page(people, order=BY_NAME, after=request.GET.get("after", ""), size=PAGE_SIZE)
    may_manage = request.user.may(AccountsPermission.MANAGE_STAFF)
    context = {
        "page": page,
        "entries": [directory_entry(one, request.user) for one in page.rows],
        "words": words,
        "gaps": directory_gaps(request.user) if may_manage else [],
        "sees_details": request.user.may(AccountsPermission.SEE_PRIVATE_DETAILS),
    }
    return render(request, "accounts/directory.html", context)


@require_safe
@permission_required(AccountsPermission.SEE_PRIVATE_DETAILS)
def group_cards(request: StaffRequest) -> HttpResponse:
    """Everybody's group card, one line each; the export is logged (D303, D423)."""
    people = list(staff_directory(request.user).order_by(*BY_NAME)[:CARDS_LIMIT])
    log_read(
        Subject("staff"),
        what="export",
        reason=_("Group cards"),
        at=timezone.now(),
        by=request.user,
        count=len(people),
    )
    return _text(request, people, "group-cards.txt")


@require_safe
@permission_required(AccountsPermission.SEE_PRIVATE_DETAILS)
def group_card_of(request: StaffRequest, staff_id: int) -> HttpResponse:
    """One person's group card as text (D303)."""
    staff = get_object_or_404(visible_staff(request.user), pk=staff_id)
    log_read(
        Subject("staff", staff.pk, staff.name),
        what="export",
        reason=_("Group cards"),
        at=timezone.now(),
        by=request.user,
    )
    return _text(request, [staff], f"group-card-{staff.staff_number}.txt")


def _text(request: HttpRequest, people: list[Staff], name: str) -> HttpResponse:
    del request
    text = "\r\n".join(group_card(one) for one in people) + "\r\n"
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@permission_required(AccountsPermission.SEE_STAFF)
def staff_choices(request: StaffRequest) -> HttpResponse:
    """Colleagues for a pick list, as the select component asks: `?q=`."""
    people = staff_directory(request.user, words=request.GET.get("q", ""))
    rows = [
        {
            "value": one.pk,
            "text": one.name,
            "hint": one.department.name if one.department else "",
        }
        for one in people.order_by(*BY_NAME)[:30]
    ]
    return JsonResponse({"results": rows})
