"""Decisions that need somebody higher: proposals and remedies."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.cases.definitions import RemedyKind
from shouwen.cases.events import ApprovalAsked, ApprovalDecided, RemedyOffered, RemedySettled
from shouwen.cases.models import Approval, Case, Remedy
from shouwen.cases.operations.rows import (
    announce,
    open_case_row,
    reason_of,
    require_hand_on,
    save_news,
    words_of,
)
from shouwen.cases.permissions import CasePermission
from shouwen.core.errors import NotPermitted, Refused

State = Remedy.State
SETTLED = {
    State.OFFERED: {State.ACCEPTED, State.DECLINED},
    State.ACCEPTED: {State.DONE, State.DECLINED},
}


@transaction.atomic
def propose_handling(
    case_id: int, *, proposal: str, options: str = "", by: Staff, at: datetime
) -> Approval:
    """How to handle it is put to the superior, with what else could be done. (D160, D697)

    Refuses while another proposal waits for its answer.
    """
    case = open_case_row(case_id)
    require_hand_on(case, by)
    if Approval.objects.filter(case=case, about=Approval.About.PROPOSAL, decision="").exists():
        raise Refused(_("A proposal for this case is waiting for its answer already."))
    ladder = case.kind.defined.ladder_for(is_urgent=case.is_urgent)
    role = ladder[0].role if ladder else "supervisor"
    question = Approval(
        case=case,
        about=Approval.About.PROPOSAL,
        text=words_of(proposal, _("Please write down the proposal.")),
        options=options.strip(),
        role_code=role,
    )
    return _ask(question, by=by, at=at)


def _ask(question: Approval, *, by: Staff, at: datetime) -> Approval:
    """The question is put."""
    question.asked_by, question.asked_at = by, at
    question.save(force_insert=True)
    case = question.case
    save_news(case, at)
    announce(
        ApprovalAsked,
        case,
        by=by,
        approval_id=question.pk,
        about=question.about,
        role_code=question.role_code,
    )
    return question


@transaction.atomic
def decide_approval(
    approval_id: int, *, is_granted: bool, words: str = "", by: Staff, at: datetime
) -> Approval:
    """Granted or refused, with name and time; a refusal says why. Nobody decides on his own question.

    Only who holds the role asked, or directs everything. Decided before: refused.
    """
    require(by, CasePermission.APPROVE)
    case = open_case_row(Approval.objects.values_list("case_id", flat=True).get(pk=approval_id))
    asked = Approval.objects.select_for_update(of=("self",)).get(pk=approval_id)
    if asked.decision:
        raise Refused(_("This was decided already: %s.") % asked.get_decision_display())
    if asked.asked_by_id == by.pk:
        raise NotPermitted(_("Somebody else must decide on what you asked for."))
    if not _may_decide(asked.role_code, by):
        raise NotPermitted(_("This is for somebody higher to decide."))
    asked.decision = Approval.Decision.GRANTED if is_granted else Approval.Decision.REFUSED
    asked.words = words.strip()[:500] if is_granted else reason_of(words, limit=500)
    asked.decided_by, asked.decided_at = by, at
    asked.save(update_fields=["decision", "words", "decided_by", "decided_at"])
    _settle_remedy(case, asked, by=by)
    save_news(case, at)
    announce(
        ApprovalDecided,
        case,
        by=by,
        approval_id=asked.pk,
        about=asked.about,
        decision=asked.decision,
        asked_by_id=asked.asked_by_id,
    )
    return asked


def _may_decide(role_code: str, by: Staff) -> bool:
    """Whoever holds the role, or stands higher: reaches everything and may grade misconduct."""
    if any(role.code == role_code for role in by.role_list):
        return True
    return by.may(CasePermission.GRADE_MISCONDUCT)


def _settle_remedy(case: Case, asked: Approval, *, by: Staff) -> None:
    remedy = Remedy.objects.select_for_update().filter(approval=asked).first()
    if remedy is None:
        return
    is_granted = asked.decision == Approval.Decision.GRANTED
    remedy.state = State.OFFERED if is_granted else State.REFUSED
    remedy.save(update_fields=["state"])
    if is_granted:
        announce(RemedyOffered, case, by=by, remedy_id=remedy.pk, amount_fen=remedy.amount_fen)


@dataclass(frozen=True, kw_only=True)
class RemedyOffer:
    """What the customer is to be offered; amounts in fen."""

    code: str
    amount_fen: int = 0
    cost_fen: int = 0
    note: str = ""


@transaction.atomic
def offer_remedy(case_id: int, offer: RemedyOffer, *, by: Staff, at: datetime) -> Remedy:
    """The remedy is offered; above its free limit it waits for somebody higher. (D071, D348, D591)

    Refuses a remedy the kind does not have, a negative amount, and an amount where there is none.
    """
    case = open_case_row(case_id)
    require_hand_on(case, by)
    kind = case.kind.defined.remedy(offer.code)
    if kind is None:
        raise Refused(_("This remedy is not on the list of this kind of case."))
    _check_amounts(kind, offer)
    approval = None
    if offer.amount_fen > kind.free_limit_fen:
        approval = _ask(_question(case, kind, offer), by=by, at=at)
    remedy = Remedy.objects.create(
        case=case,
        code=kind.code,
        name=kind.name,
        amount_fen=offer.amount_fen,
        cost_fen=offer.cost_fen,
        note=offer.note.strip()[:300],
        state=State.WAITING if approval else State.OFFERED,
        approval=approval,
        by=by,
        at=at,
    )
    save_news(case, at)
    if approval is None:
        announce(RemedyOffered, case, by=by, remedy_id=remedy.pk, amount_fen=remedy.amount_fen)
    return remedy


def _question(case: Case, kind: RemedyKind, offer: RemedyOffer) -> Approval:
    text = _("%(name)s: %(amount).2f yuan. %(note)s") % {
        "name": kind.name,
        "amount": offer.amount_fen / 100,
        "note": offer.note,
    }
    role = kind.approver_role or "supervisor"
    return Approval(case=case, about=Approval.About.REMEDY, text=text, role_code=role)


def _check_amounts(kind: RemedyKind, offer: RemedyOffer) -> None:
    if offer.amount_fen < 0 or offer.cost_fen < 0:
        raise Refused(_("An amount cannot be negative."))
    if offer.amount_fen and not kind.has_amount:
        raise Refused(_("“%s” has no amount.") % kind.name)


@transaction.atomic
def settle_remedy(
    remedy_id: int, *, state: str, customer_words: str = "", by: Staff, at: datetime
) -> Remedy:
    """The customer takes the offer or not, and later it is carried out. Refuses any other order."""
    case = open_case_row(Remedy.objects.values_list("case_id", flat=True).get(pk=remedy_id))
    require_hand_on(case, by)
    remedy = Remedy.objects.select_for_update(of=("self",)).get(pk=remedy_id)
    if state not in SETTLED.get(State(remedy.state), set()):
        raise Refused(_("This remedy is “%s”.") % remedy.get_state_display())
    remedy.state = State(state)
    remedy.customer_words = customer_words.strip()[:300] or remedy.customer_words
    remedy.save(update_fields=["state", "customer_words"])
    save_news(case, at)
    announce(RemedySettled, case, by=by, remedy_id=remedy.pk, state=remedy.state)
    return remedy
