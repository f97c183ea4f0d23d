"""What this part refuses."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from shouwen.core.errors import Refused
from shouwen.knowledge.guard import Forbidden


class PhraseTextMissing(Refused):
    """A phrase has neither words nor a file."""


class PhraseTooLong(Refused):
    """A phrase, its title or its shortcut is too long."""


class ShortcutTaken(Refused):
    """Another phrase of the same owner has this shortcut."""


class PolitePhraseFixed(Refused):
    """The polite phrases are kept as the rule book words them."""


class NotOwnPhrase(Refused):
    """This is somebody else's personal phrase."""


class TooManyFiles(Refused):
    """A phrase has more files than one line can carry."""


class NothingToImport(Refused):
    """No line could be taken over."""


class TabooPhrase(Refused):
    """The words hold a taboo phrase; what to say instead is named."""

    code = "guard"

    def __init__(self, hits: Sequence[Forbidden], *, may_give_reason: bool = False) -> None:
        self.hits = list(hits)
        self.may_give_reason = may_give_reason
        words = "；".join(
            _("“%(phrase)s” is not said to customers. Say: %(instead)s")
            % {"phrase": one.text, "instead": one.replacement or _("something polite")}
            for one in hits
        )
        super().__init__(words)


class AnswerNotReady(Refused):
    """An answer lacks what approval needs, or is not in the state for it."""
