"""What the API says and takes about customers."""

from datetime import datetime

from ninja import Field, Schema


class ContactIn(Schema):
    """A way to reach a customer: `kind` is phone, mail, or im:<service> such as im:wechat."""

    kind: str = Field(pattern=r"^(phone|mail|im:[a-z0-9_-]{1,20})$")
    value: str = Field(min_length=1, max_length=254)


class ContactOut(Schema):
    """A way to reach a customer, masked unless the key's person may see it in clear."""

    id: int
    kind: str
    platform: str
    value: str
    is_masked: bool
    is_primary: bool
    is_verified: bool


class AssetOut(Schema):
    """A flat, vehicle, device or account."""

    id: int
    kind: str
    label: str
    attributes: dict[str, str]


class CustomerOut(Schema):
    """A customer in a list; name and contacts as the key's person may see them."""

    id: int
    number: str
    name: str
    kind: str
    salutation: str
    flag: str
    flag_note: str
    is_quality: bool
    source: str
    tags: list[str]
    contacts: list[str]
    created_at: datetime
    updated_at: datetime


class CustomerFileOut(CustomerOut):
    """A customer's whole file."""

    remarks: str
    completeness_percent: int
    contact_points: list[ContactOut]
    assets: list[AssetOut]


class CustomersOut(Schema):
    """A page of customers; `next` is the cursor of the following one, empty at the end."""

    items: list[CustomerOut]
    next: str


class CustomerIn(Schema):
    """A person who wrote or called: found by any contact point, or entered."""

    contacts: list[ContactIn] = Field(default_factory=list, max_length=20)
    name: str = Field("", max_length=100)


class TagIn(Schema):
    """A tag to put on a customer."""

    name: str = Field(min_length=1, max_length=20)


class FlagIn(Schema):
    """A flag with a note; an empty colour takes it off."""

    flag: str = Field(pattern=r"^(red|yellow|green|blue|purple)?$")
    note: str = Field("", max_length=200)


class RemarksIn(Schema):
    """New remarks; `seen` is what they were when the writing began, to lose nobody's words."""

    text: str = Field(max_length=2000)
    seen: str | None = Field(None, max_length=2000)


class AssetIn(Schema):
    """A flat, vehicle, device or account to add."""

    kind: str = Field(pattern=r"^(flat|vehicle|device|account|contract|other)$")
    label: str = Field(min_length=1, max_length=100)
    attributes: dict[str, str] = Field(default_factory=dict, max_length=30)
