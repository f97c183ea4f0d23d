"""What this part puts into the slots of others."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import StaffRequest
from shouwen.accounts.operations import install_roles
from shouwen.accounts.operations.post_seeds import install_posts
from shouwen.accounts.permissions import AccountsPermission
from shouwen.accounts.queries import presence_switch
from shouwen.core.slots import panel
from shouwen.ui.cards import SettingsCard
from shouwen.ui.navigation import MenuItem, RailItem


@panel("install", order=10)
def install_accounts() -> None:
    """Built-in roles and example job descriptions are there."""
    install_roles()
    install_posts()


@panel("rail", order=70)
def directory_item(request: StaffRequest) -> RailItem | None:
    """The way to the colleagues."""
    if not request.user.may(AccountsPermission.SEE_STAFF):
        return None
    return RailItem(
        name="directory",
        label=_("Colleagues"),
        url=reverse("accounts:directory"),
        icon="address-book",
    )


@panel("menu", order=10)
def own_pages(request: StaffRequest) -> list[MenuItem]:
    """A person's own pages."""
    del request
    return [
        MenuItem(label=_("My profile"), url=reverse("accounts:profile"), icon="user-circle"),
        MenuItem(label=_("My sign-ins"), url=reverse("accounts:sign_ins"), icon="device-desktop"),
        MenuItem(label=_("Job descriptions"), url=reverse("accounts:post_list"), icon="briefcase"),
    ]


@panel("menu.head", order=10)
def presence_in_menu(request: StaffRequest) -> SafeString:
    """The switch of one's own presence, on every page."""
    context = {"switch": presence_switch(request.user)}
    return render_to_string("accounts/presence.html#switch", context, request)


@panel("settings.cards", order=10)
def staff_card(request: StaffRequest) -> SettingsCard | None:
    """The way to the staff list."""
    if not request.user.may(AccountsPermission.MANAGE_STAFF):
        return None
    return SettingsCard(
        label=_("Staff"),
        text=_("Who works here: roles, department, skills, limits, sign-ins."),
        url=reverse("accounts:staff_list"),
        icon="users",
    )


@panel("settings.cards", order=12)
def department_card(request: StaffRequest) -> SettingsCard | None:
    """The way to the department tree."""
    if not request.user.may(AccountsPermission.MANAGE_DEPARTMENTS):
        return None
    return SettingsCard(
        label=_("Departments"),
        text=_("The tree of the organisation, and who owns hotline and complaints."),
        url=reverse("accounts:department_list"),
        icon="sitemap",
    )


@panel("settings.cards", order=14)
def role_card(request: StaffRequest) -> SettingsCard | None:
    """The way to the roles."""
    if not request.user.may(AccountsPermission.MANAGE_ROLES):
        return None
    return SettingsCard(
        label=_("Roles"),
        text=_("Who may do what, in words; a matrix to print."),
        url=reverse("accounts:role_list"),
        icon="shield-lock",
    )


@panel("settings.cards", order=16)
def presence_card(request: StaffRequest) -> SettingsCard | None:
    """The way to the presence totals."""
    if not request.user.may(AccountsPermission.SEE_PRESENCE_TOTALS):
        return None
    return SettingsCard(
        label=_("Presence by day"),
        text=_("How long each person was online, busy, on a break, wrapping up."),
        url=reverse("accounts:presence_day"),
        icon="clock",
    )


@panel("settings.cards", order=18)
def read_log_card(request: StaffRequest) -> SettingsCard | None:
    """The way to the read log."""
    if not request.user.may(AccountsPermission.SEE_READ_LOG):
        return None
    return SettingsCard(
        label=_("Personal data seen"),
        text=_("Who revealed or exported personal data, whose, and why."),
        url=reverse("accounts:read_log"),
        icon="eye",
    )
