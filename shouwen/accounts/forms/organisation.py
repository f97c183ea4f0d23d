"""Forms about departments, the company and roles."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms.fields import DepartmentField
from shouwen.accounts.models import Department, Role


class DepartmentForm(forms.Form):
    """Name, function and place of a department."""

    name = forms.CharField(label=_("Name"), max_length=60)
    function = forms.ChoiceField(label=_("Function"), choices=Department.Function)
    parent = DepartmentField(label=_("Belongs to"), required=False)


class NewDepartmentForm(DepartmentForm):
    """As DepartmentForm, with the code it keeps for good."""

    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Latin letters, digits and dashes.")
    )
    field_order = ["name", "code", "function", "parent"]


class ResponsibilityForm(forms.Form):
    """Which department answers for what."""

    hotline_department = DepartmentField(label=_("Owns the hotline"), required=False)
    complaint_department = DepartmentField(label=_("Handles complaints"), required=False)
    property_complaint_department = DepartmentField(
        label=_("Handles property complaints"), required=False
    )
    stiff_words = forms.CharField(
        label=_("Stiff words to hint at in job descriptions"),
        required=False,
        max_length=400,
        help_text=_("Parted by spaces. A hint only; nothing is refused."),
    )


class RoleForm(forms.Form):
    """Name, description, reach and stage of a role."""

    given_name = forms.CharField(
        label=_("Name"), max_length=60, required=False, help_text=_("Empty: the built-in name.")
    )
    given_description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    reach = forms.ChoiceField(label=_("Sees"), choices=Role.Reach)
    order_stage = forms.ChoiceField(label=_("Order stage"), choices=Role.OrderStage, required=False)


class NewRoleForm(RoleForm):
    """As RoleForm, with the code it keeps for good and a name that must be given."""

    given_name = forms.CharField(label=_("Name"), max_length=60)
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Latin letters, digits and dashes.")
    )
    field_order = ["given_name", "code", "given_description", "reach", "order_stage"]
