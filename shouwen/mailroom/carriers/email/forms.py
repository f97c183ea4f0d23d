"""The settings of a mailbox."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Department
from shouwen.mailroom.models import Mailbox

_SECRET = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})


class MailboxForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """Address, servers and credentials; a password left empty stays as it is."""

    imap_password = forms.CharField(
        label=_("Password for fetching"),
        required=False,
        max_length=500,
        strip=False,
        widget=_SECRET,
    )
    smtp_password = forms.CharField(
        label=_("Password for sending"), required=False, max_length=500, strip=False, widget=_SECRET
    )

    class Meta:
        model = Mailbox
        fields = [
            *("name", "address", "from_name", "department", "is_active", "is_default"),
            *("imap_host", "imap_port", "imap_security", "imap_username", "folder"),
            *("takes_waiting", "poll_seconds"),
            *("smtp_host", "smtp_port", "smtp_security", "smtp_username", "uses_subaddresses"),
        ]
        labels = {
            "name": _("Name"),
            "address": _("Address"),
            "from_name": _("Name that customers see"),
            "department": _("Department"),
            "is_active": _("Active"),
            "is_default": _("The system's own mail (new passwords, notices) leaves through it"),
            "imap_host": _("IMAP server"),
            "imap_port": _("Port"),
            "imap_security": _("Encryption"),
            "imap_username": _("User name"),
            "folder": _("Mail folder"),
            "takes_waiting": _("Take in what already lies there"),
            "poll_seconds": _("Look at least every (seconds)"),
            "smtp_host": _("SMTP server"),
            "smtp_port": _("Port"),
            "smtp_security": _("Encryption"),
            "smtp_username": _("User name"),
            "uses_subaddresses": _("Answers may come to name+mark@domain"),
        }
        help_texts = {
            "imap_username": _("Left empty: the address"),
            "smtp_username": _("Left empty: no sign-in"),
            "uses_subaddresses": _(
                "Only if the server delivers mail for such addresses to this mailbox."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = self.fields["department"]
        if isinstance(departments, forms.ModelChoiceField):
            departments.queryset = Department.objects.active().in_tree_order()
            departments.empty_label = str(_("The whole company"))
        self.fields["poll_seconds"].widget.attrs["min"] = 5

    def clean_poll_seconds(self) -> int:
        """Between 5 seconds and an hour."""
        return min(max(int(self.cleaned_data["poll_seconds"]), 5), 3600)

    def clean_address(self) -> str:
        """Addresses are compared without regard to case."""
        return str(self.cleaned_data["address"]).lower()

    def passwords(self) -> dict[str, str]:
        """The passwords that were typed in."""
        names = ("imap_password", "smtp_password")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}

    @property
    def general(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name", "address", "from_name", "department")]

    @property
    def fetching(self) -> list[forms.BoundField]:
        names = ("imap_host", "imap_port", "imap_security", "imap_username", "imap_password")
        return [self[name] for name in (*names, "folder", "poll_seconds", "takes_waiting")]

    @property
    def sending(self) -> list[forms.BoundField]:
        names = ("smtp_host", "smtp_port", "smtp_security", "smtp_username", "smtp_password")
        return [self[name] for name in (*names, "uses_subaddresses")]
