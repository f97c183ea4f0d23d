"""Reads of exports: which there are, their rows by key, the lists a person may take out."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from shouwen.accounts.models import Role, Staff
from shouwen.exports.models import Export
from shouwen.exports.permissions import ExportPermission
from shouwen.exports.registry import Exportable, exportable

BATCH = 500


def own_exports(staff: Staff) -> QuerySet[Export]:
    """What this person took out, which alone he may open."""
    return Export.objects.filter(by=staff).select_related("by")


def logged_exports(staff: Staff) -> QuerySet[Export]:
    """What was taken out by the people in reach of whoever may see the log; else one's own. [D423]"""
    if not staff.may(ExportPermission.SEE_LOG):
        return own_exports(staff)
    logged = Export.objects.select_related("by")
    if staff.reach == Role.Reach.ALL:
        return logged
    return logged.filter(Q(by=staff) | Q(by__department__in=staff.reach_departments()))


def may_export(staff: Staff, name: str) -> bool:
    """Whether this person may take this list out."""
    wanted = exportable(name)
    return bool(wanted and staff.may(ExportPermission.EXPORT) and staff.may(wanted.permission))


def rows_by_key(rows: QuerySet[Any], *, size: int = BATCH) -> Iterator[list[Any]]:
    """All rows in the order of their keys, some at a time; those that come meanwhile may be in it."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield batch
        last = batch[-1].pk


def columns_of(wanted: Exportable) -> list[str]:
    """The headings, in the reader's language."""
    return [str(column) for column in wanted.columns]
