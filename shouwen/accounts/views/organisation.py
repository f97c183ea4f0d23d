"""Pages about departments, responsibilities, roles, the matrix, presence totals and the read log."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.decorators import StaffRequest, any_staff, permission_required
from shouwen.accounts.forms.organisation import (
    DepartmentForm,
    NewDepartmentForm,
    NewRoleForm,
    ResponsibilityForm,
    RoleForm,
)
from shouwen.accounts.models import PresenceState, ReadLog
from shouwen.accounts.operations.departments import (
    change_company,
    change_department,
    close_department,
    create_department,
    found_departments,
)
from shouwen.accounts.operations.roles import change_role, create_role
from shouwen.accounts.permissions import AccountsPermission, permission_sets
from shouwen.accounts.queries import (
    company,
    department_tree,
    permission_matrix,
    presence_totals,
    responsible_department,
    roles_with_holders,
    visible_departments,
)
from shouwen.core.errors import Refused
from shouwen.core.paging import keyset_page

RESPONSIBILITIES = (
    "hotline_department",
    "complaint_department",
    "property_complaint_department",
    "stiff_words",
)


@require_safe
@any_staff("every colleague may know the tree of the organisation")
def department_list(request: StaffRequest) -> HttpResponse:
    """The tree, and who answers for what."""
    may_manage = request.user.may(AccountsPermission.MANAGE_DEPARTMENTS)
    departments = department_tree(request.user).select_related("parent")
    context = {
        "departments": departments.active(),
        "company": company(),
        "property_owner": responsible_department("property_complaints"),
        "may_manage": may_manage,
        "may_appoint": request.user.may(AccountsPermission.MANAGE_COMPANY),
    }
    return render(request, "accounts/department_list.html", context)


@require_POST
@permission_required(AccountsPermission.MANAGE_DEPARTMENTS)
def department_found(request: StaffRequest) -> HttpResponse:
    """The usual departments are made, for a company that has none."""
    found_departments(trade=request.POST.get("trade", ""), by=request.user)
    messages.success(request, _("The usual departments are there now."))
    return redirect("accounts:department_list")


@require_http_methods(["GET", "POST"])
@permission_required(AccountsPermission.MANAGE_DEPARTMENTS)
def department_new(request: StaffRequest) -> HttpResponse:
    """A new department."""
    form = NewDepartmentForm(request.POST or None, initial={"parent": request.GET.get("parent")})
    if form.is_valid():
        try:
            create_department(**form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("accounts:department_list")
    status = 422 if form.errors else 200
    return render(request, "accounts/department_edit.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@permission_required(AccountsPermission.MANAGE_DEPARTMENTS)
def department_edit(request: StaffRequest, department_id: int) -> HttpResponse:
    """Rename, move, close a department."""
    department = get_object_or_404(visible_departments(request.user), pk=department_id)
    initial = {name: getattr(department, name) for name in ("name", "function", "parent")}
    form = DepartmentForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            change_department(department.pk, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("accounts:department_list")
    context = {"form": form, "department": department}
    status = 422 if form.errors else 200
    return render(request, "accounts/department_edit.html", context, status=status)


@require_POST
@permission_required(AccountsPermission.MANAGE_DEPARTMENTS)
def department_close(request: StaffRequest, department_id: int) -> HttpResponse:
    """A department that is empty takes nobody new."""
    department = get_object_or_404(visible_departments(request.user), pk=department_id)
    try:
        close_department(department.pk, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("accounts:department_list")


@require_http_methods(["GET", "POST"])
@permission_required(AccountsPermission.MANAGE_COMPANY)
def responsibilities(request: StaffRequest) -> HttpResponse:
    """Which department owns the hotline, complaints, property complaints (D254, D568, D695)."""
    initial = {name: getattr(company(), name) for name in RESPONSIBILITIES}
    form = ResponsibilityForm(request.POST or None, initial=initial)
    if form.is_valid():
        change_company(**form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("accounts:department_list")
    status = 422 if form.errors else 200
    return render(request, "accounts/responsibilities.html", {"form": form}, status=status)


@require_safe
@any_staff("everybody may know which roles there are and who holds them")
def role_list(request: StaffRequest) -> HttpResponse:
    """All roles: what they are for, how far they see, who holds them."""
    may_manage = request.user.may(AccountsPermission.MANAGE_ROLES)
    context = {"roles": roles_with_holders().exclude(code="system"), "may_manage": may_manage}
    return render(request, "accounts/role_list.html", context)


@require_safe
@any_staff("everybody may know who may do what")
def role_matrix(request: StaffRequest) -> HttpResponse:
    """Roles x permissions in words; fits on paper. Only roles that somebody holds, unless all."""
    shows_all = request.GET.get("all") == "1"
    roles = list(roles_with_holders().exclude(code="system"))
    shown = [role for role in roles if shows_all or role.holders]  # type: ignore[attr-defined]
    context = {
        "roles": shown,
        "sections": permission_matrix(shown),
        "shows_all": shows_all,
        "at": timezone.now(),
    }
    return render(request, "accounts/role_matrix.html", context)


@require_http_methods(["GET", "POST"])
@permission_required(AccountsPermission.MANAGE_ROLES)
def role_new(request: StaffRequest) -> HttpResponse:
    """A role of the site's own."""
    form = NewRoleForm(request.POST or None)
    if form.is_valid():
        fields = form.cleaned_data
        try:
            role = create_role(
                code=fields["code"],
                name=fields["given_name"],
                description=fields["given_description"],
                reach=fields["reach"],
                order_stage=fields["order_stage"],
                by=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("accounts:role_edit", role.pk)
    status = 422 if form.errors else 200
    return render(request, "accounts/role_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@permission_required(AccountsPermission.MANAGE_ROLES)
def role_edit(request: StaffRequest, role_id: int) -> HttpResponse:
    """Name, reach and permissions of a role."""
    role = get_object_or_404(roles_with_holders().exclude(code="system"), pk=role_id)
    names = ("given_name", "given_description", "reach", "order_stage")
    form = RoleForm(request.POST or None, initial={name: getattr(role, name) for name in names})
    held = set(request.POST.getlist("permissions") if form.is_bound else role.permissions)
    if form.is_valid():
        try:
            change_role(role.pk, permissions=held, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:role_edit", role.pk)
    context = {"form": form, "role": role, "sets": permission_sets(), "held": held}
    return render(request, "accounts/role_edit.html", context, status=422 if form.errors else 200)


@require_safe
@permission_required(AccountsPermission.SEE_PRESENCE_TOTALS)
def presence_day(request: StaffRequest) -> HttpResponse:
    """How long each person was in each state on a day."""
    now = timezone.now()
    day: date = _day(request.GET.get("day", "")) or timezone.localdate(now)
    context = {
        "day": day,
        "totals": presence_totals(request.user, day, at=now),
        "states": [one.label for one in PresenceState if one != PresenceState.OFFLINE],
    }
    return render(request, "accounts/presence_day.html", context)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@require_safe
@permission_required(AccountsPermission.SEE_READ_LOG)
def read_log(request: StaffRequest) -> HttpResponse:
    """Who revealed or exported personal data, whose, and why (D423)."""
    reads = ReadLog.objects.select_related("staff")
    page = keyset_page(reads, order=("-at", "-pk"), after=request.GET.get("after", ""))
    return render(request, "accounts/read_log.html", {"page": page})
