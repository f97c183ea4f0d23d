"""Facts this part announces. Personal data is in them only masked: history is never erased."""

from dataclasses import dataclass
from typing import ClassVar

from shouwen.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class CustomerEvent(Event):
    """A fact about one customer."""

    subject: ClassVar[tuple[str, str] | None] = ("customer", "customer_id")
    customer_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerCreated(CustomerEvent):
    """A file was opened, because someone wrote or a colleague entered it."""

    source: str
    contact_points: list[str]


@dataclass(frozen=True, kw_only=True)
class CustomerRenamed(CustomerEvent):
    """The name, salutation or kind of a customer was written down or corrected."""

    old_name: str
    name: str


@dataclass(frozen=True, kw_only=True)
class CustomerAssigned(CustomerEvent):
    """The file belongs to another department or keeper."""

    department_id: int | None
    keeper_id: int | None


@dataclass(frozen=True, kw_only=True)
class CustomerFlagged(CustomerEvent):
    """A flag was set, changed or (with an empty colour) taken off."""

    flag: str
    note: str


@dataclass(frozen=True, kw_only=True)
class RemarksChanged(CustomerEvent):
    """The remarks were rewritten."""

    length: int


@dataclass(frozen=True, kw_only=True)
class QualityChanged(CustomerEvent):
    """The customer was filed as a quality customer, or no longer is."""

    is_quality: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class CustomerTagged(CustomerEvent):
    """A tag was put on a customer."""

    tag: str


@dataclass(frozen=True, kw_only=True)
class CustomerUntagged(CustomerEvent):
    """A tag was taken off a customer."""

    tag: str


@dataclass(frozen=True, kw_only=True)
class ContactPointAdded(CustomerEvent):
    """A way to reach a customer became known."""

    kind: str
    platform: str
    shown: str


@dataclass(frozen=True, kw_only=True)
class SameContactSeen(CustomerEvent):
    """A customer gave a contact point that another one has: perhaps they are the same person."""

    other_id: int
    shown: str


@dataclass(frozen=True, kw_only=True)
class ContactPointRemoved(CustomerEvent):
    """A way to reach a customer is no longer theirs."""

    kind: str
    platform: str
    shown: str


@dataclass(frozen=True, kw_only=True)
class ContactPointMadePrimary(CustomerEvent):
    """This is the way to try first among its kind."""

    kind: str
    platform: str
    shown: str


@dataclass(frozen=True, kw_only=True)
class AssetAdded(CustomerEvent):
    """Something of a customer's that we look after was written down."""

    asset_id: int
    kind: str
    label: str


@dataclass(frozen=True, kw_only=True)
class AssetChanged(CustomerEvent):
    """The label or details of an asset were changed."""

    asset_id: int
    kind: str
    label: str


@dataclass(frozen=True, kw_only=True)
class AssetRemoved(CustomerEvent):
    """An asset is no longer this customer's."""

    asset_id: int
    kind: str
    label: str


@dataclass(frozen=True, kw_only=True)
class CustomerBefriended(CustomerEvent):
    """A customer's IM id was added as a friend or put in other groups."""

    platform: str
    groups: list[str]


@dataclass(frozen=True, kw_only=True)
class PersonalDataRevealed(CustomerEvent):
    """Somebody looked at hidden personal data, for the reason given."""

    what: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TagChanged(Event):
    """A tag came into the list, or was renamed or recoloured."""

    subject: ClassVar[tuple[str, str] | None] = ("customer_tag", "tag_id")
    tag_id: int
    name: str
