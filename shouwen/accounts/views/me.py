"""A person's own pages: profile, presence, sign-ins, password, second factor."""

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.decorators import StaffRequest, any_staff
from shouwen.accounts.forms.people import ProfileForm
from shouwen.accounts.forms.signin import ChangePasswordForm, CodeForm, PasswordForm
from shouwen.accounts.models import SecondFactor
from shouwen.accounts.operations.passwords import change_password
from shouwen.accounts.operations.presence import set_presence
from shouwen.accounts.operations.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    remove_second_factor,
    renew_recovery_codes,
)
from shouwen.accounts.operations.sessions import (
    end_other_sign_ins,
    end_sign_in,
    follow_session_key,
)
from shouwen.accounts.operations.staff import change_own_profile
from shouwen.accounts.queries import (
    company,
    group_card,
    has_second_factor,
    own_sign_ins,
    presence_switch,
    totp_of,
    totp_uri,
)
from shouwen.core.errors import Refused
from shouwen.core.http import client_address

SIGN_INS_SHOWN = 30


@any_staff("one's own profile")
@require_http_methods(["GET", "POST"])
def profile(request: StaffRequest) -> HttpResponse:
    """Who I am, how to reach me, my roles in words."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        try:
            change_own_profile(**form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:profile")
    context = {
        "form": form,
        "roles": request.user.role_list,
        "card": group_card(request.user),
        "has_second_factor": has_second_factor(request.user),
    }
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


@any_staff("one's own presence")
@require_http_methods(["GET", "POST"])
def presence(request: StaffRequest) -> HttpResponse:
    """The switch of one's own presence and the mark beside one's name, redrawn in the shell."""
    error = ""
    if request.method == "POST":
        try:
            request.user.presence = set_presence(
                request.user.pk,
                state=request.POST.get("state", ""),
                reason=request.POST.get("reason", ""),
                at=timezone.now(),
                by=request.user,
            )
        except Refused as refusal:
            error = str(refusal)
    context = {"switch": presence_switch(request.user), "error": error}
    return render(request, "accounts/presence.html", context, status=422 if error else 200)


@any_staff("one's own sign-ins")
@never_cache
@require_safe
def sign_ins(request: StaffRequest) -> HttpResponse:
    """Where I am signed in, and where I was."""
    context = {
        "sign_ins": own_sign_ins(request.user)[:SIGN_INS_SHOWN],
        "session_key": request.session.session_key,
    }
    return render(request, "accounts/sign_ins.html", context)


@require_POST
@any_staff("one's own sign-ins")
def sign_in_end(request: StaffRequest, sign_in_id: int) -> HttpResponse:
    """Sign out one device."""
    get_object_or_404(own_sign_ins(request.user), pk=sign_in_id)
    try:
        end_sign_in(sign_in_id, at=timezone.now(), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Signed out there."))
    return redirect("accounts:sign_ins")


@require_POST
@any_staff("one's own sign-ins")
def sign_in_end_others(request: StaffRequest) -> HttpResponse:
    """Sign out everywhere else."""
    end_other_sign_ins(
        keep_session_key=request.session.session_key or "", at=timezone.now(), by=request.user
    )
    messages.success(request, _("Signed out everywhere else."))
    return redirect("accounts:sign_ins")


@any_staff("one's own password")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request: StaffRequest) -> HttpResponse:
    """A new password; other devices are signed out."""
    form = ChangePasswordForm(request.POST or None)
    if form.is_valid():
        key = request.session.session_key or ""
        try:
            staff = change_password(
                **form.cleaned_data, keep_session_key=key, at=timezone.now(), by=request.user
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            update_session_auth_hash(request, staff)
            follow_session_key(key, request.session.session_key or "", by=request.user)
            messages.success(request, _("Your new password is set. Other devices are signed out."))
            return redirect("accounts:profile")
    status = 422 if form.errors else 200
    return render(request, "accounts/password_change.html", {"form": form}, status=status)


@any_staff("one's own second factor")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def second_factor(request: StaffRequest) -> HttpResponse:
    """Set up, confirm, renew codes, remove."""
    action = request.POST.get("action", "")
    if action == "renew" and has_second_factor(request.user):
        return _show_codes(request, renew_recovery_codes(by=request.user))
    if action == "remove":
        return _remove(request)
    if has_second_factor(request.user):
        return render(request, "accounts/second_factor.html", {"password_form": PasswordForm()})
    form = CodeForm(request.POST or None)
    factor = begin_second_factor(by=request.user)
    if form.is_valid():
        try:
            codes = confirm_second_factor(
                **form.cleaned_data,
                address=client_address(request),
                at=timezone.now(),
                by=request.user,
            )
            return _show_codes(request, codes)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "qr": _qr(request, factor), "secret": totp_of(factor).secret}
    status = 422 if form.errors else 200
    return render(request, "accounts/second_factor_set_up.html", context, status=status)


def _show_codes(request: StaffRequest, codes: list[str]) -> HttpResponse:
    return render(request, "accounts/recovery_codes.html", {"codes": codes})


def _remove(request: StaffRequest) -> HttpResponse:
    form = PasswordForm(request.POST)
    if form.is_valid():
        try:
            remove_second_factor(request.user.pk, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The second factor is off."))
            return redirect("accounts:profile")
    return render(request, "accounts/second_factor.html", {"password_form": form}, status=422)


def _qr(request: StaffRequest, factor: SecondFactor) -> SafeString:
    """The QR code as SVG, drawn by attributes only: the page allows no inline style."""
    uri = totp_uri(factor, request.user, company().name or "Shouwen")
    drawn = segno.make(uri, error="m").svg_inline(scale=5, border=2, light="#fff", dark="#000")
    return mark_safe(drawn)  # noqa: S308 - made by the library of modules, not of text
