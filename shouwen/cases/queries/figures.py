"""The figures of cases: each with its definition in words, and exactly the rows it counts. (Law 7)"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouwen.accounts.models import Staff
from shouwen.cases.models import CaseQuerySet, Escalation, FollowUpDuty, HandOff
from shouwen.cases.queries.figurescope import Scope, counted_cases
from shouwen.cases.workflow import HANDLE
from shouwen.deadlines.models import Deadline

SUBJECT = "case"
LATE = Q(missed_at__isnull=False) | Q(met_at__gt=F("due_at"))
Result = FollowUpDuty.Result
Rows = Callable[[CaseQuerySet, Scope, datetime], CaseQuerySet]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure: what it is called, its definition, its source, and the cases it counts.

    `order` is the moment the list of its rows goes by, the newest first.
    """

    code: str
    label: str | Promise
    words: str | Promise
    source: str = ""
    rows: Rows
    order: str = "opened_at"


FIGURES: dict[str, Figure] = {}


def _figure(code: str, label: str | Promise, words: str | Promise, rows: Rows, **more: str) -> None:
    FIGURES[code] = Figure(code=code, label=label, words=words, rows=rows, **more)


def figure_rows(staff: Staff, code: str, scope: Scope, *, at: datetime) -> CaseQuerySet:
    """The cases that a figure counts for this person: as many as the figure says."""
    return FIGURES[code].rows(counted_cases(staff, scope), scope, at)


def within(column: str, scope: Scope) -> Q:
    """The moment lies in the period."""
    period = scope.period
    return Q(**{f"{column}__gte": period.start, f"{column}__lt": period.end})


def _when(column: str, more: Q | None = None) -> Rows:
    extra = more if more is not None else Q()
    return lambda cases, scope, _at: cases.filter(within(column, scope) & extra)


def clocks_of(stage: str | OuterRef) -> QuerySet[Deadline]:
    """The clocks of a stage of the case outside, but for those called off."""
    return Deadline.objects.filter(
        subject_kind=SUBJECT, subject_id=OuterRef("pk"), kind=stage, cancelled_at__isnull=True
    )


def _results(*, is_late: bool) -> Rows:
    def rows(cases: CaseQuerySet, scope: Scope, _at: datetime) -> CaseQuerySet:
        found = cases.filter(within("handled_at", scope))
        if is_late:
            return found.filter(Exists(clocks_of(HANDLE).filter(LATE)))
        return found.filter(Exists(clocks_of(HANDLE)), ~Exists(clocks_of(HANDLE).filter(LATE)))

    return rows


def _clock_rows(state: str) -> Rows:
    """Received in the period, by how the clock of the stage asked for went."""

    def rows(cases: CaseQuerySet, scope: Scope, _at: datetime) -> CaseQuerySet:
        stage = scope.stage or HANDLE
        late = Exists(clocks_of(stage).filter(LATE))
        running = Exists(clocks_of(stage).filter(met_at__isnull=True))
        found = cases.filter(within("opened_at", scope))
        if state == "missed":
            return found.filter(late)
        if state == "running":
            return found.filter(running & ~late)
        return found.filter(Exists(clocks_of(stage)) & ~late & ~running)

    return rows


def _followed(*results: str) -> Rows:
    def rows(cases: CaseQuerySet, scope: Scope, _at: datetime) -> CaseQuerySet:
        duties = FollowUpDuty.objects.filter(within("at", scope)).exclude(result="")
        if results:
            duties = duties.filter(result__in=results)
        return cases.filter(pk__in=duties.values("case"))

    return rows


def _urged(cases: CaseQuerySet, scope: Scope, _at: datetime) -> CaseQuerySet:
    return cases.filter(pk__in=Escalation.objects.filter(within("at", scope)).values("case"))


def _handed(cases: CaseQuerySet, scope: Scope, _at: datetime) -> CaseQuerySet:
    handed = HandOff.objects.filter(case=OuterRef("pk"))
    return cases.filter(within("opened_at", scope)).filter(Exists(handed))


def _open(cases: CaseQuerySet, scope: Scope, _at: datetime) -> CaseQuerySet:
    return cases.open().filter(opened_at__lt=scope.period.end)


def _overdue(cases: CaseQuerySet, scope: Scope, at: datetime) -> CaseQuerySet:
    return cases.overdue(at).filter(opened_at__lt=scope.period.end)


RECEIVED = "received"

# What came and what was done in the period.
_figure(
    RECEIVED,
    _("Received"),
    _("Registered in the period. What was merged into another case is counted there."),
    _when("opened_at"),
)
_figure(
    "accepted",
    pgettext_lazy("figure", "Accepted"),
    _("Somebody took it in the period, whenever it was registered."),
    _when("accepted_at"),
    source="D263",
    order="accepted_at",
)
_figure(
    "urged",
    _("Supervised"),
    _("Reached a superior in the period, by hand or because a clock was missed (督办)."),
    _urged,
    source="D263",
)
_figure(
    "results",
    _("With a result"),
    _("Its result was written down in the period; after a reopening the last one counts."),
    _when("handled_at"),
    source="D066",
    order="handled_at",
)
_figure(
    "answered",
    _("Fed back"),
    _("The customer had the answer in the period; the last one counts."),
    _when("answered_at"),
    source="D263",
    order="answered_at",
)
_figure(
    "followed_up",
    _("Followed up"),
    _("A follow-up of it had a result in the period, whatever result."),
    _followed(),
    source="D263",
)
_figure(
    "archived",
    _("Archived"),
    _("Closed in the period and not reopened since."),
    _when("closed_at"),
    order="closed_at",
)

# How things stand now.
_figure(
    "open",
    pgettext_lazy("figure", "Still open"),
    _("Registered up to the end of the period and not archived, as it stands now."),
    _open,
    source="D666",
)
_figure(
    "overdue",
    _("Overdue now"),
    _("Of the open ones, those whose nearest clock has passed, as it stands now."),
    _overdue,
    source="D700",
)

# What was received, looked at more closely.
_figure(
    "valid",
    pgettext_lazy("figure", "Valid"),
    _("Received in the period and judged valid: within the contract and the rules of the trade."),
    _when("opened_at", Q(validity="valid")),
    source="D571 D662",
)
_figure(
    "invalid",
    pgettext_lazy("figure", "Invalid"),
    _("Received in the period and judged invalid, with its reason."),
    _when("opened_at", Q(validity="invalid")),
    source="D571 D663",
)
_figure(
    "unjudged",
    _("Not judged yet"),
    _("Received in the period, neither valid nor invalid so far."),
    _when("opened_at", Q(validity="")),
    source="D661",
)
_figure(
    "handed",
    _("Handed on"),
    _("Received in the period and handed to a department or person at least once."),
    _handed,
    source="D069",
)
_figure(
    "climbed",
    _("Went up the ladder"),
    _("Received in the period and brought to a superior since."),
    _when("opened_at", Q(ladder_level__gt=0)),
)
_figure(
    "recurring",
    _("Recurring"),
    _("Received in the period, and the same kind and category at the same place came before."),
    _when("opened_at", Q(recurrence__gt=1)),
    source="D646",
)
_figure(
    "reopened",
    _("Reopened"),
    _("Received in the period and worked on again at least once since."),
    _when("opened_at", Q(reopened_count__gt=0)),
)

# Whether results came in time.
_figure(
    "in_time",
    _("In time"),
    _("With a result in the period, and every clock for handling was kept."),
    _results(is_late=False),
    source="D066 D638 D639 D700",
    order="handled_at",
)
_figure(
    "late",
    _("Late"),
    _("With a result in the period, and a clock for handling was missed."),
    _results(is_late=True),
    source="D700",
    order="handled_at",
)
_figure(
    "clock_kept",
    _("Time limit kept"),
    _("Received in the period; the clocks of the stage have ended, each in time."),
    _clock_rows("kept"),
    source="D266 D569",
)
_figure(
    "clock_missed",
    _("Time limit missed"),
    _("Received in the period; a clock of the stage passed its time."),
    _clock_rows("missed"),
    source="D266 D569",
)
_figure(
    "clock_running",
    _("Time limit running"),
    _("Received in the period; a clock of the stage runs, and none was missed."),
    _clock_rows("running"),
    source="D266",
)

# What came of it.
_figure(
    "won_back",
    _("Won back"),
    _("Archived in the period, and the dissatisfied customer was won back."),
    _when("closed_at", Q(is_won_back=True)),
    source="D068",
    order="closed_at",
)
_figure(
    "lost",
    _("Not won back"),
    _("Archived in the period, and the dissatisfied customer was not won back."),
    _when("closed_at", Q(is_won_back=False)),
    source="D068",
    order="closed_at",
)
_figure(
    "with_cause",
    _("With a cause"),
    _("Archived in the period with its root cause written down."),
    _when("closed_at", Q(cause__isnull=False)),
    source="D067 D494",
    order="closed_at",
)
_figure(
    "corrected",
    _("With corrective action"),
    _("Archived in the period with a root cause, and what is done so that it does not come again."),
    _when("closed_at", Q(cause__isnull=False) & ~Q(corrective_action="")),
    source="D067 D494",
    order="closed_at",
)
_figure(
    "satisfied",
    _("Satisfied"),
    _("At a follow-up in the period the customer was satisfied."),
    _followed(Result.SATISFIED),
    source="D569",
)
_figure(
    "fair",
    _("Fair"),
    _("At a follow-up in the period the customer found it fair."),
    _followed(Result.FAIR),
    source="D569",
)
_figure(
    "dissatisfied",
    _("Dissatisfied"),
    _("At a follow-up in the period the customer was dissatisfied."),
    _followed(Result.DISSATISFIED),
    source="D569",
)
_figure(
    "not_told",
    _("Not reached or declined"),
    _("At a follow-up in the period the customer could not be reached or did not want to talk."),
    _followed(Result.UNREACHABLE, Result.DECLINED),
    source="D569",
)
