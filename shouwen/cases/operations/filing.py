"""Putting a case on the shelf as it is when it is archived."""

from datetime import datetime

from shouwen.accounts.models import Staff
from shouwen.cases.models import Case, CaseVolume
from shouwen.cases.queries.pages import CasePage, case_page
from shouwen.cases.queries.sheets import as_stored, sheet_of


def file_volume(case_id: int, *, by: Staff, at: datetime) -> CaseVolume:
    """The sheet and the list of papers of a case just archived, kept for good. (D064, D702)

    Runs inside the archive's own transaction; archived again, the case has a second volume.
    """
    case = Case.objects.select_related(
        "kind", "category", "cause", "customer", "department", "handler", "first_responder"
    ).get(pk=case_id)
    page = case_page(case, by, at=at)
    return CaseVolume.objects.create(
        case=case,
        number=1 + case.volumes.count(),
        sheet=as_stored(sheet_of(page)),
        contents=_contents(page),
        by=by,
        at=at,
    )


def _contents(page: CasePage) -> list[dict[str, str | int]]:
    """The papers with what proves that they are still the same: the SHA-256 of their bytes."""
    return [
        {
            "paper": one.pk,
            "title": one.title,
            "by": one.by.name,
            "at": one.at.isoformat(),
            "sha256": one.file.key.rpartition("/")[2],
        }
        for one in page.papers
    ]
