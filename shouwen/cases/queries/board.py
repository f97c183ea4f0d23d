"""The board: open cases in five columns, one a stage, the most urgent on top."""

from dataclasses import dataclass

from django.db.models import QuerySet

from shouwen.accounts.models import Staff
from shouwen.cases.models import Case, CaseQuerySet
from shouwen.cases.queries.cases import visible_cases, with_names
from shouwen.cases.workflow import PATH
from shouwen.core.counting import counts_of
from shouwen.core.paging import keyset_page

COLUMN = 20
COUNT_MOST = 1000
# Before the cursor of a column stands in which of its two halves it is.
WITH_CLOCK, WITHOUT_CLOCK = "c", "n"


@dataclass(frozen=True)
class Column:
    """A stage: how many stand there, some of them, and where the next ones begin."""

    stage: str
    label: str
    count: int
    cases: list[Case]
    next_cursor: str
    is_further_down: bool

    @property
    def cursor_name(self) -> str:
        """What the address calls how far down this column is."""
        return f"{self.stage}_after"

    @property
    def shown(self) -> str:
        """The number as people read it: exact up to a thousand."""
        return f"{COUNT_MOST}+" if self.count > COUNT_MOST else str(self.count)


@dataclass(frozen=True, kw_only=True)
class BoardAsked:
    """What the board is narrowed to, and how far down each column is, by stage."""

    kind: str = ""
    whose: str = ""
    after: dict[str, str]


WHOSE = ("mine", "first")


def case_board(staff: Staff, asked: BoardAsked) -> list[Column]:
    """The five columns of what this person may see. Counts in one query, and one or two a column."""
    found = _narrowed(visible_cases(staff).open(), staff, asked)
    stages = {stage.value: found.filter(stage=stage) for stage in PATH}
    counts = counts_of(stages, most=COUNT_MOST + 1)
    return [
        _column(stage, rows, counts[stage], asked.after.get(stage, ""))
        for stage, rows in stages.items()
    ]


def _narrowed(cases: CaseQuerySet, staff: Staff, asked: BoardAsked) -> CaseQuerySet:
    if asked.kind:
        cases = cases.filter(kind__code=asked.kind)
    if asked.whose == "mine":
        cases = cases.filter(handler=staff)
    if asked.whose == "first":
        cases = cases.asked_first(staff)
    return cases


def _column(stage: str, rows: QuerySet[Case], count: int, after: str) -> Column:
    shown, cursor = _page(with_names(rows), after) if count else ([], "")
    return Column(
        stage=stage,
        label=str(Case.Stage(stage).label),
        count=count,
        cases=shown,
        next_cursor=cursor,
        is_further_down=bool(after),
    )


def _page(rows: QuerySet[Case], after: str) -> tuple[list[Case], str]:
    """The next cases: first those with a clock, the soonest end on top, then those without."""
    half, _colon, cursor = after.partition(":")
    shown: list[Case] = []
    if half != WITHOUT_CLOCK:
        clocked = rows.filter(due_at__isnull=False)
        page = keyset_page(clocked, order=("due_at", "pk"), after=cursor, size=COLUMN)
        if page.has_next:
            return page.rows, f"{WITH_CLOCK}:{page.next_cursor}"
        shown, cursor = page.rows, ""
    room = COLUMN - len(shown)
    if not room:
        is_more = rows.filter(due_at__isnull=True).exists()
        return shown, f"{WITHOUT_CLOCK}:" if is_more else ""
    rest = keyset_page(rows.filter(due_at__isnull=True), order=("pk",), after=cursor, size=room)
    return shown + rest.rows, f"{WITHOUT_CLOCK}:{rest.next_cursor}" if rest.has_next else ""
