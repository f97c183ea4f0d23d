"""The rows of a sheet that tell what was done, answered and filed."""

from django.utils.translation import gettext as _

from shouwen.cases.models import Answer, HandOff
from shouwen.cases.queries.pages import CasePage, ShownStep
from shouwen.cases.queries.sheetrows import SheetRow, joined, moment, row


def step_rows(page: CasePage) -> list[SheetRow]:
    """Each step, who did it and when, or why it was passed over."""
    return [row(one.step.name, _step_words(one), is_wide=False) for one in page.steps]


def _step_words(shown: ShownStep) -> str:
    if shown.done is None:
        return ""
    told = shown.done.skip_reason and _("passed over: %s") % shown.done.skip_reason
    return joined(shown.done.by.name, moment(shown.done.at), told or shown.done.note)


def handling_rows(page: CasePage) -> list[SheetRow]:
    """Proposal and approval, tasks handed over, remedies, the ladder, the result."""
    rows = [*_approval_rows(page), *(_task_row(one) for one in page.hand_offs)]
    for remedy in page.remedies:
        amount = f"¥{remedy.amount_fen / 100:.2f}" if remedy.amount_fen else ""
        words = joined(remedy.name, amount, str(remedy.get_state_display()), remedy.customer_words)
        rows.append(row(_("Remedy"), words, is_wide=True))
    for reached in page.escalations:
        to = reached.to.name if reached.to else "—"
        words = joined(reached.role_name, to, moment(reached.at), reached.reason, reached.advice)
        rows.append(row(_("Ladder"), words, is_wide=True))
    return [*rows, row(_("Result"), page.case.result, is_wide=True)]


def _approval_rows(page: CasePage) -> list[SheetRow]:
    rows = []
    for asked in page.approvals:
        rows.append(row(str(asked.get_about_display()), asked.text, is_wide=True))
        by = asked.decided_by.name if asked.decided_by else ""
        decided = joined(
            str(asked.get_decision_display()), by, moment(asked.decided_at), asked.words
        )
        rows.append(row(_("Superior's opinion"), decided, is_wide=True))
    return rows


def _task_row(task: HandOff) -> SheetRow:
    received = task.received_by.name if task.received_by else ""
    words = [
        joined(task.task, moment(task.sent_at)),
        joined(_("Received"), received, moment(task.received_at)) if task.received_at else "",
        joined(str(task.get_state_display()), moment(task.ended_at), task.result),
    ]
    return row(task.department.name, "\n".join(one for one in words if one), is_wide=True)


def answer_rows(page: CasePage) -> list[SheetRow]:
    """Answers with concrete time and method, promises, and what the follow-up heard."""
    rows = []
    for answer in page.answers:
        rows.append(row(_("Answer"), _answer_words(answer), is_wide=True))
    for promise in page.promises:
        kept = _("kept %s") % moment(promise.kept_at) if promise.kept_at else ""
        words = joined(promise.text, _("until %s") % moment(promise.due_at), kept)
        rows.append(row(_("Promise"), words, is_wide=True))
    for duty in page.follow_ups:
        by = duty.by.name if duty.by else ""
        words = joined(str(duty.get_result_display()), by, moment(duty.at), duty.words)
        rows.append(row(_("Follow-up"), words, is_wide=True))
    return rows or [row(_("Answer"), "", is_wide=True), row(_("Follow-up"), "", is_wide=True)]


def _answer_words(answer: Answer) -> str:
    concrete = joined(moment(answer.works_from), answer.method)
    if answer.is_not_ours:
        concrete = _("Not the company's duty: explained.")
    lines = [
        joined(str(answer.get_way_display()), answer.by.name, moment(answer.at)),
        answer.text,
        concrete,
        joined(str(answer.get_reply_display()), answer.reply_words) if answer.reply else "",
    ]
    return "\n".join(one for one in lines if one)


def archive_rows(page: CasePage) -> list[SheetRow]:
    """What the archive asks for; nothing before there is any of it."""
    case = page.case
    if not (case.cause or case.corrective_action or case.is_closed):
        return []
    won = {None: "", True: _("Yes"), False: _("No")}[case.is_won_back]
    cause = joined(case.cause.name, case.cause_evidence) if case.cause else ""
    return [
        row(_("Root cause"), cause),
        row(_("Won back"), won),
        row(_("Corrective action"), case.corrective_action, is_wide=True),
        row(_("Archive"), moment(case.closed_at)),
        row(_("Papers"), _("%d papers") % len(page.papers)),
    ]
