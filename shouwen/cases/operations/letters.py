"""Keeping the reply letter, version by version."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.cases.events import LetterKept
from shouwen.cases.models import Case, CaseLetter, CasePaper
from shouwen.cases.operations.rows import (
    announce,
    lock_case,
    require_hand_on,
    save_news,
    words_of,
)
from shouwen.cases.queries.letters import LetterWords, letter_as_text, words_of_letter
from shouwen.cases.refusals import AnswerMissing
from shouwen.core.files import store_file
from shouwen.knowledge.operations.guard import guard_template


@transaction.atomic
def keep_letter(case_id: int, words: LetterWords, *, by: Staff, at: datetime) -> CaseLetter:
    """The letter is a version among the papers of the case; the versions before stay. (D680, D702)

    Keeping the same words twice keeps one version. Refuses a case without an answer, an empty
    letter, and words that the phrase guard stops.
    """
    case = lock_case(case_id)
    require_hand_on(case, by)
    answer = case.answers.order_by("pk").last()
    if answer is None:
        raise AnswerMissing
    words_of(words.text, _("Please write the letter."))
    guard_template(f"{words.salutation}\n{words.text}", department_id=case.department_id)
    last = case.letters.order_by("version").last()
    if last and words_of_letter(last) == words:
        return last
    version = last.version + 1 if last else 1
    paper = _paper(case, words, version, by=by, at=at)
    letter = CaseLetter.objects.create(
        case=case,
        answer=answer,
        paper=paper,
        version=version,
        salutation=words.salutation[:80],
        text=words.text,
        signature=words.signature[:200],
        dated_on=words.dated_on,
        by=by,
        at=at,
    )
    save_news(case, at)
    announce(LetterKept, case, by=by, letter_id=letter.pk, version=version)
    return letter


def _paper(case: Case, words: LetterWords, version: int, *, by: Staff, at: datetime) -> CasePaper:
    title = _("Reply letter, version %d") % version
    text = letter_as_text(words, case.number)
    stored = store_file(f"{case.number} {title}.txt", text.encode())
    return CasePaper.objects.create(case=case, file=stored, title=title, by=by, at=at)
