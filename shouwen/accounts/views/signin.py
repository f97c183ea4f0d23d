"""Pages for signing in and out and for forgotten passwords."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shouwen.accounts.decorators import StaffRequest, any_staff, open_to_all
from shouwen.accounts.forms.signin import CodeForm, NewPasswordForm, ResetAskForm, SignInForm
from shouwen.accounts.models import Staff
from shouwen.accounts.operations.passwords import ask_password_reset, reset_password
from shouwen.accounts.operations.second_factor import check_second_factor
from shouwen.accounts.operations.sessions import check_password, record_sign_in, sign_out
from shouwen.accounts.queries import company, has_second_factor, usable_reset
from shouwen.core.errors import Refused
from shouwen.core.http import client_address

BACKEND = "shouwen.accounts.backends.SessionBackend"
HALF = "accounts.half_signed_in"
HALF_FOR = timedelta(minutes=5)


@open_to_all("signing in comes before everything")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; then the code, if the person has a second factor."""
    next_url = _safe_next(request)
    if isinstance(request.user, Staff):
        return redirect(next_url)
    form = SignInForm(request.POST or None)
    if form.is_valid():
        try:
            staff = check_password(
                **form.cleaned_data, address=client_address(request), at=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _after_password(request, staff, next_url)
    context = {
        "form": form,
        "next": request.POST.get("next", request.GET.get("next", "")),
        "company": company(),
    }
    return render(request, "accounts/sign_in.html", context, status=422 if form.errors else 200)


def _after_password(request: HttpRequest, staff: Staff, next_url: str) -> HttpResponse:
    if not has_second_factor(staff):
        return _complete(request, staff, next_url)
    request.session.cycle_key()
    request.session[HALF] = {
        "staff": staff.pk,
        "at": timezone.now().timestamp(),
        "hash": staff.get_session_auth_hash(),
        "next": next_url,
    }
    return redirect("accounts:sign_in_code")


@open_to_all("the second step of signing in; the first one is remembered for five minutes")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The one-time code, or a recovery code."""
    half = request.session.get(HALF)
    staff = _half_signed_in(half)
    if half is None or staff is None:
        request.session.pop(HALF, None)
        return redirect("accounts:sign_in")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            check_second_factor(
                **form.cleaned_data,
                address=client_address(request),
                at=timezone.now(),
                by=staff,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _complete(request, staff, half["next"])
    status = 422 if form.errors else 200
    return render(request, "accounts/sign_in_code.html", {"form": form}, status=status)


def _half_signed_in(half: dict[str, Any] | None) -> Staff | None:
    if half is None or timezone.now().timestamp() - half["at"] > HALF_FOR.total_seconds():
        return None
    staff = Staff.objects.active().people().filter(pk=half["staff"]).first()
    if staff is None or not constant_time_compare(half["hash"], staff.get_session_auth_hash()):
        return None
    return staff


def _complete(request: HttpRequest, staff: Staff, next_url: str) -> HttpResponse:
    """The session has a new id and is one of the person's sign-ins."""
    request.session.pop(HALF, None)
    login(request, staff, backend=BACKEND)
    record_sign_in(
        staff,
        session_key=request.session.session_key or "",
        address=client_address(request),
        device=request.headers.get("User-Agent", ""),
        at=timezone.now(),
    )
    return redirect(next_url)


def _safe_next(request: HttpRequest) -> str:
    """Where to go afterwards; never to another site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    if is_ours and wanted.startswith("/"):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)


@require_POST
@any_staff("everybody may leave")
def sign_out_view(request: StaffRequest) -> HttpResponse:
    """This session is over."""
    sign_out(session_key=request.session.session_key or "", at=timezone.now(), by=request.user)
    logout(request)
    return redirect("accounts:sign_in")


@open_to_all("who forgot the password cannot sign in; throttled, tells nothing about anybody")
@never_cache
@require_http_methods(["GET", "POST"])
def password_reset_ask(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail; the answer is the same whoever asked."""
    form = ResetAskForm(request.POST or None)
    sent = False
    if form.is_valid():
        try:
            ask_password_reset(
                **form.cleaned_data, address=client_address(request), at=timezone.now()
            )
            sent = True
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "sent": sent}
    status = 422 if form.errors else 200
    return render(request, "accounts/password_reset_ask.html", context, status=status)


@open_to_all("the signed link is the permission; it works once, within an hour")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_reset_set(request: HttpRequest, token: str) -> HttpResponse:
    """Set a new password by the link of a mail."""
    reset = usable_reset(token, at=timezone.now())
    form = NewPasswordForm(request.POST or None)
    if reset is not None and form.is_valid():
        try:
            reset_password(token, **form.cleaned_data, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your new password is set. Please sign in."))
            return redirect("accounts:sign_in")
    status = 422 if form.errors else 200 if reset else 410
    context = {"form": form, "reset": reset}
    return render(request, "accounts/password_reset_set.html", context, status=status)
