"""What the first run asks."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import Staff
from shouwen.deadlines.zones import zone_choices
from shouwen.mailroom.models import Mailbox


class CodeForm(forms.Form):
    """The code that the server printed."""

    code = forms.CharField(
        label=_("First-run code"),
        max_length=30,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "autofocus": True}
        ),
        help_text=_("Three groups of four letters or digits, in the window or log of the server."),
    )


class CompanyForm(forms.Form):
    """The company."""

    name = forms.CharField(
        label=_("Company name"), max_length=100, help_text=_("As your customers know it.")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        zone = self.fields["time_zone"]
        assert isinstance(zone, forms.ChoiceField)  # noqa: S101 - tells the type checker
        zone.choices = zone_choices()


class AdministratorForm(forms.Form):
    """The first person."""

    name = forms.CharField(label=_("Your name"), max_length=60)
    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    mail = forms.EmailField(
        label=_("Mail address"),
        required=False,
        help_text=_("For resetting your password. You can add it later."),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters, not only digits, not one that everybody uses."),
    )
    repeated = forms.CharField(
        label=_("Password once more"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, object]:
        """Both passwords are equal and good enough."""
        given = super().clean() or self.cleaned_data
        password = given.get("password")
        if password and given.get("repeated") and password != given["repeated"]:
            self.add_error("repeated", _("The two passwords differ."))
        if password:
            person = Staff(username=given.get("username", ""), name=given.get("name", ""))
            try:
                validate_password(str(password), person)
            except ValidationError as error:
                self.add_error("password", error)
        return given


@dataclass(frozen=True)
class Servers:
    """Where a mail provider fetches and sends."""

    imap: str
    smtp: str


# Providers many Chinese companies use; others are guessed from the address.
PROVIDERS: Mapping[str, Servers] = {
    "qq.com": Servers("imap.qq.com", "smtp.qq.com"),
    "foxmail.com": Servers("imap.qq.com", "smtp.qq.com"),
    "163.com": Servers("imap.163.com", "smtp.163.com"),
    "126.com": Servers("imap.126.com", "smtp.126.com"),
    "yeah.net": Servers("imap.yeah.net", "smtp.yeah.net"),
    "sina.com": Servers("imap.sina.com", "smtp.sina.com"),
    "aliyun.com": Servers("imap.aliyun.com", "smtp.aliyun.com"),
    "139.com": Servers("imap.139.com", "smtp.139.com"),
    "outlook.com": Servers("outlook.office365.com", "smtp.office365.com"),
    "gmail.com": Servers("imap.gmail.com", "smtp.gmail.com"),
}


class MailboxForm(forms.Form):
    """The first mailbox; servers left empty are taken from the address."""

    address = forms.EmailField(label=_("Mail address customers write to"), max_length=254)
    password = forms.CharField(
        label=_("Password or authorisation code"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("QQ and 163 mail give an authorisation code (授权码) in their settings."),
    )
    imap_host = forms.CharField(label=_("Fetching (IMAP)"), max_length=253, required=False)
    imap_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=993)
    imap_security = forms.ChoiceField(label=_("Security"), choices=Mailbox.Security.choices)
    smtp_host = forms.CharField(label=_("Sending (SMTP)"), max_length=253, required=False)
    smtp_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=465)
    smtp_security = forms.ChoiceField(label=_("Security"), choices=Mailbox.Security.choices)

    def mailbox(self, name: str) -> Mailbox:
        """The mailbox that was described, not stored yet; ask only after is_valid()."""
        given = self.cleaned_data
        address = given["address"]
        domain = address.rpartition("@")[2].lower()
        guessed = PROVIDERS.get(domain) or Servers(f"imap.{domain}", f"smtp.{domain}")
        return Mailbox(
            name=name,
            address=address,
            from_name=name,
            is_default=True,
            imap_host=given["imap_host"] or guessed.imap,
            imap_port=given["imap_port"],
            imap_security=given["imap_security"],
            imap_username=address,
            smtp_host=given["smtp_host"] or guessed.smtp,
            smtp_port=given["smtp_port"],
            smtp_security=given["smtp_security"],
            smtp_username=address,
        )


class WidgetForm(forms.Form):
    """What a visitor sees first."""

    title = forms.CharField(label=_("Title of the chat"), max_length=60)
    greeting = forms.CharField(
        label=_("Greeting"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    allowed_origins = forms.CharField(
        label=_("Websites that carry it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "https://www.example.com"}),
        help_text=_("One a line. Empty: only the test page of this system."),
    )
