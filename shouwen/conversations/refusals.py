"""Why something about a conversation was not done, in words fit for the screen."""

from django.utils.translation import gettext as _

from shouwen.core.errors import Refused


class ConversationIsClosed(Refused):
    """It has ended already."""

    def __init__(self, number: str = "") -> None:
        super().__init__(_("Conversation %s is already closed.") % number)


class AlreadyClaimed(Refused):
    """Somebody else was quicker."""

    def __init__(self, name: str) -> None:
        super().__init__(_("%s has already taken this conversation.") % name)


class NotTheHandler(Refused):
    """Only the handler answers; others write notes or take over."""

    def __init__(self) -> None:
        super().__init__(
            _("Only the handler answers the customer. Write a note, or take the conversation over.")
        )


class ReceptionLimitReached(Refused):
    """The person serves as many as he may at once."""

    def __init__(self, limit: int) -> None:
        super().__init__(_("You already serve %d customers, which is your limit.") % limit)


class LineRefused(Refused):
    """The line is empty or too long; it was not kept."""


class VisitorBlocked(LineRefused):
    """This browser may not write any more."""

    def __init__(self) -> None:
        super().__init__(_("You cannot write here any more."))


class NewerAnswer(Refused):
    """Another colleague has answered in the meantime: look before you send."""

    code = "newer"

    def __init__(self, name: str) -> None:
        super().__init__(_("%s has just answered. Please look before you send.") % name)


class RecallTooLate(Refused):
    """Lines may be taken back within two minutes, by whoever sent them."""

    def __init__(self) -> None:
        super().__init__(_("A message can be recalled within two minutes, by its sender."))


class SummaryIncomplete(Refused):
    """The summary lacks what it must say."""


class FeedbackMissing(Refused):
    """A matter of this kind is not over before the customer has been told."""

    def __init__(self, kind: str) -> None:
        words = _(
            "%s: the customer has no answer yet. Answer, write down what was told, or promise a call."
        )
        super().__init__(words % kind)
