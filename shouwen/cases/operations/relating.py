"""Cases that belong together: links, merges with undo, incidents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.cases.events import (
    CaseLeftIncident,
    CaseLinked,
    CaseMerged,
    CaseUnmerged,
    IncidentDeclared,
    IncidentEnded,
    IncidentGrew,
    IncidentTold,
)
from shouwen.cases.models import Case, CaseLink, Incident, ProgressNote
from shouwen.cases.operations.clocks import end_clock, start_clock
from shouwen.cases.operations.rows import (
    announce,
    lock_case,
    require_hand_on,
    save,
    save_news,
    words_of,
)
from shouwen.cases.permissions import CasePermission
from shouwen.core.bus import publish
from shouwen.core.errors import Refused
from shouwen.core.numbering import next_number

INCIDENT_PREFIX = "SJ"


@transaction.atomic
def link_cases(case_id: int, *, other_id: int, kind: str, by: Staff, at: datetime) -> CaseLink:
    """The two know of each other; linked before stays as it was. Refuses a case with itself."""
    case = lock_case(case_id)
    require_hand_on(case, by)
    if case_id == other_id:
        raise Refused(_("A case cannot be linked to itself."))
    first, second = sorted((case_id, other_id))
    link, is_new = CaseLink.objects.get_or_create(
        case_id=first,
        other_id=second,
        defaults={"kind": CaseLink.Kind(kind), "by": by, "at": at},
    )
    if is_new:
        announce(CaseLinked, case, by=by, other_id=other_id, link=link.kind)
    return link


@transaction.atomic
def merge_case(case_id: int, *, into_id: int, by: Staff, at: datetime) -> Case:
    """The case goes on inside another one: its clocks end, its papers and history stay its own.

    Refuses another kind (a suggestion never becomes a complaint, D212), another customer, a case in
    the archive, and a circle.
    """
    require(by, CasePermission.DIRECT)
    locked = {pk: lock_case(pk) for pk in sorted({case_id, into_id})}
    case, into = locked[case_id], locked[into_id]
    _check_merge(case, into)
    case.merged_into = into
    case.closed_at = at
    case.waiting_since = None
    end_clock(case, case.stage, at=at, by=by)
    save(case, "merged_into", "closed_at", "waiting_since", "due_at")
    save_news(into, at)
    announce(CaseMerged, case, by=by, into_id=into.pk)
    return into


def _check_merge(case: Case, into: Case) -> None:
    if case.pk == into.pk:
        raise Refused(_("A case cannot be merged with itself."))
    if case.kind_id != into.kind_id:
        raise Refused(_("Only cases of one kind can be merged."))
    if case.customer_id != into.customer_id:
        raise Refused(_("Only cases of one customer can be merged. Use an incident for many."))
    for one in (case, into):
        if one.is_closed:
            raise Refused(_("Case %s is archived.") % one.number)


@transaction.atomic
def unmerge_case(case_id: int, *, by: Staff, at: datetime) -> Case:
    """The case stands by itself again, at the stage where it was, its clock counted anew from now."""
    require(by, CasePermission.DIRECT)
    case = lock_case(case_id)
    if case.merged_into_id is None:
        raise Refused(_("Case %s is not merged.") % case.number)
    before, case.merged_into, case.closed_at = case.merged_into_id, None, None
    start_clock(case, case.stage, at=at, by=by)
    save_news(case, at, "merged_into", "closed_at", "due_at")
    announce(CaseUnmerged, case, by=by, from_id=before)
    return case


@dataclass(frozen=True, kw_only=True)
class IncidentDraft:
    """One cause behind many cases."""

    title: str
    found_at: datetime
    event_type: str = ""
    measures: str = ""


@transaction.atomic
def declare_incident(
    draft: IncidentDraft, *, case_ids: Sequence[int] = (), by: Staff, at: datetime
) -> Incident:
    """The cause has a number and an owner, and these cases belong to it; each is counted by itself."""
    require(by, CasePermission.HANDLE)
    incident = Incident.objects.create(
        number=next_number(INCIDENT_PREFIX, at=at),
        title=words_of(draft.title, _("Please give the incident a title."))[:120],
        event_type=draft.event_type.strip()[:80],
        measures=draft.measures.strip(),
        owner=by,
        found_at=draft.found_at,
        reported_at=at,
    )
    publish(IncidentDeclared(incident_id=incident.pk, by_id=by.pk))
    if case_ids:
        join_incident(incident.pk, case_ids=case_ids, by=by)
    return incident


@transaction.atomic
def join_incident(incident_id: int, *, case_ids: Sequence[int], by: Staff) -> Incident:
    """These cases belong to the incident. Refuses one that is over."""
    require(by, CasePermission.HANDLE)
    incident = _running(incident_id)
    joined = list(
        Case.objects.open()
        .filter(pk__in=case_ids)
        .exclude(incident=incident)
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk", flat=True)
    )
    if joined:
        Case.objects.filter(pk__in=joined).update(incident=incident)
        publish(IncidentGrew(incident_id=incident.pk, case_ids=joined, by_id=by.pk))
    return incident


@transaction.atomic
def leave_incident(case_id: int, *, by: Staff) -> Case:
    """The case has a cause of its own after all; what it was told meanwhile stays on it."""
    require(by, CasePermission.HANDLE)
    case = lock_case(case_id)
    if case.incident_id is None:
        raise Refused(_("Case %s belongs to no incident.") % case.number)
    before, case.incident = case.incident_id, None
    save(case, "incident")
    announce(CaseLeftIncident, case, by=by, incident_id=before)
    return case


@transaction.atomic
def tell_incident(incident_id: int, *, text: str, by: Staff, at: datetime) -> int:
    """One message stands on every open case of the incident as told; how many there are."""
    require(by, CasePermission.HANDLE)
    incident = _running(incident_id)
    words = words_of(text, _("Please write the message."))
    cases = list(
        incident.cases.open().order_by("pk").select_for_update(no_key=True).only("pk", "way")
    )
    notes = ProgressNote.objects.bulk_create(
        [ProgressNote(case=one, by=by, at=at, text=words, told_way=one.way) for one in cases]
    )
    ids = [one.pk for one in cases]
    Case.objects.filter(pk__in=ids, last_progress_at__lt=at).update(last_progress_at=at)
    key = str(notes[0].pk) if notes else ""
    publish(IncidentTold(incident_id=incident.pk, text=words, case_ids=ids, key=key, by_id=by.pk))
    return len(ids)


@transaction.atomic
def end_incident(incident_id: int, *, result: str, by: Staff, at: datetime) -> Incident:
    """The cause is gone, with what was done; the cases are closed one by one, each with its answer."""
    require(by, CasePermission.HANDLE)
    incident = _running(incident_id)
    incident.result = words_of(result, _("Please write down the result."))
    incident.ended_at = at
    incident.save(update_fields=["result", "ended_at", "updated_at"])
    publish(IncidentEnded(incident_id=incident.pk, by_id=by.pk))
    return incident


def _running(incident_id: int) -> Incident:
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    if incident.ended_at:
        raise Refused(_("Incident %s is over.") % incident.number)
    return incident
