"""What people type about faults and the start of the day."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.notices.models import FaultReport

TEXT_LIMIT = 2000


class FaultForm(forms.Form):
    """A fault to report."""

    kind = forms.ChoiceField(label=_("What does not work"), choices=FaultReport.Kind.choices)
    place = forms.CharField(label=_("Where"), max_length=100, required=False)
    text = forms.CharField(
        label=_("What happens"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you did, what you saw, since when."),
    )


class ResolveForm(forms.Form):
    """How a fault was resolved."""

    resolution = forms.CharField(
        label=_("How it was resolved"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class StartOfDayForm(forms.Form):
    """The look before the first contact; what is not normal needs words."""

    WELL, ILL = "well", "ill"
    KINDS = (
        (FaultReport.Kind.SYSTEM, _("Computer and system")),
        (FaultReport.Kind.PHONE, _("Phone")),
        (FaultReport.Kind.NETWORK, _("Network")),
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        for kind, label in self.KINDS:
            self.fields[kind] = forms.ChoiceField(
                label=label,
                choices=[(self.WELL, _("normal")), (self.ILL, _("not normal"))],
                widget=forms.RadioSelect,
            )
            self.fields[f"{kind}_text"] = forms.CharField(
                label=_("What is not normal"), max_length=TEXT_LIMIT, required=False
            )

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each thing to look at with the field for words."""
        return [(self[kind], self[f"{kind}_text"]) for kind, _label in self.KINDS]

    def clean(self) -> dict[str, object]:
        """Words are needed for what is not normal."""
        given = super().clean() or self.cleaned_data
        for kind, _label in self.KINDS:
            if given.get(kind) == self.ILL and not str(given.get(f"{kind}_text", "")).strip():
                self.add_error(f"{kind}_text", _("Please say what is not normal."))
        return given

    @property
    def faults(self) -> dict[str, str]:
        """What is not normal, by kind; ask only after is_valid()."""
        given = self.cleaned_data
        ill = [kind for kind, _label in self.KINDS if given[kind] == self.ILL]
        return {str(kind): given[f"{kind}_text"] for kind in ill}
