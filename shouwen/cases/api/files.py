"""One case whole, as the API says it."""

from shouwen.accounts.models import Staff
from shouwen.cases.api.shared import case_out, person_out
from shouwen.cases.definitions import FieldType
from shouwen.cases.models import HandOff, ProgressNote
from shouwen.cases.queries.pages import CasePage, ShownField, what_is_next
from shouwen.cases.schemas import shown

PLAIN = (
    "matter", "demand", "result", "cause_evidence", "corrective_action", "is_won_back",
    "validity_reason", "contract_clause", "invalid_choice", "safety", "impact", "urgency",
)  # fmt: skip


def case_file_out(page: CasePage, staff: Staff) -> shown.CaseFileOut:
    """The page of a case as data."""
    case = page.case
    return shown.CaseFileOut(
        **case_out(case, staff).__dict__,
        **{name: getattr(case, name) for name in PLAIN},
        cause=case.cause.code if case.cause else "",
        next_step=what_is_next(page),
        form=[_field(page, one) for one in page.fields],
        clocks=_clocks(page),
        steps=_steps(page),
        hand_offs=[_hand_off(one) for one in page.hand_offs],
        promises=_promises(page),
        approvals=_approvals(page),
        answers=_answers(page),
        follow_ups=[shown.FollowUpOut.from_orm(one) for one in page.follow_ups],
        escalations=_escalations(page),
    )


def _field(page: CasePage, one: ShownField) -> shown.FieldOut:
    value = page.case.values.get(one.field.code)
    return shown.FieldOut(
        code=one.field.code,
        name=one.field.name,
        type=one.field.type,
        # A phone number is stored in words only: what may be shown of it is all there is.
        value=one.value if one.field.type == FieldType.PHONE and value else value,
        shown=one.value,
        is_missing=one.is_missing,
    )


def _clocks(page: CasePage) -> list[shown.ClockOut]:
    moments = (
        "started_at", "due_at", "warn_at", "paused_at", "missed_at", "met_at", "cancelled_at",
    )  # fmt: skip
    return [
        shown.ClockOut(stage=one.kind, **{name: getattr(one, name) for name in moments})
        for one in page.clocks
    ]


def _steps(page: CasePage) -> list[shown.StepOut]:
    return [
        shown.StepOut(
            code=one.step.code,
            name=one.step.name,
            stage=one.step.stage,
            done_at=one.done.at if one.done else None,
            skip_reason=one.done.skip_reason if one.done else "",
        )
        for one in page.steps
    ]


def _hand_off(row: HandOff) -> shown.HandOffOut:
    return shown.HandOffOut(
        **{name: getattr(row, name) for name in HANDED},
        id=row.pk,
        department=row.department.code,
        staff=person_out(row.staff) if row.staff else None,
        progress=[_news(one) for one in row.progress.all()],
    )


HANDED = (
    "task", "reason", "state", "sent_at", "received_at", "due_at", "ended_at", "result",
)  # fmt: skip


def _news(note: ProgressNote) -> shown.NewsOut:
    return shown.NewsOut(
        at=note.at,
        by=person_out(note.by),
        text=note.text,
        told_way=note.told_way,
        customer_opinion=note.customer_opinion,
    )


def _promises(page: CasePage) -> list[shown.PromiseOut]:
    plain = ("text", "due_at", "kept_at", "trouble", "customer_told_at")
    return [
        shown.PromiseOut(
            **{name: getattr(one, name) for name in plain}, id=one.pk, by=person_out(one.by)
        )
        for one in page.promises
    ]


def _approvals(page: CasePage) -> list[shown.ApprovalOut]:
    plain = ("about", "text", "role_code", "asked_at", "decision", "decided_at", "words")
    return [
        shown.ApprovalOut(
            **{name: getattr(one, name) for name in plain},
            id=one.pk,
            asked_by=person_out(one.asked_by),
        )
        for one in page.approvals
    ]


def _answers(page: CasePage) -> list[shown.AnswerOut]:
    plain = ("way", "at", "text", "method", "works_from", "is_not_ours", "reply", "reply_words")
    return [
        shown.AnswerOut(
            **{name: getattr(one, name) for name in plain}, id=one.pk, by=person_out(one.by)
        )
        for one in page.answers
    ]


def _escalations(page: CasePage) -> list[shown.EscalationOut]:
    plain = ("level", "role_name", "how", "reason", "at", "advice")
    return [
        shown.EscalationOut(
            **{name: getattr(one, name) for name in plain},
            id=one.pk,
            to=person_out(one.to) if one.to else None,
        )
        for one in page.escalations
    ]
