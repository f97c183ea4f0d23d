"""The contact log: what the customer was told, kinds of matters, parts of the day."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shouwen.conversations.models import ContactKind, Conversation, ReportSpan
from shouwen.conversations.operations.kinds import Question

FIELD = "q-"
WAYS = [one for one in Conversation.Channel.choices if one[0] != Conversation.Channel.WEB_POST]
OPTIONAL = "?"


def answers_in(data: Mapping[str, object]) -> dict[int, str]:
    """Answers to questions as they were typed: fields named q-<id of the question>."""
    return {
        int(name.removeprefix(FIELD)): str(value)
        for name, value in data.items()
        if name.startswith(FIELD) and name.removeprefix(FIELD).isdecimal()
    }


class TellForm(forms.Form):
    """What the customer was told, and how."""

    text = forms.CharField(
        label=_("What the customer was told"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
    )
    way = forms.ChoiceField(label=_("Way"), choices=WAYS, initial=Conversation.Channel.PHONE)
    is_final = forms.TypedChoiceField(
        label=_("This is"),
        choices=[("no", _("how far it is")), ("yes", _("the answer"))],
        initial="no",
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class KindForm(forms.ModelForm):  # type: ignore[type-arg]
    """A kind of matters: its questions one a line, those that may be left out end with a ?."""

    questions = forms.CharField(
        label=_("What must be asked, one question a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("In this order. A line that ends with ? may be left unanswered."),
    )

    class Meta:
        model = ContactKind
        fields = ("name", "position", "needs_feedback", "feedback_minutes", "is_active")
        labels = {
            "name": _("Name"),
            "position": _("Place in the list"),
            "needs_feedback": _("The customer must be told before it is over"),
            "feedback_minutes": _("If something is left to do, told within (working minutes)"),
            "is_active": _("In use"),
        }

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        if self.instance.pk:
            rows = self.instance.questions.filter(is_active=True).order_by("position", "pk")
            self.initial["questions"] = "\n".join(
                one.text + ("" if one.is_required else f" {OPTIONAL}") for one in rows
            )

    def asked(self) -> list[Question]:
        """The questions as typed."""
        lines = [one.strip() for one in self.cleaned_data["questions"].splitlines() if one.strip()]
        return [
            Question(text=one.rstrip("?？ "), is_required=not one.endswith(("?", "？")))
            for one in lines
        ]


class SpanForm(forms.ModelForm):  # type: ignore[type-arg]
    """A part of the day, from and to as times."""

    begins = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}))
    stops = forms.TimeField(label=_("To"), widget=forms.TimeInput(attrs={"type": "time"}))

    class Meta:
        model = ReportSpan
        fields = ("name", "is_active")
        labels = {"name": _("Name"), "is_active": _("In use")}

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        if self.instance.pk:
            for name, minutes in (("begins", self.instance.starts), ("stops", self.instance.ends)):
                self.initial[name] = f"{minutes // 60 % 24:02}:{minutes % 60:02}"

    def clean(self) -> dict[str, object]:
        """The times as minutes; the same twice is no part of a day."""
        given: dict[str, object] = super().clean() or {}
        begins, stops = self.cleaned_data.get("begins"), self.cleaned_data.get("stops")
        if begins is None or stops is None:
            return given
        if begins == stops:
            raise forms.ValidationError(_now("Beginning and end are the same."))
        self.instance.starts = begins.hour * 60 + begins.minute
        self.instance.ends = stops.hour * 60 + stops.minute
        return given
