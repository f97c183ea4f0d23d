"""What this part refuses."""

from shouwen.core.errors import Refused


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
