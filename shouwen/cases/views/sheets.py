"""Tables of figures as a workbook: a sheet each, the definition in its first line."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.http import HttpResponse

from shouwen.cases.queries.figuretables import FigureTable, Line
from shouwen.exports.sheets import book_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def tables_file(tables: Sequence[FigureTable], *, name: str) -> HttpResponse:
    """The tables as one file; numbers stay numbers, texts texts."""
    with tempfile.TemporaryDirectory(prefix="shouwen-figures-") as folder:
        path = Path(folder) / "figures.xlsx"
        book_of(
            path,
            [
                (
                    str(one.heading),
                    str(one.words),
                    [str(one.first), *map(str, one.columns)],
                    [_cells(line) for line in [*one.lines, *([one.foot] if one.foot else [])]],
                )
                for one in tables
            ],
        )
        content = path.read_bytes()
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def _cells(line: Line) -> list[str | float]:
    name = "　" * line.depth + line.name
    return [name, *(cell.text if cell.value is None else cell.value for cell in line.cells)]
