"""What a person says about a key."""

from datetime import datetime, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Staff
from shouwen.api.scopes import all_scopes


class KeyForm(forms.Form):
    """A key to give out."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What uses it: “online shop”, “call centre”.")
    )
    staff = forms.ModelChoiceField(
        label=_("Acts as"),
        queryset=Staff.objects.none(),
        help_text=_("The key sees and may do what this person may."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("May reach"), widget=forms.CheckboxSelectMultiple, choices=all_scopes
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        choices=[(90, _("90 days")), (365, _("one year")), (0, _("until it is revoked"))],
        initial=365,
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        staff = self.fields["staff"]
        assert isinstance(staff, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        staff.queryset = Staff.objects.active().people().order_by("sort_key", "pk")

    def expires_at(self, at: datetime) -> datetime | None:
        """When the key ends; ask only after is_valid()."""
        days = self.cleaned_data["days"]
        return at + timedelta(days=days) if days else None
