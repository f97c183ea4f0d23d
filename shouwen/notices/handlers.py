"""Reactions: bells ring, mails leave, those who mend faults are told."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwen.accounts.queries import company, system_staff
from shouwen.core.bus import When, handles
from shouwen.core.live import Nudge, nudge, nudge_all
from shouwen.mailroom.operations.outgoing import MailDraft, NoMailbox, queue_mail
from shouwen.notices.events import FaultReported, FaultResolved, NoticesRead, NoticesSent
from shouwen.notices.kinds import register_kind
from shouwen.notices.models import FaultReport, Notice
from shouwen.notices.operations import Message, notify_staff
from shouwen.notices.permissions import NoticePermission
from shouwen.notices.queries import staff_who_may

FAULT_REPORTED = register_kind("notices.fault_reported", gettext_lazy("A fault was reported"))
FAULT_RESOLVED = register_kind(
    "notices.fault_resolved", gettext_lazy("My fault report is resolved")
)


@handles(NoticesSent, when=When.AFTER_COMMIT)
def ring_bells(event: NoticesSent) -> None:
    """Open screens show the new count."""
    nudge_all(Nudge(f"staff:{staff_id}", "notice") for staff_id in event.staff_ids)


@handles(NoticesRead, when=When.AFTER_COMMIT)
def quiet_bells(event: NoticesRead) -> None:
    """The person's other screens show the new count."""
    nudge(f"staff:{event.staff_id}", "notice")


@handles(NoticesSent, when=When.AS_JOB)
def mail_notices(event: NoticesSent) -> None:
    """Who wants mail and has an address gets one mail a notice, whatever runs twice."""
    wanted = Notice.objects.filter(pk__in=event.notice_ids, by_mail=True).exclude(staff__mail="")
    with translation.override(company().language):
        for notice in wanted.select_related("staff").order_by("pk"):
            _mail(notice)


def _mail(notice: Notice) -> None:
    draft = MailDraft(
        key=f"notice:{notice.pk}",
        to=[notice.staff.mail],
        subject=notice.text[:100],
        text=f"{notice.text}\n\n{settings.PUBLIC_URL}{notice.url}\n\n{_('Sent by Shouwen.')}",
        is_automatic=True,
    )
    try:
        queue_mail(draft, mailbox=None, by=system_staff())
    except NoMailbox:
        return  # the notice itself is in the application; health says that no mailbox is there


@handles(FaultReported, when=When.AS_JOB)
def tell_who_mends(event: FaultReported) -> None:
    """Everybody who may resolve faults is told."""
    fault = FaultReport.objects.get(pk=event.fault_id)
    words = gettext_lazy("Fault {number} ({kind}): {text}")
    message = Message(
        kind=FAULT_REPORTED.code,
        text=format_lazy(
            words, number=fault.number, kind=fault.get_kind_display(), text=fault.text[:150]
        ),
        url=reverse("notices:faults"),
        subject_kind="fault",
        subject_id=fault.pk,
        key=f"fault-reported:{fault.pk}",
    )
    ids = [one.pk for one in staff_who_may(NoticePermission.HANDLE_FAULTS)]
    notify_staff(ids, message=message, at=timezone.now(), by=system_staff())


@handles(FaultResolved, when=When.AS_JOB)
def tell_who_reported(event: FaultResolved) -> None:
    """Whoever reported the fault is told that it works again."""
    fault = FaultReport.objects.get(pk=event.fault_id)
    message = Message(
        kind=FAULT_RESOLVED.code,
        text=format_lazy(
            gettext_lazy("Fault {number} is resolved: {text}"),
            number=fault.number,
            text=fault.resolution[:150],
        ),
        url=reverse("notices:faults"),
        subject_kind="fault",
        subject_id=fault.pk,
        key=f"fault-resolved:{fault.pk}",
    )
    notify_staff([event.reported_by_id], message=message, at=timezone.now(), by=system_staff())
