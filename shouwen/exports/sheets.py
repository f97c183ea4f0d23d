"""Files of rows, written row by row so that a hundred thousand weigh no more than one.

No cell is ever a formula, whatever customers wrote into it: in xlsx a text is stored as a text; in
CSV, which cannot say so, an apostrophe goes before what a spreadsheet would reckon with.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import xlsxwriter
from django.utils import timezone

from shouwen.exports.registry import Cell

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
SHEET_ROWS = 1_000_000
CELL_LONGEST = 32_767
COLUMN_WIDTH = 18


class Sheet(Protocol):
    """A file that takes rows; left without an error it is whole."""

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """More rows."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None: ...


def harmless(text: str) -> str:
    """The text as CSV may hold it."""
    return f"'{text}" if _is_reckoned_with(text) else text


def as_it_was(text: str) -> str:
    """What `harmless` was given."""
    is_marked = text.startswith("'") and _is_reckoned_with(text[1:])
    return text[1:] if is_marked else text


def _is_reckoned_with(text: str) -> bool:
    return text.lstrip("'").startswith(FORMULA_STARTS)


def _plain(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{timezone.localtime(cell):%Y-%m-%d %H:%M:%S}"
    return cell


class CsvSheet:
    """Comma-separated values in UTF-8, with the mark by which Excel knows it."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow([harmless(column) for column in columns])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """More rows."""
        for row in rows:
            plain = [_plain(cell) for cell in row]
            self._writer.writerow(
                [harmless(cell) if isinstance(cell, str) else cell for cell in plain]
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()


class XlsxSheet:
    """A workbook; beyond a million rows it goes on in the next sheet."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                   "tmpdir": str(path.parent)}  # fmt: skip
        self._book = xlsxwriter.Workbook(str(path), options)
        self._bold = self._book.add_format({"bold": True})
        self._columns = columns
        self._begin_sheet()

    def _begin_sheet(self) -> None:
        self._sheet: Any = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(self._columns) - 1, COLUMN_WIDTH)
        for place, column in enumerate(self._columns):
            self._sheet.write_string(0, place, column, self._bold)
        self._row = 1

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """More rows."""
        for row in rows:
            if self._row > SHEET_ROWS:
                self._begin_sheet()
            for place, cell in enumerate(row):
                _write(self._sheet, self._row, place, cell)
            self._row += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._book.close()


def new_sheet(path: Path, columns: Sequence[str]) -> Sheet:
    """A file of the kind its ending says."""
    return CsvSheet(path, columns) if path.suffix == ".csv" else XlsxSheet(path, columns)


def book_of(
    path: Path, tables: Iterable[tuple[str, str, Sequence[str], Iterable[Sequence[Cell]]]]
) -> None:
    """A workbook with a sheet for each table: its name, its words in the first line, columns, rows."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "tmpdir": str(path.parent)}
    with xlsxwriter.Workbook(str(path), options) as book:
        bold = book.add_format({"bold": True})
        for name, words, columns, rows in tables:
            sheet: Any = book.add_worksheet(_sheet_name(name))
            sheet.write_string(0, 0, words)
            sheet.set_column(0, max(0, len(columns) - 1), COLUMN_WIDTH)
            for place, column in enumerate(columns):
                sheet.write_string(1, place, column, bold)
            for number, row in enumerate(rows, start=2):
                for place, cell in enumerate(row):
                    _write(sheet, number, place, cell)


def _sheet_name(name: str) -> str:
    """At most 31 characters, none of those that Excel forbids."""
    return "".join(" " if sign in "[]:*?/\\" else sign for sign in name)[:31].strip("' ") or "1"


def _write(sheet: Any, row: int, place: int, cell: Cell) -> None:
    plain = _plain(cell)
    if isinstance(plain, str):
        sheet.write_string(row, place, plain[:CELL_LONGEST])
    else:
        sheet.write_number(row, place, plain)
