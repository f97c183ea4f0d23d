"""Telling staff, and faults of the office from report to resolution."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.accounts.queries import company
from shouwen.core.bus import publish
from shouwen.core.clock import local_day
from shouwen.core.errors import NotThere, Refused
from shouwen.core.numbering import next_number
from shouwen.notices.events import (
    FaultReported,
    FaultResolved,
    FaultTaken,
    NoticesChosen,
    NoticesRead,
    NoticesSent,
    StartOfDayChecked,
)
from shouwen.notices.models import FaultReport, Notice, NoticePreference, StartOfDayCheck
from shouwen.notices.permissions import NoticePermission
from shouwen.notices.queries import choices_for

TEXT_LIMIT = 300


class FaultUnclear(Refused):
    """A fault needs words about what does not work."""


class FaultAlreadyResolved(Refused):
    """It works again already."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """What to tell: a kind that was registered, a line, where to go, what it is about.

    A `key` makes it unique: the same key again tells nobody twice.
    """

    kind: str
    text: str | Promise
    url: str = ""
    subject_kind: str = ""
    subject_id: int | None = None
    key: str = ""


@transaction.atomic
def notify_staff(
    staff_ids: list[int], *, message: Message, at: datetime, by: Staff
) -> list[Notice]:
    """Each of these active people has the notice, in the way he or she chose; returns the new ones.

    Written in the company's language. Who wants neither way gets none.
    """
    wanted = Staff.objects.active().people().filter(pk__in=staff_ids).order_by("pk")
    ids = list(wanted.values_list("pk", flat=True))
    choices = choices_for(ids, message.kind)
    ids = [one for one in ids if choices[one].in_app or choices[one].by_mail]
    if message.key:
        known = Notice.objects.filter(staff_id__in=ids, key=message.key)
        ids = sorted(set(ids) - set(known.values_list("staff_id", flat=True)))
    with translation.override(company().language):
        text = str(message.text)[:TEXT_LIMIT]
    rows = [
        Notice(
            staff_id=one,
            kind=message.kind,
            text=text,
            url=message.url,
            subject_kind=message.subject_kind,
            subject_id=message.subject_id,
            key=message.key,
            in_app=choices[one].in_app,
            by_mail=choices[one].by_mail,
            created_at=at,
        )
        for one in ids
    ]
    made = Notice.objects.bulk_create(rows)
    if made:
        sent_ids = [one.pk for one in made]
        publish(NoticesSent(kind=message.kind, staff_ids=ids, notice_ids=sent_ids, by_id=by.pk))
    return made


@transaction.atomic
def mark_notices_read(notice_ids: list[int] | None, *, at: datetime, by: Staff) -> int:
    """These notices of the person, or all of them, are read; returns how many were not before."""
    unread = Notice.objects.filter(staff=by).unread()
    if notice_ids is not None:
        unread = unread.filter(pk__in=notice_ids)
    count = unread.update(read_at=at)
    if count:
        publish(NoticesRead(staff_id=by.pk, by_id=by.pk))
    return count


@transaction.atomic
def choose_notices(chosen: dict[str, tuple[bool, bool]], *, by: Staff) -> None:
    """For each kind given the person is told (in the application, by mail) as chosen."""
    for code, (in_app, by_mail) in chosen.items():
        NoticePreference.objects.update_or_create(
            staff=by, kind=code, defaults={"in_app": in_app, "by_mail": by_mail}
        )
    publish(NoticesChosen(staff_id=by.pk, kinds=sorted(chosen), by_id=by.pk))


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What somebody found not to work."""

    kind: str
    text: str
    place: str = ""
    noticed_at: datetime


@transaction.atomic
def report_fault(finding: Finding, *, by: Staff) -> FaultReport:
    """The fault is on the list with a number, its time and its state, and those who mend it know.

    Anybody may report one. Refuses a report without words. Source: D277, D442.
    """
    if not finding.text.strip():
        raise FaultUnclear(_("Please say what does not work."))
    fault = FaultReport.objects.create(
        number=next_number("GZ", at=finding.noticed_at),
        kind=FaultReport.Kind(finding.kind),
        place=finding.place.strip(),
        text=finding.text.strip(),
        noticed_at=finding.noticed_at,
        reported_by=by,
    )
    publish(FaultReported(fault_id=fault.pk, number=fault.number, kind=fault.kind, by_id=by.pk))
    return fault


@transaction.atomic
def take_fault(fault_id: int, *, by: Staff) -> FaultReport:
    """Somebody works on it and everybody can see who. Refuses a fault that is resolved."""
    fault = _open_fault(fault_id, by)
    fault.state, fault.taken_by = FaultReport.State.IN_WORK, by
    fault.save(update_fields=["state", "taken_by", "updated_at"])
    publish(FaultTaken(fault_id=fault.pk, number=fault.number, kind=fault.kind, by_id=by.pk))
    return fault


@transaction.atomic
def resolve_fault(fault_id: int, *, resolution: str, at: datetime, by: Staff) -> FaultReport:
    """It works again, and how is written down; whoever reported it is told.

    Refuses without words on how, and a fault that is resolved.
    """
    fault = _open_fault(fault_id, by)
    if not resolution.strip():
        raise FaultUnclear(_("Please say how it was resolved."))
    fault.state, fault.resolved_at = FaultReport.State.RESOLVED, at
    fault.resolution, fault.taken_by = resolution.strip(), fault.taken_by or by
    fault.save(update_fields=["state", "resolved_at", "resolution", "taken_by", "updated_at"])
    publish(
        FaultResolved(
            fault_id=fault.pk,
            number=fault.number,
            kind=fault.kind,
            reported_by_id=fault.reported_by_id,
            by_id=by.pk,
        )
    )
    return fault


def _open_fault(fault_id: int, by: Staff) -> FaultReport:
    require(by, NoticePermission.HANDLE_FAULTS)
    fault = FaultReport.objects.select_for_update().filter(pk=fault_id).first()
    if fault is None:
        raise NotThere
    if not fault.is_open:
        raise FaultAlreadyResolved(_("Fault %s is already resolved.") % fault.number)
    return fault


@transaction.atomic
def check_start_of_day(faults: dict[str, str], *, at: datetime, by: Staff) -> StartOfDayCheck:
    """The person has looked at system, phone and network today; each fault found is reported.

    `faults` maps the kind (system, phone, network) of what is not normal to words about it.
    A second look on the same day only reports what it finds. Source: D153.
    """
    for kind, text in faults.items():
        report_fault(Finding(kind=kind, text=text, noticed_at=at), by=by)
    check, is_new = StartOfDayCheck.objects.get_or_create(
        staff=by,
        day=local_day(at),
        defaults={
            "at": at,
            "system_is_well": FaultReport.Kind.SYSTEM not in faults,
            "phone_is_well": FaultReport.Kind.PHONE not in faults,
            "network_is_well": FaultReport.Kind.NETWORK not in faults,
        },
    )
    if is_new:
        day = check.day.isoformat()
        publish(StartOfDayChecked(staff_id=by.pk, day=day, is_well=not faults, by_id=by.pk))
    return check
