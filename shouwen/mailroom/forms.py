"""Forms of the ledgers and rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.mailroom.models import Inbound, Outbound
from shouwen.mailroom.queries import LedgerFilter


class LedgerFilterForm(forms.Form):
    """What a ledger list is narrowed to; what cannot be read narrows nothing."""

    state = forms.CharField(max_length=20, required=False)
    channel = forms.CharField(max_length=60, required=False)
    mailbox = forms.RegexField(r"^(\d{1,18}|none)$", required=False)
    rule = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    day = forms.DateField(required=False)

    def asked(self) -> LedgerFilter:
        """The filter; fields with mistakes count as empty."""
        self.is_valid()
        good: dict[str, Any] = {
            name: value for name, value in self.cleaned_data.items() if value not in ("", None)
        }
        return LedgerFilter(**good)


INBOUND_STATES = [
    ("waiting", Inbound.State.RECEIVED.label),
    *((state.value, state.label) for state in Inbound.State if state is not Inbound.State.RECEIVED),
]
OUTBOUND_STATES = [
    ("trouble", _("Refused, given up or returned")),
    *((state.value, state.label) for state in Outbound.State),
]


class ReasonForm(forms.Form):
    """Why a person does this."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class BlockForm(forms.Form):
    """A sender whose mail is dropped."""

    pattern = forms.CharField(
        label=_("Address or domain"),
        max_length=254,
        help_text=_("someone@example.com, or @example.com for all of a domain"),
    )
    name = forms.CharField(label=_("Name of the rule"), max_length=80, required=False)
