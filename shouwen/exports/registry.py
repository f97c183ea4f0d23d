"""What can be exported: each part says it of its own lists, in its `exportables.py`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from shouwen.accounts.models import Staff

Cell = str | int | float | datetime | None
Asked = Mapping[str, str]
# The rows of the list on the screen, for this person and what he narrowed it to, now.
Rows = Callable[[Staff, Asked, datetime], QuerySet[Any]]
# The cells of some of these rows; the last argument says that nothing is masked.
Cells = Callable[[Sequence[Any], Staff, bool], Iterable[Sequence[Cell]]]


@dataclass(frozen=True, kw_only=True)
class Exportable:
    """A list that may be taken out: who may, its columns, its rows, their cells."""

    name: str
    label: str | Promise
    permission: str
    clear_permission: str
    columns: tuple[str | Promise, ...]
    rows: Rows
    cells: Cells


_known: dict[str, Exportable] = {}


def register_exportable(one: Exportable) -> Exportable:
    """The list can be exported by its name."""
    _known[one.name] = one
    return one


def exportable(name: str) -> Exportable | None:
    """The list of this name."""
    return _known.get(name)


def exportables() -> list[Exportable]:
    """Every list there is."""
    return list(_known.values())
