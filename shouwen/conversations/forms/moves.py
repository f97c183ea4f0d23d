"""Reasons and receivers: transfer, take over, return, warn, promise, finish."""

from collections.abc import Iterable
from datetime import datetime

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Staff
from shouwen.conversations.models import Queue
from shouwen.conversations.queries.contacts import Colleague
from shouwen.ui.fields import MomentField


class ReasonForm(forms.Form):
    """A move that says why."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class TransferForm(forms.Form):
    """To whom, and why. `to` is "staff:<id>" or "queue:<id>"."""

    to = forms.CharField(label=_("To"), error_messages={"required": _("Please choose somebody.")})
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, *args: object, people: Iterable[Colleague], queues: Iterable[Queue], **options: object
    ) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self._people = {f"staff:{one.staff.pk}": one.staff for one in people}
        self._queues = {f"queue:{one.pk}": one for one in queues}

    def clean_to(self) -> Staff | Queue:
        """The person or the group that was chosen."""
        chosen = self.cleaned_data["to"]
        found: Staff | Queue | None = self._people.get(chosen) or self._queues.get(chosen)
        if found is None:
            raise forms.ValidationError(_now("Please choose somebody."))
        return found


class HarassingForm(forms.Form):
    """Why the team is warned, and how to handle the caller."""

    reason = forms.CharField(
        label=_("What this caller does"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    handling = forms.CharField(
        label=_("How to handle"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The rule every colleague sees when this customer comes back."),
    )


class ResultForm(forms.Form):
    """How it went: a call made, a point solved."""

    result = forms.CharField(
        label=_("How it went"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class SolutionForm(forms.Form):
    """How a point was solved."""

    solution = forms.CharField(
        label=_("How it was solved"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class PromiseForm(forms.Form):
    """When to call, and what to prepare."""

    due_at = MomentField(
        label=_("Call at"),
    )
    note = forms.CharField(
        label=_("What to prepare"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def when(self) -> datetime:
        """The promised moment; ask only after is_valid()."""
        moment: datetime = self.cleaned_data["due_at"]
        return moment
