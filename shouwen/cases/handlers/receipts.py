"""A case that came by letter stands in the book, and the leader knows."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import system_staff
from shouwen.cases.events import CaseOpened, LetterEntered, LetterRead
from shouwen.cases.handlers.people import MINE, tell_people
from shouwen.cases.models import Case
from shouwen.cases.operations.receipts import enter_letter
from shouwen.core.bus import When, handles
from shouwen.notices.kinds import register_kind

LETTER = register_kind("cases.letter", translation.gettext_lazy("A letter is put before me"))


@handles(CaseOpened, when=When.IN_TRANSACTION, only=lambda event: event.way == Case.Way.LETTER)
def enter_in_the_book(event: CaseOpened) -> None:
    """No letter without an entry. (D679)"""
    by = Staff.objects.filter(pk=event.by_id).first() or system_staff()
    enter_letter(event.case_id, by=by, at=timezone.now())


@handles(LetterEntered, when=When.AS_JOB)
def put_before_the_leader(event: LetterEntered) -> None:
    """The leader hears of it at once."""
    case = Case.objects.get(pk=event.case_id)
    words = _("%(number)s “%(title)s” came by letter and is put before you.")
    tell_people([event.to_id], LETTER.code, words, case, but=event.by_id)


@handles(LetterRead, when=When.AS_JOB, only=lambda event: bool(event.instruction))
def pass_the_instruction_on(event: LetterRead) -> None:
    """What the leader wrote on it reaches handler and first responder."""
    case = Case.objects.get(pk=event.case_id)
    words = _("%(number)s “%(title)s”: the leader wrote an instruction on the letter.")
    ours = {event.handler_id, event.first_responder_id}
    tell_people(ours, MINE.code, words, case, but=event.by_id)
