"""Pages by key: as fast at the millionth row as at the first, and stable while rows arrive."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """Some rows and where the next ones begin; `next_cursor` is empty on the last page."""

    rows: list[M]
    next_cursor: str

    @property
    def has_next(self) -> bool:
        return bool(self.next_cursor)


def keyset_page(
    queryset: QuerySet[M], *, order: tuple[str, ...] = ("-pk",), after: str = "", size: int = 50
) -> Page[M]:
    """The `size` rows after a cursor, in `order`; all of one direction, the last one unique.

    A cursor that cannot be read starts from the beginning: links outlive releases.
    """
    names = [name.lstrip("-") for name in order]
    rows_of = queryset.order_by(*order)
    if values := _read_cursor(after, queryset.model, names):
        operator = "lt" if order[0].startswith("-") else "gt"
        rows_of = rows_of.filter(_row_compare(names, values, operator))
    rows = list(rows_of[: size + 1])
    if len(rows) <= size:
        return Page(rows, "")
    rows = rows[:size]
    return Page(rows, _write_cursor([_value(rows[-1], name) for name in names]))


def _row_compare(names: list[str], values: list[Any], operator: str) -> Q:
    """(a, b) < (x, y), spelled out as Django has no row comparison in every position."""
    condition = Q()
    for place in range(len(names)):
        equal = Q(**{name: values[i] for i, name in enumerate(names[:place])})
        condition |= equal & Q(**{f"{names[place]}__{operator}": values[place]})
    bound = "lte" if operator == "lt" else "gte"
    # The plain bound on the first column lets the index start at the right place.
    return Q(**{f"{names[0]}__{bound}": values[0]}) & condition


def _value(row: Model, name: str) -> Any:
    value: Any = row
    for step in name.split("__"):
        value = getattr(value, step)
    return value.isoformat() if isinstance(value, datetime) else value


def _write_cursor(values: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, model: type[Model], names: list[str]) -> list[Any]:
    """The values in the cursor, each of its column's kind; none if one of them cannot be that."""
    if not cursor:
        return []
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(names):
            return []
        return [_as_column(model, *one) for one in zip(names, values, strict=True)]
    except (binascii.Error, ValueError, TypeError, OverflowError, ValidationError):
        return []


def _as_column(model: type[Model], name: str, value: Any) -> Any:
    field: Any = None
    for step in name.split("__"):
        field = model._meta.pk if step == "pk" else model._meta.get_field(step)
        model = field.related_model or model
    read = field.target_field.to_python(value) if field.is_relation else field.to_python(value)
    is_naive = isinstance(read, datetime) and read.tzinfo is None
    if read is None or is_naive or (isinstance(read, str) and "\x00" in read):
        raise ValueError(name)
    return read
