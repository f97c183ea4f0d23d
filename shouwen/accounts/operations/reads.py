"""Writes about reads: who revealed or exported whose data, and why."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.events import PersonalDataRead
from shouwen.accounts.models import ReadLog, Staff
from shouwen.core.bus import publish
from shouwen.core.errors import Refused


class ReadNeedsReason(Refused):
    """Personal data is shown only for a reason."""


class Subject(NamedTuple):
    """Whose data: kind ("customer"), id (none for an export of many), and a name fit for a log."""

    kind: str
    id: int | None = None
    label: str = ""


@transaction.atomic
def log_read(
    subject: Subject,
    *,
    what: str,
    reason: str,
    at: datetime,
    by: Staff,
    count: int = 1,
) -> ReadLog:
    """It is written down that `by` saw `what` of the subject, and why (D423).

    `what` names the field or "export"; `count` how many records an export held. Refuses an empty
    reason. Whether `by` may see it at all is the caller's question.
    """
    if not reason.strip():
        raise ReadNeedsReason(_("Please say why you need to see this."))
    read = ReadLog.objects.create(
        staff=by,
        at=at,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_label=subject.label[:100],
        what=what[:60],
        reason=reason.strip()[:200],
        count=count,
    )
    publish(
        PersonalDataRead(
            read_id=read.pk,
            subject_kind=subject.kind,
            subject_id=subject.id,
            what=read.what,
            by_id=by.pk,
        )
    )
    return read
