"""What the customer does himself: sends a matter in, adds a word, says whether it is solved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Department
from shouwen.accounts.queries import hotline_department, responsible_department, system_staff
from shouwen.cases.events import CaseGoesOn, CustomerSpoke
from shouwen.cases.models import (
    Answer,
    Case,
    CaseCategory,
    CaseKind,
    CasePaper,
    CustomerWord,
    FollowUpDuty,
    StatusLink,
)
from shouwen.cases.operations.answering import record_reply
from shouwen.cases.operations.clocks import resume_clock
from shouwen.cases.operations.closing import FollowUpTold, record_follow_up
from shouwen.cases.operations.opening import MATTER_LIMIT, CaseDraft, open_case
from shouwen.cases.operations.rows import announce, lock_case, save
from shouwen.cases.operations.statuslinks import make_link
from shouwen.cases.queries.people import takers_of
from shouwen.core.errors import Refused
from shouwen.core.models import StoredFile
from shouwen.customers.models import Customer
from shouwen.customers.operations import find_or_create_customer


class NothingSaid(Refused):
    """Neither words nor a picture."""


class MatterClosed(Refused):
    """The case is in the archive: nobody would see a word added now."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A customer's form, read: what it is about, and how to reach him. `submission` makes it one."""

    kind: CaseKind
    submission: UUID
    name: str
    matter: str
    phone: str = ""
    mail: str = ""
    demand: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    category: CaseCategory | None = None
    files: Sequence[StoredFile] = ()


def send_request(request: Request, *, at: datetime) -> StatusLink:
    """A case is registered from the customer's own form, with the link to its page. (D065)

    Sent twice it is one case. Who writes is no proof of who he is: contact points on somebody's
    file stay as they are, and his mail is kept with the link alone. Refuses what opening refuses.
    """
    try:
        with transaction.atomic():
            return link_of_submission(request.submission) or _register(request, at)
    except IntegrityError:
        # The same form arrived twice at once, and the other one is in.
        return StatusLink.objects.select_related("case").get(submission=request.submission)


def link_of_submission(submission: UUID) -> StatusLink | None:
    """The link that this sending of a form came to, if it arrived before."""
    return StatusLink.objects.select_related("case").filter(submission=submission).first()


def _register(request: Request, at: datetime) -> StatusLink:
    system = system_staff()
    draft = CaseDraft(
        kind=request.kind,
        customer=_customer(request),
        matter=request.matter,
        demand=request.demand,
        values=request.values,
        category=request.category,
        way=Case.Way.FORM,
        department=_department(request.kind),
    )
    case = open_case(draft, by=system, at=at)
    link = make_link(case, mail=request.mail, submission=request.submission, at=at)
    word = CustomerWord.objects.create(
        case=case, key=request.submission, text=case.matter, is_first=True, at=at
    )
    _keep_pictures(word, request.files, at)
    return link


def _customer(request: Request) -> Customer:
    reached = ("phone", request.phone) if request.phone else ("mail", request.mail)
    return find_or_create_customer(contacts=[reached], name=request.name, by=system_staff())


def _department(kind: CaseKind) -> Department | None:
    """Where the kind belongs, else whoever the company named, else where somebody can take it."""
    code = kind.defined.department
    named = Department.objects.active().filter(code=code).first() if code else None
    chosen = responsible_department() if kind.is_complaint else hotline_department()
    return named or chosen or department_that_takes()


def department_that_takes() -> Department | None:
    """The first department in which somebody may take a case, those for service before others."""
    departments = list(Department.objects.active().in_tree_order())
    departments.sort(key=lambda one: one.function != Department.Function.SERVICE)
    return next((one for one in departments if takers_of(one.pk)), None)


def _keep_pictures(word: CustomerWord, files: Sequence[StoredFile], at: datetime) -> None:
    CasePaper.objects.bulk_create(
        [
            CasePaper(
                case_id=word.case_id,
                word=word,
                file=one,
                title=_("The customer's picture %d") % number,
                by=system_staff(),
                at=at,
            )
            for number, one in enumerate(files, start=1)
        ]
    )


@dataclass(frozen=True, kw_only=True)
class Word:
    """Something a customer adds to his case; `key` makes it one however often it is sent."""

    key: UUID
    text: str = ""
    files: Sequence[StoredFile] = ()


@transaction.atomic
def add_customer_word(link_id: int, said: Word, *, at: datetime) -> CustomerWord:
    """The customer's word lies with his case; if we waited for him, the clocks go on.

    It is no progress of ours: a case that is silent stays so. Refuses nothing said, and a case in
    the archive.
    """
    case = _case_worked_on(link_id)
    if known := CustomerWord.objects.filter(key=said.key, case=case).first():
        return known
    text = said.text.replace("\x00", "").strip()[:MATTER_LIMIT]
    if not text and not said.files:
        raise NothingSaid(_("Please write a word or choose a picture."))
    if case.is_closed:
        raise MatterClosed(_("This matter is closed. Please send in a new one."))
    word = CustomerWord.objects.create(case=case, key=said.key, text=text, at=at)
    _keep_pictures(word, said.files, at)
    if case.is_waiting:
        _go_on(case, at)
    announce(CustomerSpoke, case, by=None, word_id=word.pk, pictures=len(said.files))
    return word


def _case_worked_on(link_id: int) -> Case:
    """The case behind the link, locked; one that was merged goes on inside the other."""
    case = lock_case(StatusLink.objects.values_list("case_id", flat=True).get(pk=link_id))
    return lock_case(case.merged_into_id) if case.merged_into_id else case


def _go_on(case: Case, at: datetime) -> None:
    case.waiting_since = None
    resume_clock(case, at=at)
    save(case, "waiting_since", "due_at")
    announce(CaseGoesOn, case, by=None)


@transaction.atomic
def say_whether_solved(
    link_id: int, *, is_solved: bool, words: str = "", at: datetime
) -> Answer | None:
    """The customer says on his page whether the answer solves it; his own yes is the follow-up.

    A no with its reason is worked on again, and counted. Said twice it is said once; None when
    there is no answer to speak of. (D062, GB/T 19012)
    """
    case, system = _case_worked_on(link_id), system_staff()
    answer = case.answers.order_by("pk").last()
    if answer is None or case.is_closed:
        return None
    wanted = Answer.Reply.ACCEPTED if is_solved else Answer.Reply.REFUSED
    if answer.reply == wanted:
        return answer
    if not is_solved and not words.strip():
        raise NothingSaid(_("Please write what is not solved yet."))
    answer = record_reply(answer.pk, is_accepted=is_solved, words=words, by=system, at=at)
    if is_solved and FollowUpDuty.objects.filter(case=case, result="").exists():
        result = FollowUpDuty.Result.SATISFIED
        told = FollowUpTold(result=result, way=Case.Way.FORM, words=words.strip()[:500])
        record_follow_up(case.pk, told, by=system, at=at)
    return answer
