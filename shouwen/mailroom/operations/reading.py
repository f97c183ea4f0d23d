"""From raw bytes to a verdict: dropped by a rule, a bounce of ours, or something to answer."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.core.bus import publish
from shouwen.mailroom.carriers.email.message import ParsedMail, UnreadableMail
from shouwen.mailroom.events import BounceArrived
from shouwen.mailroom.judging import Facts, Verdict, judge
from shouwen.mailroom.models import DropRule, Inbound, Outbound
from shouwen.mailroom.operations.facts import about
from shouwen.mailroom.operations.inbound import (
    announce_arrivals,
    drop_inbound,
    mark_handled,
    quarantine,
)
from shouwen.mailroom.operations.rules import built_in_rule
from shouwen.mailroom.queries import (
    answers_ours,
    bounced_outbound,
    read_inbound,
    rules_in_force,
)


@transaction.atomic
def understand_inbounds(inbounds: Sequence[Inbound], *, by: Staff) -> None:
    """Mails are read and dropped by a named rule, noted as a bounce, or announced as MailArrived.

    What holds nothing readable is quarantined. Rules do not touch what a person retried; what was
    read before and still waits is announced once more.
    """
    rules = rules_in_force()
    arrived: dict[int, str] = {}
    for inbound in inbounds:
        if inbound.understood_at is not None:
            arrived[inbound.pk] = inbound.automatic
            continue
        kind = _understand(inbound, rules, by)
        if kind is not None:
            arrived[inbound.pk] = kind
    if arrived:
        announce_arrivals(arrived, by=by)


def _understand(inbound: Inbound, rules: Facts, by: Staff) -> str | None:
    """The kind of machine that wrote it, "" for a person; None when it is settled, or not yet there."""
    if not inbound.raw_key:
        return None  # the fetcher asks the server for it once more
    try:
        mail = read_inbound(inbound)
    except UnreadableMail:
        quarantine(inbound.pk, reason=_("The mail is empty."), by=by)
        return None
    outbound = bounced_outbound(inbound, mail)
    is_ours = outbound is not None or (mail.automatic is not None and answers_ours(inbound, mail))
    verdict = judge(mail, replace(rules, answers_ours=is_ours))
    if verdict.rule and not inbound.was_retried:
        drop_inbound(
            inbound.pk,
            rule=_rule(verdict),
            reason=_why(mail),
            automatic=verdict.automatic,
            by=by,
        )
        return None
    if verdict.is_bounce and outbound is not None:
        note_bounce(outbound.pk, inbound_id=inbound.pk, mail=mail, by=by)
        return None
    return verdict.automatic


def _rule(verdict: Verdict) -> DropRule:
    if verdict.rule == DropRule.Kind.SENDER:
        return DropRule.objects.get(kind=DropRule.Kind.SENDER, pattern=verdict.pattern)
    return built_in_rule(verdict.rule)


def _why(mail: ParsedMail) -> str:
    return mail.automatic.reason if mail.automatic else ""


@transaction.atomic
def note_bounce(outbound_id: int, *, inbound_id: int, mail: ParsedMail, by: Staff) -> Outbound:
    """The outbound row says that its mail came back, and why; a mere delay is only announced."""
    outbound = Outbound.objects.select_for_update(of=("self",)).get(pk=outbound_id)
    status = mail.automatic.status if mail.automatic else ""
    recipient = mail.automatic.failed_recipient if mail.automatic else ""
    is_permanent = not status.startswith("4")
    if is_permanent:
        outbound.bounced_at = timezone.now()
        outbound.last_error = f"{status} {recipient} {mail.subject}".strip()[:2000]
        outbound.save(update_fields=["bounced_at", "last_error", "updated_at"])
    mark_handled(inbound_id, as_kind="outbound", as_id=outbound.pk, by=by)
    publish(
        BounceArrived(
            **about(outbound),
            inbound_id=inbound_id,
            recipient=recipient,
            status=status,
            is_permanent=is_permanent,
            by_id=by.pk,
        )
    )
    return outbound
