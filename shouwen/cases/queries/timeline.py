"""What happened to a case, in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from shouwen.accounts.models import Department, Staff
from shouwen.cases.models import Case, ProgressNote
from shouwen.core.history import history_of
from shouwen.core.models import HistoryEntry

LONGEST = 200


@dataclass(frozen=True)
class CaseFact:
    """One fact about a case in words; `tone` colours it."""

    at: datetime
    who: str
    text: str
    detail: str = ""
    tone: str = ""


@dataclass
class _Names:
    """Who and what the facts name, read once."""

    staff: dict[int, str]
    departments: dict[int, str]
    notes: dict[int, ProgressNote]
    words: dict[int, str]

    def person(self, pk: int | None) -> str:
        return self.staff.get(pk or 0, "")


Fact = dict[str, Any]
Words = Callable[[Fact, _Names], tuple[str, str]]


def _escalated(fact: Fact, names: _Names) -> tuple[str, str]:
    to = names.person(fact["to_id"]) or _("nobody holds that post yet")
    return _("level %(level)d of the ladder: %(to)s") % {"level": fact["level"], "to": to}, fact[
        "reason"
    ]


def _progress(fact: Fact, names: _Names) -> tuple[str, str]:
    note = names.notes.get(fact["note_id"])
    words = _("told the customer how it goes on") if fact["told_way"] else _("noted progress")
    if note is None:
        return words, ""
    opinion = _("Customer: %s") % note.customer_opinion if note.customer_opinion else ""
    return words, " ".join(one for one in (note.text, opinion) if one)


def _handed(fact: Fact, names: _Names) -> tuple[str, str]:
    to = names.person(fact["to_staff_id"]) or names.departments.get(fact["to_department_id"], "")
    return _("handed to %s") % to, fact["task"]


def _judged(fact: Fact, names: _Names) -> tuple[str, str]:
    del names
    valid = _("found it valid") if fact["validity"] == "valid" else _("found it invalid")
    return valid, fact["reason"]


def _decided(fact: Fact, names: _Names) -> tuple[str, str]:
    del names
    granted = fact["decision"] == "granted"
    return (_("approved the proposal") if granted else _("did not approve the proposal")), ""


def _says(words: Callable[[], str], detail: str = "") -> Words:
    """A fact whose words never change; `detail` names the payload's field that says more."""
    return lambda fact, _names: (words(), str(fact.get(detail, "")) if detail else "")


_WORDS: dict[str, Words] = {
    "CaseOpened": _says(lambda: _("registered the case")),
    "CaseAccepted": _says(lambda: _("took the case")),
    "CaseAssigned": lambda fact, names: (
        _("gave the case to %s") % names.person(fact["handler_id"]),
        fact["reason"],
    ),
    "CaseFormChanged": _says(lambda: _("changed the form")),
    "CaseJudged": _judged,
    "CaseReviewed": lambda fact, _names: (
        _("reviewed how grave it is: %s of 9") % fact["score"],
        fact["reason"],
    ),
    "StepFinished": lambda fact, _names: (
        (_("passed over a step") if fact["skip_reason"] else _("ticked off a step")),
        fact["skip_reason"],
    ),
    "HandedOff": _handed,
    "HandOffReceived": _says(lambda: _("received the task")),
    "HandOffDone": _says(lambda: _("finished the task")),
    "HandOffReturned": _says(lambda: _("sent the task back"), "reason"),
    "ProgressNoted": _progress,
    "CaseStalled": _says(lambda: _("no news for long: supervisor told")),
    "ApprovalAsked": _says(lambda: _("asked for approval")),
    "ApprovalDecided": _decided,
    "RemedyOffered": lambda fact, _names: (
        _("offered a remedy: %.2f yuan") % (fact["amount_fen"] / 100),
        "",
    ),
    "RemedySettled": _says(lambda: _("settled the remedy")),
    "CaseEscalated": _escalated,
    "OverheadRiskSeen": _says(lambda: _("sees that the customer may go over our heads"), "reason"),
    "EscalationAdvised": _says(lambda: _("gave advice")),
    "PromiseMade": _says(lambda: _("made a promise to the customer")),
    "PromiseKept": lambda fact, _names: (
        (_("kept the promise") if fact["was_in_time"] else _("kept the promise, late")),
        "",
    ),
    "PromiseInTrouble": _says(lambda: _("something came up with a promise"), "trouble"),
    "CaseWaits": _says(lambda: _("waits for the customer"), "reason"),
    "CaseGoesOn": _says(lambda: _("goes on")),
    "CaseHandled": _says(lambda: _("wrote down the result")),
    "CaseAnswered": lambda fact, _names: (
        _("answered the customer %s") % Case.Way(fact["way"]).label,
        "",
    ),
    "AnswerReplied": lambda fact, _names: (
        (
            _("the customer accepts the answer")
            if fact["reply"] == "accepted"
            else _("the customer does not accept the answer")
        ),
        "",
    ),
    "FollowUpOwed": _says(lambda: _("a follow-up is owed")),
    "FollowUpRecorded": _says(lambda: _("recorded the follow-up")),
    "CaseArchived": _says(lambda: _("put the case into the archive")),
    "CaseReopened": _says(lambda: _("reopened the case"), "reason"),
    "CaseLinked": _says(lambda: _("linked another case")),
    "CaseMerged": _says(lambda: _("merged the case into another")),
    "CaseUnmerged": _says(lambda: _("undid the merge")),
    "PaperAdded": _says(lambda: _("added a paper")),
    "LetterKept": lambda fact, _names: (
        _("kept the reply letter, version %d") % fact["version"],
        "",
    ),
    "CustomerSpoke": lambda fact, names: (
        (_("the customer sent pictures") if fact["pictures"] else _("the customer added a word")),
        names.words.get(fact["word_id"], ""),
    ),
    "CustomerTold": _says(lambda: _("the customer was told by mail")),
    "CustomerNotTold": _says(lambda: _("the customer could not be told by mail"), "reason"),
    "LetterEntered": lambda fact, names: (
        _("entered the letter in the book; put before %s")
        % (names.person(fact["to_id"]) or _("nobody: nobody leads yet")),
        "",
    ),
    "LetterRead": _says(lambda: _("read the letter"), "instruction"),
    "CaseLeftIncident": _says(lambda: _("took the case out of the incident")),
    "StatusLinkMade": _says(lambda: _("the customer has a link to follow the case")),
}
_TONES = {
    "CaseOpened": "accent",
    "CaseEscalated": "late",
    "CaseStalled": "late",
    "OverheadRiskSeen": "late",
    "PromiseInTrouble": "near",
    "PromiseKept": "kept",
    "CaseAnswered": "accent",
    "CaseArchived": "kept",
    "CaseReopened": "late",
    "CustomerSpoke": "accent",
    "CustomerNotTold": "near",
}


def case_timeline(case: Case) -> list[CaseFact]:
    """What happened, newest first; at most the last two hundred facts. Five queries."""
    return facts_in_words(case, list(history_of("case", case.pk)[:LONGEST]))


def facts_in_words(case: Case, entries: list[HistoryEntry]) -> list[CaseFact]:
    """These facts of the case in words, in their order. Four queries."""
    names = _names(case, entries)
    return [_fact(entry, names) for entry in entries]


def _names(case: Case, entries: list[HistoryEntry]) -> _Names:
    people: set[int] = set()
    departments: set[int] = set()
    for entry in entries:
        payload = entry.payload
        ids = (entry.by_id, *(payload.get(name) for name in ("to_id", "to_staff_id", "handler_id")))
        people |= {one for one in ids if one}
        departments |= {payload["to_department_id"]} if "to_department_id" in payload else set()
    staff = Staff.objects.filter(pk__in=people)
    return _Names(
        staff={one.pk: "" if one.is_system else one.name for one in staff},
        departments=dict(Department.objects.filter(pk__in=departments).values_list("pk", "name")),
        notes={one.pk: one for one in case.progress.all()},
        words=dict(case.customer_words.values_list("pk", "text")),
    )


def _fact(entry: HistoryEntry, names: _Names) -> CaseFact:
    name = entry.name.rpartition(".")[2]
    words = _WORDS.get(name)
    text, detail = words(entry.payload, names) if words else (entry.name, "")
    return CaseFact(
        at=entry.at,
        who=names.person(entry.by_id),
        text=text,
        detail=detail,
        tone=_TONES.get(name, ""),
    )
