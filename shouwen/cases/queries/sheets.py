"""The sheet of a case (《投诉单》): everything on record in the order of the paper form."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shouwen.accounts.models import Staff
from shouwen.cases.definitions import FieldType
from shouwen.cases.formvalues import shown_value
from shouwen.cases.models import Case
from shouwen.cases.queries.ledger import nature_of
from shouwen.cases.queries.pages import CasePage, masked_phone
from shouwen.cases.queries.sheetparts import answer_rows, archive_rows, handling_rows, step_rows
from shouwen.cases.queries.sheetrows import SheetRow, joined, moment, row
from shouwen.cases.workflow import HANDLE
from shouwen.customers.permissions import CustomerPermission
from shouwen.customers.queries.shown import may_see_names
from shouwen.deadlines.queries import deadlines_of

NAME, PHONE = "name", "phone"


@dataclass(frozen=True)
class SheetBlock:
    """Rows of the sheet that belong together."""

    heading: str
    rows: tuple[SheetRow, ...]

    @property
    def lines(self) -> list[tuple[SheetRow, ...]]:
        """The rows as the paper has them: a wide one alone, narrow ones in pairs."""
        lines: list[tuple[SheetRow, ...]] = []
        for one in self.rows:
            is_second = bool(lines) and len(lines[-1]) == 1 and not lines[-1][0].is_wide
            if is_second and not one.is_wide:
                lines[-1] = (lines[-1][0], one)
            else:
                lines.append((one,))
        return lines


@dataclass(frozen=True)
class Sheet:
    """A whole sheet."""

    title: str
    number: str
    blocks: tuple[SheetBlock, ...]


def sheet_of(page: CasePage) -> Sheet:
    """Everything on record about this case, nothing masked: give it out through `shown_to`. (D631)"""
    case = page.case
    parts: tuple[tuple[str, Callable[[CasePage], list[SheetRow]]], ...] = (
        (pgettext("sheet", "Registered"), _intake_rows),
        (pgettext("sheet", "Graded"), _grading_rows),
        (pgettext("sheet", "Steps"), step_rows),
        (pgettext("sheet", "Handled"), handling_rows),
        (pgettext("sheet", "Answered"), answer_rows),
        (pgettext("sheet", "Filed"), archive_rows),
    )
    made = [(heading, tuple(rows(page))) for heading, rows in parts]
    blocks = tuple(SheetBlock(heading, rows) for heading, rows in made if rows)
    return Sheet(title=_("%s sheet") % case.kind.name, number=case.number, blocks=blocks)


def _intake_rows(page: CasePage) -> list[SheetRow]:
    case = page.case
    customer = case.customer
    who = _("Complainant") if case.is_complaint else _("Customer")
    return [
        SheetRow(who, customer.display_name, masked=customer.masked_name, private=NAME),
        row(_("Came"), str(case.get_way_display())),
        *_form_rows(case),
        row(_("Registered"), moment(case.opened_at)),
        row(_("First asked"), case.first_responder.name),
        row(_("Handler"), case.handler.name if case.handler else ""),
        row(_("Matter in detail"), case.matter, is_wide=True),
        row(_("What is to be solved"), case.demand, is_wide=True),
    ]


def _form_rows(case: Case) -> Iterable[SheetRow]:
    for field in case.kind.defined.fields:
        there = field.code in case.values
        value = shown_value(field, case.values[field.code]) if there else ""
        name = field.print_name or field.name
        if field.type == FieldType.PHONE and value:
            yield SheetRow(name, value, masked=masked_phone(value), private=PHONE)
        else:
            yield row(name, value, is_wide=field.type == FieldType.LONG_TEXT)


def _grading_rows(page: CasePage) -> list[SheetRow]:
    case = page.case
    reason = " ".join(
        one for one in (case.validity_reason, case.contract_clause, _choice_of(case)) if one
    )
    score = "" if case.severity_score is None else _("%d of 9") % case.severity_score
    return [
        row(_("Category"), case.category.name if case.category else ""),
        row(_("Nature"), nature_of(case)),
        row(_("Valid or not"), str(case.get_validity_display())),
        row(_("Severity"), score),
        row(pgettext("sheet", "Reason"), reason, is_wide=True),
        row(_("Department"), case.department.name),
        row(pgettext("sheet", "Due"), _due_words(case)),
    ]


def _due_words(case: Case) -> str:
    """By when it was to be solved, and whether it was."""
    clocks = [one for one in deadlines_of("case", case.pk) if one.kind == HANDLE]
    if not clocks:
        return ""
    clock = max(clocks, key=lambda one: one.pk)
    if clock.missed_at:
        return joined(moment(clock.due_at), _("late"))
    return joined(moment(clock.due_at), _("in time") if clock.met_at else "")


def _choice_of(case: Case) -> str:
    return str(case.get_invalid_choice_display()) if case.invalid_choice else ""


def shown_to(sheet: Sheet, staff: Staff) -> Sheet:
    """The sheet as this person may see it."""
    sees = {
        NAME: may_see_names(staff),
        PHONE: staff.may(CustomerPermission.SEE_CLEAR),
    }
    blocks = tuple(
        SheetBlock(block.heading, tuple(_shown(one, sees) for one in block.rows))
        for block in sheet.blocks
    )
    return Sheet(sheet.title, sheet.number, blocks)


def _shown(one: SheetRow, sees: Mapping[str, bool]) -> SheetRow:
    if not one.private or sees[one.private]:
        return one
    return SheetRow(one.name, one.masked, is_wide=one.is_wide)


def blank_sheet(page_title: str, names: Iterable[tuple[str, bool]]) -> Sheet:
    """An empty sheet that a customer fills in by hand: names of the rows, and which are wide."""
    rows = tuple(row(name, "", is_wide=is_wide) for name, is_wide in names)
    return Sheet(page_title, "", (SheetBlock("", rows),))


def as_stored(sheet: Sheet) -> dict[str, Any]:
    """The sheet as JSON keeps it."""
    return asdict(sheet)


def from_stored(stored: Mapping[str, Any]) -> Sheet:
    """The sheet that was kept."""
    blocks = tuple(
        SheetBlock(block["heading"], tuple(SheetRow(**one) for one in block["rows"]))
        for block in stored["blocks"]
    )
    return Sheet(stored["title"], stored["number"], blocks)


def printed_at(at: datetime) -> str:
    """When a paper was printed, as it says at its foot."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
