"""What exports show on pages of others."""

from django.urls import reverse
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import StaffRequest
from shouwen.core.slots import panel
from shouwen.exports.permissions import ExportPermission
from shouwen.ui.navigation import MenuItem


@panel("menu", order=40)
def own_exports_item(request: StaffRequest) -> MenuItem | None:
    """The way to my exports."""
    if not request.user.may(ExportPermission.EXPORT):
        return None
    return MenuItem(label=_("Exports"), url=reverse("exports:list"), icon="download")
