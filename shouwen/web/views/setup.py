"""The first run: code, company, administrator, mailbox, widget; each step is kept as soon as it is saved."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from shouwen.accounts.decorators import open_to_all
from shouwen.accounts.models import Company, Department, Role, Staff
from shouwen.accounts.operations.departments import change_company, found_departments
from shouwen.accounts.operations.sessions import record_sign_in
from shouwen.accounts.operations.staff import create_staff
from shouwen.accounts.queries import company, system_staff
from shouwen.accounts.throttle import address_key
from shouwen.conversations.models import WidgetSite
from shouwen.conversations.operations.setup import ensure_default_queue, save_widget_site
from shouwen.core.errors import Refused
from shouwen.core.http import client_address
from shouwen.core.pace import is_within_pace
from shouwen.mailroom.carriers.base import Check
from shouwen.mailroom.carriers.email.carrier import EmailCarrier
from shouwen.mailroom.models import Mailbox
from shouwen.mailroom.operations.mailboxes import save_mailbox
from shouwen.mailroom.sealing import seal
from shouwen.web.firstrun import has_administrator, is_setup_code
from shouwen.web.forms import AdministratorForm, CodeForm, CompanyForm, MailboxForm, WidgetForm

# In the session of whoever typed the code.
KNOWS_CODE = "web.knows_setup_code"
TRIES_AN_HOUR = 20


@dataclass(frozen=True)
class Step:
    """One page of the first run."""

    name: str
    label: str | Promise
    form: type[Form]
    save: Callable[[HttpRequest, Form], list[Check]]
    initial: Callable[[], dict[str, object]]
    may_skip: bool = False


def _save_company(request: HttpRequest, form: Form) -> list[Check]:
    by = request.user if isinstance(request.user, Staff) else system_staff()
    change_company(**form.cleaned_data, by=by)
    found_departments(by=by)
    return []


@transaction.atomic
def _save_administrator(request: HttpRequest, form: Form) -> list[Check]:
    company()
    Company.objects.select_for_update().get(pk=1)  # two who come at once: the first one wins
    if has_administrator():
        raise Refused(_("Somebody else has just become the administrator. Please sign in."))
    given = form.cleaned_data
    staff = create_staff(
        username=given["username"],
        staff_number="0001",
        name=given["name"],
        mail=given["mail"],
        department=Department.objects.filter(code="service").first(),
        password=given["password"],
        roles=list(Role.objects.filter(code="administrator")),
        by=system_staff(),
    )
    login(request, staff)
    record_sign_in(
        staff,
        session_key=request.session.session_key or "",
        address=client_address(request),
        device=request.headers.get("User-Agent", ""),
        at=timezone.now(),
    )
    return []


def _save_mailbox(request: HttpRequest, form: Form) -> list[Check]:
    """Sign in to the servers first; what does not work is said and nothing is stored."""
    assert isinstance(form, MailboxForm)  # noqa: S101 - tells the type checker
    assert isinstance(request.user, Staff)  # noqa: S101
    mailbox = form.mailbox(company().name)
    password = form.cleaned_data["password"]
    mailbox.imap_password = mailbox.smtp_password = seal(password)
    checks = EmailCarrier().check(mailbox)
    if all(check.is_well for check in checks):
        passwords = {"imap_password": password, "smtp_password": password}
        save_mailbox(mailbox, passwords=passwords, by=request.user)
    return checks


def _save_widget(request: HttpRequest, form: Form) -> list[Check]:
    assert isinstance(request.user, Staff)  # noqa: S101 - tells the type checker
    site = _site(request.user)
    for name, value in form.cleaned_data.items():
        setattr(site, name, value)
    save_widget_site(site, by=request.user)
    change_company(is_set_up=True, by=request.user)
    return []


def _site(staff: Staff) -> WidgetSite:
    """The first widget, made with its queue when missing."""
    found = WidgetSite.objects.order_by("pk").first()
    if found:
        return found
    department = Department.objects.filter(code="service").first()
    if department is None:
        department = found_departments(by=system_staff())[0]
    queue = ensure_default_queue(name=_("Service"), department=department, by=staff)
    title = _("Online service")
    return save_widget_site(WidgetSite(name=company().name, title=title, queue=queue), by=staff)


def _company_initial() -> dict[str, object]:
    firm = company()
    return {"name": firm.name, "time_zone": firm.time_zone}


def _widget_initial() -> dict[str, object]:
    site = WidgetSite.objects.order_by("pk").first()
    return {
        "title": site.title if site else _("Online service"),
        "greeting": (site.greeting if site else "") or _("Hello, how may we help you?"),
        "allowed_origins": site.allowed_origins if site else "",
    }


STEPS = (
    Step("company", gettext_lazy("Company"), CompanyForm, _save_company, _company_initial),
    Step(
        "administrator",
        gettext_lazy("Administrator"),
        AdministratorForm,
        _save_administrator,
        lambda: {"username": "admin"},
    ),
    Step(
        "mailbox",
        gettext_lazy("Mailbox"),
        MailboxForm,
        _save_mailbox,
        lambda: {"imap_port": 993, "smtp_port": 465},
        may_skip=True,
    ),
    Step("widget", gettext_lazy("Chat widget"), WidgetForm, _save_widget, _widget_initial),
)


@open_to_all("before there is an administrator nobody can sign in; it only sends people on")
def setup(request: HttpRequest) -> HttpResponse:
    """The first step that is not done yet."""
    del request
    if company().is_set_up:
        return redirect("web:start")
    if not company().name:
        return redirect("web:setup_step", "company")
    if not has_administrator():
        return redirect("web:setup_step", "administrator")
    if not Mailbox.objects.exists():
        return redirect("web:setup_step", "mailbox")
    return redirect("web:setup_step", "widget")


@sensitive_post_parameters("password", "repeated")
@open_to_all("the first two steps come before anybody can sign in; the others ask for him")
def step(request: HttpRequest, name: str) -> HttpResponse:
    """One step: asked, checked, kept, and on to the next one."""
    if name in ALONE:
        return ALONE[name](request)
    found = next((one for one in STEPS if one.name == name), None)
    if found is None:
        raise Http404
    if sent_on := _elsewhere(request, found):
        return sent_on
    form = found.form(request.POST or None, initial=found.initial())
    checks: list[Check] = []
    if request.method == "POST" and form.is_valid():
        try:
            checks = found.save(request, form)
            if all(check.is_well for check in checks):
                return redirect(_after(found))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    is_wrong = bool(form.errors) or bool(checks)
    context = _step_page(found) | {"form": form, "checks": checks}
    return render(request, f"web/setup_{name}.html", context, status=422 if is_wrong else 200)


def _elsewhere(request: HttpRequest, found: Step) -> HttpResponse | None:
    """Where a person must go first: a finished set-up is closed, later steps need him signed in."""
    if company().is_set_up:
        return redirect("web:start")
    if not has_administrator() and KNOWS_CODE not in request.session:
        return redirect("web:setup_step", "code")
    if has_administrator() and not isinstance(request.user, Staff):
        return redirect_to_login(request.path)
    if found.name == "administrator" and has_administrator():
        return redirect("web:setup_step", "mailbox")
    if found.name in {"mailbox", "widget"} and not has_administrator():
        return redirect("web:setup")
    return None


def _after(found: Step) -> str:
    names = [one.name for one in STEPS] + ["done"]
    return f"/setup/{names[names.index(found.name) + 1]}/"


def _step_page(found: Step) -> dict[str, object]:
    return {
        "step": found,
        "steps": STEPS,
        "place": STEPS.index(found) + 1,
        "next_url": _after(found),
    }


def _code(request: HttpRequest) -> HttpResponse:
    """Whoever reaches the port is asked for what only who started the server has read."""
    if has_administrator() or KNOWS_CODE in request.session:
        return redirect("web:setup")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        address, at = address_key(client_address(request)), timezone.now()
        hour = timedelta(hours=1)
        if not is_within_pace("setup", address, limit=TRIES_AN_HOUR, window=hour, at=at):
            form.add_error(None, _("Too many tries. Please wait an hour and try again."))
        elif is_setup_code(form.cleaned_data["code"]):
            request.session.cycle_key()
            request.session[KNOWS_CODE] = True
            return redirect("web:setup")
        else:
            form.add_error("code", _("This is not the code."))
    status = 422 if form.errors else 200
    return render(request, "web/setup_code.html", {"form": form}, status=status)


def _done(request: HttpRequest) -> HttpResponse:
    """The set-up is complete; here is the code to put into the website."""
    site = WidgetSite.objects.order_by("pk").first()
    if site is None or not isinstance(request.user, Staff):
        return redirect("web:setup")
    script = f"{settings.PUBLIC_URL}{reverse('conversations:widget_script', args=[site.key])}"
    code = f'<script src="{script}" async></script>'
    return render(request, "web/setup_done.html", {"site": site, "code": code})


# Pages of the first run that are no steps.
ALONE = {"code": _code, "done": _done}
