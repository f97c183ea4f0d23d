"""No cell of a file is ever a formula, and what went in comes out."""

import csv
from datetime import UTC, datetime

import openpyxl
import pytest

from shouwen.exports import sheets
from shouwen.exports.sheets import as_it_was, new_sheet

DANGEROUS = [
    f"{start}cmd|' /C calc'!A0" for start in ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
] + ["=HYPERLINK(\"http://x\")", "'=1+1"]  # fmt: skip
PHONES = ["+8613817217719", "021-58881234", "+49 30 1234567"]


def written(folder, kind, rows, columns=("甲", "=乙")):
    path = folder / f"file.{kind}"
    with new_sheet(path, columns) as sheet:
        sheet.add(rows)
    return path


@pytest.mark.parametrize("text", [*DANGEROUS, *PHONES, "电梯，又停了", ""])
def test_texts_stay_texts_in_xlsx(tmp_path, text):
    path = written(tmp_path, "xlsx", [[text, 7]])

    row = openpyxl.load_workbook(path).active[2]
    assert all(cell.data_type != "f" for cell in row)
    assert (row[0].value or "").replace("_x000D_", "\r") == text
    assert row[1].value == 7


@pytest.mark.parametrize("text", [*DANGEROUS, *PHONES, "电梯，又停了"])
def test_csv_marks_what_a_spreadsheet_would_reckon_with(tmp_path, text):
    path = written(tmp_path, "csv", [[text, -7]])

    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, row = list(csv.reader(file))
    assert head == ["甲", "'=乙"]
    assert not row[0].startswith(sheets.FORMULA_STARTS)
    assert as_it_was(row[0]) == text
    assert row[1] == "-7"


def test_times_are_local_and_nothing_is_empty(tmp_path):
    path = written(tmp_path, "csv", [[datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC), None]])

    assert path.read_text(encoding="utf-8-sig").splitlines()[1] == "2026-11-22 09:02:03,"


def test_a_very_long_list_goes_on_in_the_next_sheet(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "SHEET_ROWS", 2)
    path = written(tmp_path, "xlsx", [[str(number), 0] for number in range(5)])

    book = openpyxl.load_workbook(path)
    assert [sheet.max_row for sheet in book.worksheets] == [3, 3, 2]
