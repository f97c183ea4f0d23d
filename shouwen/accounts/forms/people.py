"""Forms about people."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.forms.fields import DepartmentField, RolesField, StaffModelForm, WordsField
from shouwen.accounts.models import Role, Staff

WORDS_HELP = _("Parted by spaces or commas.")


class ProfileForm(StaffModelForm):
    """What everybody may change about themselves."""

    skills = WordsField(label=_("Skills"), required=False, help_text=WORDS_HELP)
    languages = WordsField(label=_("Languages"), required=False, help_text=WORDS_HELP)

    class Meta:
        model = Staff
        fields = ["display_name", "phone", "mail", "address", "skills", "languages"]
        help_texts = {"display_name": _("What customers see instead of your name.")}

    def _post_clean(self) -> None:
        """The operation writes and checks; the form only reads."""


class StaffForm(ProfileForm):
    """What who manages staff may change about others."""

    department = DepartmentField(label=_("Department"), required=False)
    roles = RolesField(
        Role.objects.exclude(code="system").order_by("position", "code"),
        label=_("Roles"),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-choices": ""}),
    )

    class Meta(ProfileForm.Meta):
        fields = [
            "name",
            "display_name",
            "staff_number",
            "username",
            "department",
            "roles",
            "skills",
            "languages",
            "reception_limit",
            "is_regular",
            "phone",
            "mail",
            "address",
        ]
        help_texts = {
            "display_name": _("What customers see instead of the name."),
            "reception_limit": _("How many conversations at the same time."),
            "is_regular": _("Phone and address are mandatory for regular staff."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("is_regular"):
            for name in ("phone", "address"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _now("Mandatory for regular staff."))
        return cleaned


class NewStaffForm(StaffForm):
    """As StaffForm, with a first password."""

    password = forms.CharField(
        label=_("First password"),
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave empty to send a link by mail instead."),
    )
