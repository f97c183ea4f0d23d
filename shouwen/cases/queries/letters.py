"""The reply letter (回函): what stands in it before somebody edits it, and how it is laid out."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import company
from shouwen.cases.models import Answer, CaseLetter, HandOff
from shouwen.cases.queries.pages import CasePage
from shouwen.core.clock import local_day
from shouwen.customers.queries import shown_name


@dataclass(frozen=True, kw_only=True)
class LetterWords:
    """A letter: whom it greets, what it says, who signs, its day."""

    salutation: str
    text: str
    signature: str
    dated_on: date


def letter_to_edit(page: CasePage, staff: Staff, *, at: datetime) -> LetterWords:
    """The words of the last version, dated today; before the first one, a draft made of the case."""
    last = page.case.letters.order_by("version").last()
    if last:
        return LetterWords(
            salutation=last.salutation,
            text=last.text,
            signature=last.signature,
            dated_on=local_day(at),
        )
    return letter_draft(page, staff, at=at)


def letter_draft(page: CasePage, staff: Staff, *, at: datetime) -> LetterWords:
    """What was complained, what was found, what is done, when and how: from the last answer. (D680, D686)

    Greets the customer by the name this person may see. Needs an answer.
    """
    answer = page.answers[-1]
    parts = [_told_us(page), _found(page), _done(page, answer), _concrete(answer), _promised(page)]
    ask = _("If anything is unclear, please ask for %s: the first person you spoke to.")
    parts.append(ask % page.case.first_responder.public_name)
    parts.append(_("Thank you for telling us. We ask for your understanding and your support."))
    return LetterWords(
        salutation=_("Dear %s:") % shown_name(page.case.customer, staff),
        text="\n\n".join(one for one in parts if one),
        signature=f"{company().name}\n{page.case.department.name}".strip(),
        dated_on=local_day(at),
    )


def _told_us(page: CasePage) -> str:
    case = page.case
    day = timezone.localtime(case.opened_at)
    words = _("On %(day)s you told us (%(way)s, number %(number)s): %(matter)s") % {
        "day": _day(day),
        "way": case.get_way_display(),
        "number": case.number,
        "matter": case.matter,
    }
    asked = _("You asked for: %s") % case.demand if case.demand else ""
    return "\n".join(one for one in (words, asked) if one)


def _found(page: CasePage) -> str:
    case = page.case
    done = [task for task in page.hand_offs if task.state == HandOff.State.DONE]
    lines = [f"{task.department.name}：{task.result}" for task in done]
    if case.validity_reason:
        clause = f"（{case.contract_clause}）" if case.contract_clause else ""
        lines.insert(0, f"{case.validity_reason}{clause}")
    return _("What we found: %s") % "；".join(lines) if lines else ""


def _done(page: CasePage, answer: Answer) -> str:
    lines = [page.case.result, answer.text if answer.text != page.case.result else ""]
    remedies = [one.name for one in page.remedies if one.state in {"accepted", "done", "offered"}]
    if remedies:
        lines.append(_("We offer: %s") % "、".join(remedies))
    return _("What is done: %s") % "\n".join(one for one in lines if one)


def _concrete(answer: Answer) -> str:
    if answer.is_not_ours or answer.works_from is None:
        return _("This matter is not the company's duty, as explained above.")
    return _("When: %(time)s. How: %(method)s") % {
        "time": _moment(answer.works_from),
        "method": answer.method,
    }


def _promised(page: CasePage) -> str:
    open_ones = [one for one in page.promises if one.kept_at is None]
    lines = [f"{one.text}（{_moment(one.due_at)}）" for one in open_ones]
    return _("We promise: %s") % "；".join(lines) if lines else ""


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{_day(local)} {local:%H:%M}"


def _day(at: date) -> str:
    return _("%(year)d-%(month)02d-%(day)02d") % {
        "year": at.year,
        "month": at.month,
        "day": at.day,
    }


def letter_as_text(letter: LetterWords, number: str) -> str:
    """The letter as a plain text file."""
    parts = [number, letter.salutation, letter.text, letter.signature, _day(letter.dated_on)]
    return "\n\n".join(parts) + "\n"


def words_of_letter(letter: CaseLetter) -> LetterWords:
    """What a kept version says."""
    return LetterWords(
        salutation=letter.salutation,
        text=letter.text,
        signature=letter.signature,
        dated_on=letter.dated_on,
    )
