"""Papers that belong to a case: letters, photos, signed sheets."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.cases.events import PaperAdded
from shouwen.cases.models import CasePaper
from shouwen.cases.operations.rows import (
    announce,
    lock_case,
    require_hand_on,
    save_news,
    words_of,
)
from shouwen.core.models import StoredFile


@transaction.atomic
def add_paper(case_id: int, *, file: StoredFile, title: str, by: Staff, at: datetime) -> CasePaper:
    """The paper lies with the case, also in the archive: papers are put in order after the end.

    Refuses a paper without a title. (D064, D194, D702)
    """
    case = lock_case(case_id)
    require_hand_on(case, by)
    paper = CasePaper.objects.create(
        case=case,
        file=file,
        title=words_of(title, _("Please give the paper a title."))[:120],
        by=by,
        at=at,
    )
    save_news(case, at)
    announce(PaperAdded, case, by=by, paper_id=paper.pk)
    return paper
