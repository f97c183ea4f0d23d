"""Moments that programs send."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC: the database does not know every offset that a program may write."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("no such moment in UTC") from error


# With its offset, and no other way.
Moment = Annotated[AwareDatetime, AfterValidator(in_utc)]
