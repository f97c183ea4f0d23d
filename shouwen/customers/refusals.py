"""What this part refuses."""

from shouwen.core.errors import Refused


class ContactPointUnreadable(Refused):
    """This is no phone number, mail address or IM id."""


class ContactPointTaken(Refused):
    """Another customer has this contact point."""


class RemarksChangedMeanwhile(Refused):
    """Somebody else rewrote the remarks since they were read."""


class NothingEntered(Refused):
    """A text that is needed is empty."""


class TextTooLong(Refused):
    """A text is longer than it may be."""


class ReasonMissing(Refused):
    """Personal data is revealed only with a reason."""


class AssetAlreadyThere(Refused):
    """The customer has an asset of this kind and label."""


class TagNameTaken(Refused):
    """There is a tag of this name."""


class NotAnImContact(Refused):
    """Only an IM id can be a friend."""
