"""The lists people choose from: tags and friend groups."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.core.errors import Refused
from shouwen.customers import operations
from shouwen.customers.forms import FriendGroupForm, TagForm
from shouwen.customers.permissions import CustomerPermission
from shouwen.customers.queries import friend_groups, tags_in_use
from shouwen.customers.views.dialogs import Dialog

asks = require_http_methods(["GET", "POST"])
may_manage = permission_required(CustomerPermission.MANAGE_TAGS)


@may_manage
def tag_list(request: StaffRequest) -> HttpResponse:
    """All tags with the number of customers who carry them, and all friend groups."""
    context = {"tags": tags_in_use(), "groups": friend_groups()}
    return render(request, "customers/tags.html", context)


@asks
@may_manage
def tag_new(request: StaffRequest) -> HttpResponse:
    """Add a tag."""
    form = TagForm(request.POST or None)
    dialog = Dialog(title=_("New tag"), form=form, submit=_("Add"))
    return _ask(
        request,
        dialog,
        lambda: operations.create_tag(**form.cleaned_data, by=request.user),
    )


@asks
@may_manage
def tag_edit(request: StaffRequest, tag_id: int) -> HttpResponse:
    """Rename or recolour a tag on everyone who carries it."""
    tag = get_object_or_404(tags_in_use(), pk=tag_id)
    form = TagForm(request.POST or None, initial={"name": tag.name, "tone": tag.tone})
    dialog = Dialog(title=tag.name, form=form, submit=_("Save"))
    return _ask(
        request,
        dialog,
        lambda: operations.change_tag(tag.pk, **form.cleaned_data, by=request.user),
    )


@asks
@may_manage
def group_new(request: StaffRequest) -> HttpResponse:
    """Add a group of IM friends."""
    form = FriendGroupForm(request.POST or None)
    dialog = Dialog(title=_("New friend group"), form=form, submit=_("Add"))
    return _ask(
        request,
        dialog,
        lambda: operations.create_friend_group(**form.cleaned_data, by=request.user),
    )


def _ask(request: StaffRequest, dialog: Dialog, act: Callable[[], object]) -> HttpResponse:
    context = {"dialog": dialog, "url": request.path}
    if request.method != "POST":
        return render(request, "customers/dialog.html", context)
    if dialog.form.is_valid():
        try:
            act()
        except Refused as refusal:
            dialog.form.add_error(None, str(refusal))
        else:
            return HttpResponseClientRefresh()
    return render(request, "customers/dialog.html#form", context, status=422)
