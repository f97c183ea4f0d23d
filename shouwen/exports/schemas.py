"""Shapes of the API."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

Name = Annotated[str, Field(max_length=40)]
Value = Annotated[str, Field(max_length=200)]


class ExportIn(Schema):
    """A list to take out; `asked` narrows it as the page's address does."""

    name: str = Field(max_length=40)
    asked: dict[Name, Value] = Field(default_factory=dict, max_length=20)
    file_format: Literal["xlsx", "csv"] = "xlsx"
    is_clear: bool = False
    reason: str = Field("", max_length=200)


class ExportOut(Schema):
    """An export and how far it is."""

    id: int
    name: str
    asked: dict[str, str]
    file_format: str
    is_clear: bool
    state: str
    total: int
    done: int
    size: int
    error: str
    expires_at: datetime | None


class ExportsOut(Schema):
    """Some exports and where the next ones begin."""

    items: list[ExportOut]
    next: str
