"""The plain facts of a kind, and a kind as text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shouwen.cases.definitions import KindDefinition
from shouwen.packs.loading import Mistake, check_text

APPROVALS = {
    "never": _("never"),
    "ordinary": _("unless special or urgent"),
    "always": _("always"),
}
NEEDS = (
    ("needs_demand", _("Asks what the customer wants solved")),
    ("needs_judging", _("Is judged valid or not")),
    ("needs_answer", _("Is answered")),
    ("needs_follow_up", _("Is followed up")),
    ("needs_satisfaction", _("Is archived only when the customer is satisfied")),
    ("needs_cause", _("Root cause and corrective action are written down")),
    ("customer_sets_priority", _("The customer chooses the priority")),
    ("goes_to_keeper", _("Whoever keeps the customer has it at once")),
)


class BasicsForm(forms.Form):
    """Name, numbering, departments, approval, follow-up."""

    name = forms.CharField(label=_("Name"), max_length=80)
    numbers = forms.CharField(
        label=_("Numbers begin with"), max_length=6, help_text=_("Two to six capital letters.")
    )
    explanation = forms.CharField(
        label=_("Definition, shown at intake"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_complaint = forms.BooleanField(label=_("Is counted as a complaint"), required=False)
    department = forms.CharField(
        label=_("Department that owns it"),
        max_length=40,
        required=False,
        help_text=_("Its code. Empty: that of the first responder."),
    )
    hands_to = forms.CharField(
        label=_("Department that has it at once"),
        max_length=40,
        required=False,
        help_text=_("Its code. Empty: none."),
    )
    targets = forms.CharField(
        label=_("Departments it is usually handed to"),
        max_length=400,
        required=False,
        help_text=_("Their codes, with spaces."),
    )
    needs_approval = forms.ChoiceField(
        label=_("Proposal needs an approval"), choices=list(APPROVALS.items())
    )
    follow_up_days = forms.IntegerField(label=_("Follow up within days"), min_value=0, max_value=90)
    stalled_after_hours = forms.IntegerField(
        label=_("Silent too long after hours"), min_value=1, max_value=24 * 60
    )
    recurs_within_days = forms.IntegerField(
        label=_("Recurs if again within days"), min_value=1, max_value=730
    )
    guidance = forms.CharField(
        label=_("Keep in mind"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, at most 80 characters."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in NEEDS:
            self.fields[name] = forms.BooleanField(label=label, required=False)

    @classmethod
    def initial_of(cls, defined: KindDefinition) -> dict[str, Any]:
        """The kind as the form shows it."""
        shown = defined.model_dump(mode="json")
        lists = {"targets": " ".join(defined.targets), "guidance": "\n".join(defined.guidance)}
        return {**shown, **lists, "numbers": defined.prefix}

    @property
    def needs(self) -> list[forms.BoundField]:
        """The yes-or-no fields."""
        return [self[name] for name, _label in NEEDS]

    def patch(self) -> dict[str, Any]:
        """What was typed, as keys of the definition; ask only after is_valid()."""
        typed = dict(self.cleaned_data)
        typed["prefix"] = typed.pop("numbers").strip()
        typed["targets"] = typed["targets"].split()
        typed["guidance"] = [
            line for line in map(str.strip, typed["guidance"].splitlines()) if line
        ]
        for name in ("department", "hands_to"):
            typed[name] = typed[name].strip() or None
        return typed


class KindTextForm(forms.Form):
    """A kind as text; every mistake is named with its line."""

    text = forms.CharField(
        label=_("Definition"),
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 34, "class": "sw-code", "spellcheck": "false", "wrap": "off"}
        ),
    )
    defined: KindDefinition | None = None
    mistakes: tuple[Mistake, ...] = ()

    def clean_text(self) -> str:
        """The text, read and checked."""
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n")
        self.defined, mistakes = check_text(text, KindDefinition)
        if mistakes:
            self.mistakes = tuple(sorted(mistakes, key=lambda one: one.line))
            words = ngettext("One mistake.", "%(count)d mistakes.", len(mistakes))
            raise forms.ValidationError(words % {"count": len(mistakes)})
        return text

    @property
    def lines(self) -> list[tuple[Mistake, str]]:
        """Each mistake with the line it is in."""
        written = str(self["text"].value() or "").splitlines()
        return [
            (one, written[one.line - 1].strip() if one.line <= len(written) else "")
            for one in self.mistakes
        ]
