"""The timeline of a file: its history in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.core.history import history_of
from shouwen.core.models import HistoryEntry
from shouwen.core.paging import Page, keyset_page
from shouwen.customers.contactkinds import platform_label
from shouwen.customers.models import Customer

PAGE = 30


@dataclass(frozen=True)
class TimelineEntry:
    """One fact about a customer in words."""

    at: datetime
    who: str
    text: str
    detail: str = ""
    tone: str = ""


Words = Callable[[dict[str, Any]], tuple[str, str]]


def _way(fact: dict[str, Any]) -> str:
    shown: str = fact["shown"]
    return f"{platform_label(fact['platform'])} {shown}" if fact.get("platform") else shown


def _flag(fact: dict[str, Any]) -> tuple[str, str]:
    if not fact["flag"]:
        return _("took the flag off"), ""
    colour = str(Customer.Flag(fact["flag"]).label)
    return _("set the flag to %s") % colour, fact["note"]


def _quality(fact: dict[str, Any]) -> tuple[str, str]:
    words = (
        _("filed as quality customer") if fact["is_quality"] else _("no longer quality customer")
    )
    return words, fact["reason"]


def _created(fact: dict[str, Any]) -> tuple[str, str]:
    source = str(Customer.Source(fact["source"]).label)
    return _("opened the file (%s)") % source, "、".join(fact["contact_points"])


_WHAT: dict[str, Callable[[], str]] = {
    "name": lambda: _("name"),
    "phone": lambda: _("phone"),
    "mail": lambda: _("mail"),
    "im": lambda: _("IM id"),
}


def _revealed(fact: dict[str, Any]) -> tuple[str, str]:
    what = _WHAT.get(fact["what"], lambda: str(fact["what"]))()
    return _("looked at the %s") % what, _("Reason: %s") % fact["reason"]


_WORDS: dict[str, Words] = {
    "CustomerCreated": _created,
    "CustomerRenamed": lambda fact: (_("wrote down the name %s") % fact["name"], ""),
    "CustomerAssigned": lambda _fact: (_("changed department or keeper"), ""),
    "CustomerFlagged": _flag,
    "RemarksChanged": lambda _fact: (_("rewrote the remarks"), ""),
    "QualityChanged": _quality,
    "CustomerTagged": lambda fact: (_("put on the tag “%s”") % fact["tag"], ""),
    "CustomerUntagged": lambda fact: (_("took off the tag “%s”") % fact["tag"], ""),
    "ContactPointAdded": lambda fact: (_("added %s") % _way(fact), ""),
    "ContactPointRemoved": lambda fact: (_("removed %s") % _way(fact), ""),
    "ContactPointMadePrimary": lambda fact: (_("will try %s first") % _way(fact), ""),
    "SameContactSeen": lambda fact: (
        _("the customer gave %s, which another customer has") % fact["shown"],
        _("Perhaps they are the same person."),
    ),
    "AssetAdded": lambda fact: (_("added “%s”") % fact["label"], ""),
    "AssetChanged": lambda fact: (_("changed “%s”") % fact["label"], ""),
    "AssetRemoved": lambda fact: (_("removed “%s”") % fact["label"], ""),
    "CustomerBefriended": lambda fact: (
        _("added as friend on %s") % platform_label(fact["platform"]),
        "、".join(fact["groups"]),
    ),
    "PersonalDataRevealed": _revealed,
}
_TONES = {"PersonalDataRevealed": "near", "SameContactSeen": "near", "CustomerCreated": "accent"}


def customer_timeline(customer: Customer, *, after: str = "") -> tuple[list[TimelineEntry], str]:
    """What happened to a file, newest first, and the cursor of the older rest. Two queries."""
    page: Page[HistoryEntry] = keyset_page(
        history_of("customer", customer.pk), order=("-pk",), after=after, size=PAGE
    )
    ids = {entry.by_id for entry in page.rows if entry.by_id}
    people = {one.pk: one for one in Staff.objects.filter(pk__in=ids)}
    return [_entry(one, people.get(one.by_id or 0)) for one in page.rows], page.next_cursor


def _entry(entry: HistoryEntry, staff: Staff | None) -> TimelineEntry:
    name = entry.name.rpartition(".")[2]
    text, detail = _WORDS[name](entry.payload) if name in _WORDS else (entry.name, "")
    return TimelineEntry(
        at=entry.at,
        who=staff.public_name if staff and not staff.is_system else "",
        text=text,
        detail=detail,
        tone=_TONES.get(name, ""),
    )
