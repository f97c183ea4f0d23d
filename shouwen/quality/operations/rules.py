"""Rule documents: written, published, read, looked through again, evaluated from outside."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from shouwen.accounts.models import Department, Staff
from shouwen.accounts.permissions import require
from shouwen.core.bus import publish
from shouwen.core.errors import NotThere
from shouwen.quality.definitions import Body
from shouwen.quality.events import (
    RulePublished,
    RuleRead,
    RuleReadersReminded,
    RuleReviewDue,
    RuleReviewed,
    RuleWritten,
)
from shouwen.quality.models import ReadReceipt, RuleDocument, RuleVersion
from shouwen.quality.permissions import QualityPermission
from shouwen.quality.queries.rules import draft_of, newest_published, reading_of
from shouwen.quality.refusals import CodeTaken, NothingToPublish, NotInForce, RuleEmpty


@dataclass(frozen=True, kw_only=True)
class RuleDraft:
    """What is written: the document's own data, and the text of the version to come."""

    code: str
    title: str
    body: Body
    sort: str = RuleDocument.Sort.RULE
    department: Department | None = None
    for_departments: list[Department] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    is_public: bool = False
    first_review_months: int | None = None
    review_months: int | None = None
    note: str = ""


@transaction.atomic
def write_rule(draft: RuleDraft, *, document_id: int | None = None, by: Staff) -> RuleDocument:
    """The document has this data and a draft with this text; what is published stays as it is.

    Without a document a new one. Refuses a code that another document has.
    """
    require(by, QualityPermission.WRITE_RULES)
    document = RuleDocument(code=draft.code) if document_id is None else _locked(document_id)
    for name in ("title", "sort", "department", "posts", "is_public"):
        setattr(document, name, getattr(draft, name))
    document.first_review_months = draft.first_review_months
    document.review_months = draft.review_months
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError as error:
        raise CodeTaken(_("Another document has the code “%s”.") % draft.code) from error
    document.for_departments.set(draft.for_departments)
    put_draft(document, draft.body, note=draft.note, by=by)
    return document


def put_draft(
    document: RuleDocument, body: Body, *, by: Staff, note: str = "", how: str = "written"
) -> RuleVersion:
    """The document's draft has this text; there is one draft at a time."""
    version = draft_of(document)
    if version is None:
        last = document.versions.aggregate(last=Max("number"))["last"] or 0
        version = RuleVersion(document=document, number=last + 1)
    version.body = body.model_dump(
        mode="json", exclude_defaults=True, include=set(Body.model_fields)
    )
    version.note, version.written_by, version.is_from_pack = note, by, how != "written"
    version.save()
    publish(RuleWritten(document_id=document.pk, version=version.number, how=how, by_id=by.pk))
    return version


@transaction.atomic
def publish_rule(document_id: int, *, effective_on: date, at: datetime, by: Staff) -> RuleVersion:
    """The draft is published, holds from its effective day, and its readers are asked to read it.

    The day of the next look at it is set: the first after `first_review_months`, later ones after
    `review_months` (D561, D650). Refuses without a draft, and a draft without articles.
    """
    require(by, QualityPermission.PUBLISH_RULES)
    document = _locked(document_id)
    version = draft_of(document)
    if version is None:
        raise NothingToPublish(_("There is no draft to publish."))
    if not version.text.articles:
        raise RuleEmpty(_("“%s” has no article yet, so it cannot be published.") % document.title)
    is_first = newest_published(document) is None
    version.state, version.effective_on = RuleVersion.State.PUBLISHED, effective_on
    version.published_at, version.published_by = at, by
    version.save()
    _set_review(document, effective_on, is_first=is_first)
    publish(
        RulePublished(
            document_id=document.pk,
            version=version.number,
            version_id=version.pk,
            effective_on=effective_on.isoformat(),
            by_id=by.pk,
        )
    )
    return version


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _set_review(document: RuleDocument, start: date, *, is_first: bool = False) -> None:
    months = (document.first_review_months if is_first else None) or document.review_months
    document.review_on = months_after(start, months) if months else None
    document.review_told_on = None
    document.save(update_fields=["review_on", "review_told_on", "updated_at"])


@transaction.atomic
def confirm_read(document_id: int, *, at: datetime, by: Staff) -> ReadReceipt:
    """The person has read the newest published version; saying it twice changes nothing."""
    document = _locked(document_id)
    version = newest_published(document)
    if version is None:
        raise NotInForce(_("“%s” is not published yet.") % document.title)
    receipt, is_new = ReadReceipt.objects.get_or_create(
        version=version, staff=by, defaults={"at": at}
    )
    if is_new:
        publish(
            RuleRead(document_id=document.pk, version=version.number, staff_id=by.pk, by_id=by.pk)
        )
    return receipt


@transaction.atomic
def remind_readers(document_id: int, *, by: Staff) -> int:
    """Whoever must read the newest published version and has not is reminded; returns how many."""
    require(by, QualityPermission.WRITE_RULES)
    document = _locked(document_id)
    version = newest_published(document)
    if version is None:
        raise NotInForce(_("“%s” is not published yet.") % document.title)
    missing = [one.pk for one in reading_of(version).missing]
    if missing:
        publish(
            RuleReadersReminded(
                document_id=document.pk,
                version=version.number,
                version_id=version.pk,
                staff_ids=missing,
                by_id=by.pk,
            )
        )
    return len(missing)


@transaction.atomic
def review_rule(document_id: int, *, note: str, on: date, by: Staff) -> RuleDocument:
    """The document was looked through and stays as it is; the next look is a cycle away."""
    require(by, QualityPermission.WRITE_RULES)
    document = _locked(document_id)
    version = newest_published(document)
    if version is None:
        raise NotInForce(_("“%s” is not published yet.") % document.title)
    _set_review(document, on)
    publish(
        RuleReviewed(document_id=document.pk, version=version.number, note=note[:300], by_id=by.pk)
    )
    return document


@transaction.atomic
def announce_review(document_id: int, *, on: date, by: Staff) -> bool:
    """Those who write rules are told, once a due day, that the document must be looked through."""
    document = _locked(document_id)
    if document.review_on is None or document.review_on > on or document.review_told_on:
        return False
    document.review_told_on = on
    document.save(update_fields=["review_told_on", "updated_at"])
    version = newest_published(document)
    publish(
        RuleReviewDue(
            document_id=document.pk,
            version=version.number if version else 0,
            review_on=document.review_on.isoformat(),
            by_id=by.pk,
        )
    )
    return True


def _locked(document_id: int) -> RuleDocument:
    document = RuleDocument.objects.select_for_update().filter(pk=document_id).first()
    if document is None:
        raise NotThere
    return document
