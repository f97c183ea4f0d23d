"""How soon answers are promised, letter frames, and calls that answer what was written."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.conversations.letters import CLOSING, OPENING
from shouwen.conversations.models import MailDesk, Queue
from shouwen.conversations.operations.phone import Call
from shouwen.conversations.queries.clocks import ReplyTimeRow

MOST_MINUTES = 60 * 24 * 60


class ReplyTimesForm(forms.Form):
    """A number of working minutes for each queue and channel; empty takes the one above."""

    def __init__(self, *args: object, rows: list[ReplyTimeRow], **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self._rows = rows
        for cell in (cell for row in rows for cell in row.cells):
            self.fields[cell.name] = forms.IntegerField(
                required=False, min_value=1, max_value=MOST_MINUTES, initial=cell.minutes
            )
            self.fields[cell.name].widget.attrs["placeholder"] = str(cell.otherwise)

    def table(self) -> list[dict[str, object]]:
        """The rows as the page shows them: the queue and its fields."""
        return [
            {"queue": row.queue, "fields": [self[cell.name] for cell in row.cells]}
            for row in self._rows
        ]

    def times(self) -> dict[tuple[int | None, str], int | None]:
        """What was typed, as the operation takes it."""
        return {
            (row.queue.pk if row.queue else None, cell.channel): self.cleaned_data[cell.name]
            for row in self._rows
            for cell in row.cells
        }


class MailDeskForm(forms.ModelForm):  # type: ignore[type-arg]
    """Where mail of a mailbox goes, and what stands around its answers."""

    class Meta:
        model = MailDesk
        fields = ("queue", "has_frame", "opening", "closing")
        labels = {
            "queue": _("Queue"),
            "has_frame": _("Answers are letters: addressed and signed"),
            "opening": _("Opening"),
            "closing": _("Closing"),
        }
        help_texts = {
            "queue": _("Empty: the queue of the mailbox's department."),
            "opening": _("May hold {customer}, {title} and {greeting}."),
            "closing": _("May hold {company}, {me}, {date} and {number}."),
        }
        widgets = {
            "opening": forms.Textarea(attrs={"rows": 4}),
            "closing": forms.Textarea(attrs={"rows": 7}),
        }

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        queue = self.fields["queue"]
        assert isinstance(queue, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        queue.queryset = Queue.objects.filter(is_active=True).order_by("name")
        queue.empty_label = "—"

    def clean(self) -> dict[str, object]:
        """A letter without any words around it has the standard ones."""
        given: dict[str, object] = super().clean() or {}
        if given.get("has_frame") and not (given.get("opening") or given.get("closing")):
            given |= {"opening": OPENING, "closing": CLOSING}
        return given


class CallForm(forms.Form):
    """How a call went that answers what was written."""

    is_reached = forms.TypedChoiceField(
        label=_("The customer"),
        choices=[("yes", _("was reached")), ("no", _("was not reached"))],
        initial="yes",
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("What was answered"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        help_text=_("Not reached: what you tried. A call back is then owed."),
    )
    words = forms.CharField(
        label=_("What the customer said"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def call(self) -> Call:
        """What was typed; ask only after is_valid()."""
        return Call(**self.cleaned_data)
