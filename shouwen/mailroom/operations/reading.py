"""From raw bytes to a verdict: dropped by a rule, a bounce of ours, or something to answer."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.core.bus import publish
from shouwen.mailroom.carriers.email.message import ParsedMail, UnreadableMail
from shouwen.mailroom.events import BounceArrived
from shouwen.mailroom.judging import Verdict, judge
from shouwen.mailroom.models import DropRule, Inbound, Outbound
from shouwen.mailroom.operations.facts import about
from shouwen.mailroom.operations.inbound import (
    announce_arrival,
    drop_inbound,
    mark_handled,
    quarantine,
)
from shouwen.mailroom.operations.rules import built_in_rule
from shouwen.mailroom.queries import bounced_outbound, facts_about, read_inbound


def understand_inbound(inbound: Inbound, *, by: Staff) -> None:
    """A mail is read and dropped by a named rule, noted as a bounce, or announced as MailArrived.

    What holds nothing readable is quarantined. Rules do not touch what a person retried.
    """
    if not inbound.raw_key:
        return  # the fetcher asks the server for it once more
    try:
        mail = read_inbound(inbound)
    except UnreadableMail:
        quarantine(inbound.pk, reason=_("The mail is empty."), by=by)
        return
    outbound = bounced_outbound(inbound, mail)
    verdict = judge(mail, facts_about(inbound, mail, bounced=outbound))
    if verdict.rule and not inbound.was_retried:
        drop_inbound(inbound.pk, rule=_rule(verdict), reason=_why(mail), by=by)
    elif verdict.is_bounce and outbound is not None:
        note_bounce(outbound.pk, inbound_id=inbound.pk, mail=mail, by=by)
    else:
        announce_arrival(inbound.pk, automatic=verdict.automatic, by=by)


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
