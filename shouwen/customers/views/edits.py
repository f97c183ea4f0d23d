"""Changing a file from its card: each a dialog that redraws the card."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.customers import operations
from shouwen.customers.forms import (
    AssetForm,
    ContactForm,
    FlagForm,
    FriendForm,
    NameForm,
    QualityForm,
    RemarksForm,
    TagsForm,
)
from shouwen.customers.models import ContactPoint, Customer
from shouwen.customers.operations.friends import FriendDetails
from shouwen.customers.permissions import CustomerPermission
from shouwen.customers.queries import tags_in_use
from shouwen.customers.views.dialogs import Dialog, answer, customer_of, redrawn_card

asks = require_http_methods(["GET", "POST"])
may_edit = permission_required(CustomerPermission.EDIT)


@asks
@may_edit
def name(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Write down or correct the name."""
    customer = customer_of(request, customer_id)
    initial = {"name": customer.name, "salutation": customer.salutation, "kind": customer.kind}
    form = NameForm(request.POST or None, initial=initial)
    dialog = Dialog(title=_("Name and salutation"), form=form, submit=_("Save"))
    return answer(
        request,
        customer,
        dialog,
        lambda: operations.rename_customer(customer_id, **form.cleaned_data, by=request.user),
        _("Saved."),
    )


@asks
@may_edit
def flag(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Set, change or take off the flag."""
    customer = customer_of(request, customer_id)
    form = FlagForm(
        request.POST or None, initial={"flag": customer.flag, "note": customer.flag_note}
    )
    dialog = Dialog(title=_("Flag with a note"), form=form, submit=_("Save"))
    return answer(
        request,
        customer,
        dialog,
        lambda: operations.set_flag(customer_id, **form.cleaned_data, by=request.user),
        _("Saved."),
    )


@asks
@may_edit
def remarks(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Rewrite the remarks."""
    customer = customer_of(request, customer_id)
    initial = {"text": customer.remarks, "seen": customer.remarks}
    form = RemarksForm(request.POST or None, initial=initial)
    dialog = Dialog(title=_("Remarks"), form=form, submit=_("Save"))
    return answer(
        request,
        customer,
        dialog,
        lambda: operations.set_remarks(customer_id, **form.cleaned_data, by=request.user),
        _("Saved."),
    )


@asks
@may_edit
def tags(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Choose the tags."""
    customer = customer_of(request, customer_id)
    carried = [tag.name for tag in customer.tags.all()]
    # No tag chosen sends nothing at all: that too is an answer.
    chosen = request.POST if request.method == "POST" else None
    form = TagsForm(chosen, initial={"names": carried}, tags=list(tags_in_use()))
    dialog = Dialog(title=_("Tags"), form=form, submit=_("Save"))
    return answer(
        request,
        customer,
        dialog,
        lambda: operations.set_tags(customer_id, **form.cleaned_data, by=request.user),
        _("Saved."),
    )


@asks
@may_edit
def quality(request: StaffRequest, customer_id: int) -> HttpResponse:
    """File as a quality customer, or no longer."""
    customer = customer_of(request, customer_id)
    form = QualityForm(
        request.POST if request.method == "POST" else None,
        initial={"is_quality": customer.is_quality},
    )
    dialog = Dialog(title=_("Quality customer"), form=form, submit=_("Save"))
    return answer(
        request,
        customer,
        dialog,
        lambda: operations.file_as_quality(customer_id, **form.cleaned_data, by=request.user),
        _("Saved."),
    )


@asks
@may_edit
def contact_new(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Add a way to reach the customer."""
    customer = customer_of(request, customer_id)
    form = ContactForm(request.POST or None)
    dialog = Dialog(title=_("Add a contact point"), form=form, submit=_("Add"))
    return answer(
        request,
        customer,
        dialog,
        lambda: operations.add_contact_point(customer_id, **form.cleaned_data, by=request.user),
        _("Added."),
    )


def _point(customer: Customer, contact_id: int) -> ContactPoint:
    return get_object_or_404(customer.contact_points.all(), pk=contact_id)


@require_POST
@may_edit
def contact_primary(request: StaffRequest, customer_id: int, contact_id: int) -> HttpResponse:
    """Try this one first."""
    customer = customer_of(request, customer_id)
    operations.make_primary(_point(customer, contact_id).pk, by=request.user)
    return redrawn_card(request, customer, said=_("Saved."))


@require_POST
@may_edit
def contact_remove(request: StaffRequest, customer_id: int, contact_id: int) -> HttpResponse:
    """It is no longer this customer's."""
    customer = customer_of(request, customer_id)
    operations.remove_contact_point(_point(customer, contact_id).pk, by=request.user)
    return redrawn_card(request, customer, said=_("Removed."))


@asks
@may_edit
def friend(request: StaffRequest, customer_id: int, contact_id: int) -> HttpResponse:
    """Note that the IM id was added as a friend, and in which groups."""
    customer = customer_of(request, customer_id)
    point = _point(customer, contact_id)
    known = getattr(point, "friend", None)
    initial = (
        {
            "groups": known.groups.all(),
            "activity": known.activity,
            "age": known.age,
            "sex": known.sex,
        }
        if known
        else {"sex": _sex_of(customer)}
    )
    form = FriendForm(request.POST or None, initial=initial)
    dialog = Dialog(title=_("Friend on %s") % point.label, form=form, submit=_("Save"))
    return answer(
        request,
        customer,
        dialog,
        lambda: operations.befriend_customer(
            point.pk, details=FriendDetails(**form.cleaned_data), by=request.user
        ),
        _("Saved."),
    )


def _sex_of(customer: Customer) -> str:
    return {"sir": "male", "madam": "female"}.get(customer.salutation, "")


@asks
@may_edit
def asset_new(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Add a flat, vehicle, device or account."""
    customer = customer_of(request, customer_id)
    form = AssetForm(request.POST or None)
    dialog = Dialog(title=_("Add an asset"), form=form, submit=_("Add"))
    return answer(
        request,
        customer,
        dialog,
        lambda: operations.add_asset(
            customer_id,
            kind=form.cleaned_data["kind"],
            label=form.cleaned_data["label"],
            attributes=form.attributes(),
            by=request.user,
        ),
        _("Added."),
    )


@asks
@may_edit
def asset_edit(request: StaffRequest, customer_id: int, asset_id: int) -> HttpResponse:
    """Change the label or details of an asset."""
    customer = customer_of(request, customer_id)
    asset = get_object_or_404(customer.assets.all(), pk=asset_id)
    details = "\n".join(f"{key}：{value}" for key, value in asset.attributes.items())
    form = AssetForm(
        request.POST or None,
        initial={"kind": asset.kind, "label": asset.label, "details": details},
    )
    form.fields["kind"].disabled = True
    dialog = Dialog(title=asset.label, form=form, submit=_("Save"))
    return answer(
        request,
        customer,
        dialog,
        lambda: operations.change_asset(
            asset.pk,
            label=form.cleaned_data["label"],
            attributes=form.attributes(),
            by=request.user,
        ),
        _("Saved."),
    )


@require_POST
@may_edit
def asset_remove(request: StaffRequest, customer_id: int, asset_id: int) -> HttpResponse:
    """It is no longer this customer's."""
    customer = customer_of(request, customer_id)
    asset = get_object_or_404(customer.assets.all(), pk=asset_id)
    operations.remove_asset(asset.pk, by=request.user)
    return redrawn_card(request, customer, said=_("Removed."))
