"""What may go wrong because of a person: a refusal, with words fit for the screen."""

from django.utils.translation import gettext as _


class Refused(Exception):
    """The operation was not done; `str()` says why, in the reader's language.

    Forms show it, the API answers 409 with it, automation logs it. Nothing was changed.
    """


class NotPermitted(Refused):
    """The person's role does not allow this."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("Your role does not allow this."))


class NotThere(Refused):
    """What was asked for does not exist, or this person may not know that it does."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("This was not found."))
