"""Forms for signing in, passwords and the second factor."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

PASSWORD_LIMIT = 200


def password_field(label: Any, *, autocomplete: str, help_text: Any = "") -> forms.CharField:
    """A password: kept as typed, never shown again."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(
        label=label, strip=False, max_length=PASSWORD_LIMIT, widget=widget, help_text=help_text
    )


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = password_field(_("Password"), autocomplete="current-password")


class CodeForm(forms.Form):
    """A one-time code, or a recovery code."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "inputmode": "text"}
        ),
        help_text=_("The six digits of your authenticator, or one of your recovery codes."),
    )


class ResetAskForm(forms.Form):
    """Who forgot their password."""

    mail_or_name = forms.CharField(
        label=_("Sign-in name or mail address"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    new_password = password_field(
        _("New password"),
        autocomplete="new-password",
        help_text=_("At least 8 characters; not only digits, not your name, not a common one."),
    )
    again = password_field(_("New password again"), autocomplete="new-password")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        again = cleaned.pop("again", None)
        if again is not None and cleaned.get("new_password") not in (None, again):
            self.add_error("again", _now("The two do not agree."))
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    """The old password and a new one."""

    old_password = password_field(_("Old password"), autocomplete="current-password")
    field_order = ["old_password", "new_password", "again"]


class PasswordForm(forms.Form):
    """One's own password, to confirm something that matters."""

    password = password_field(_("Your password"), autocomplete="current-password")
