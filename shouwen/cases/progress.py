"""What customers are told by mail on the way, in words. Pure."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.cases.definitions import Told


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What is told: which step, of which matter, and what belongs to it."""

    what: str
    number: str
    kind: str
    company: str
    link: str
    person: str = ""
    department: str = ""
    due_at: datetime | None = None
    words: str = ""


def subject_of(told: Progress) -> str:
    """The subject of the mail: "【TS-202611-0001】您的投诉：已受理"."""
    states = {
        Told.RECEIVED: _("received"),
        Told.ACCEPTED: _("taken up"),
        Told.HANDED_OVER: _("handed over"),
        Told.ANSWERED: _("answered"),
        Told.CLOSED: _("closed"),
    }
    state = states.get(Told(told.what)) if told.what in set(Told) else None
    return _("[%(number)s] Your %(kind)s: %(state)s") % {
        "number": told.number,
        "kind": told.kind,
        "state": state or _("news"),
    }


def text_of(told: Progress) -> str:
    """The mail: what is new, when the next word comes, where to look."""
    parts = [_("Hello,"), _news(told)]
    if told.due_at and told.what in {Told.RECEIVED, Told.ACCEPTED}:
        moment = timezone.localtime(told.due_at)
        parts.append(_("You will hear from us by %s.") % f"{moment:%Y-%m-%d %H:%M}")
    parts.append(_("See how it goes on, and add a word or a picture:") + f"\n{told.link}")
    parts.append(told.company)
    return "\n\n".join(part for part in parts if part)


def _news(told: Progress) -> str:
    named = {"number": told.number, "kind": told.kind, "person": told.person}
    sentences = {
        Told.RECEIVED: _("We have received your %(kind)s. Its number is %(number)s.") % named,
        Told.ACCEPTED: _(
            "%(person)s has taken up your %(kind)s %(number)s and stays responsible to the end."
        )
        % named,
        Told.HANDED_OVER: _("Your %(kind)s %(number)s was handed to: %(department)s.")
        % {**named, "department": told.department},
        Told.ANSWERED: _("Our answer to your %(kind)s %(number)s:") % named + f"\n\n{told.words}",
        Told.CLOSED: _("Your %(kind)s %(number)s is closed. Thank you for telling us.") % named,
    }
    known = set(Told)
    return sentences[Told(told.what)] if told.what in known else told.words
