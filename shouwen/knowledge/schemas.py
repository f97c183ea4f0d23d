"""What the API says and takes about phrases."""

from ninja import Field, Schema


class FileOut(Schema):
    """A picture or file of a phrase; the address opens it for a day."""

    name: str
    url: str
    content_type: str
    size: int


class PhraseOut(Schema):
    """A phrase; `text` holds its placeholders as written, such as {customer}."""

    id: int
    title: str
    text: str
    shortcut: str
    folder: str
    is_personal: bool
    courtesy_number: int | None
    use_count: int
    files: list[FileOut]


class PhrasesOut(Schema):
    """A page of phrases; `next` is the cursor of the following one, empty at the end."""

    items: list[PhraseOut]
    next: str


class PhraseIn(Schema):
    """A phrase to write."""

    text: str = Field(min_length=1, max_length=2000)
    title: str = Field("", max_length=60)
    shortcut: str = Field("", max_length=20)
    folder: str = Field("", max_length=40)
    is_team: bool = False
