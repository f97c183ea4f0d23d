"""Which rule documents there are, which version holds, and who has read it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from shouwen.accounts.models import Department, Staff
from shouwen.quality.definitions import Chapter
from shouwen.quality.models import ReadReceipt, RuleDocument, RuleVersion
from shouwen.quality.permissions import QualityPermission

PER_DEPARTMENT = ("standard", "norm", "process", "information")


def visible_documents(staff: Staff) -> QuerySet[RuleDocument]:
    """What this person may open: everything published; drafts for who writes rules."""
    documents = RuleDocument.objects.select_related("department")
    if staff.may(QualityPermission.WRITE_RULES):
        return documents
    return documents.filter(versions__state=RuleVersion.State.PUBLISHED).distinct()


def public_documents(*, on: date) -> QuerySet[RuleDocument]:
    """What everybody outside may read: public documents with a version in force."""
    held = RuleVersion.objects.in_force(on).values("document")
    return RuleDocument.objects.filter(is_public=True, pk__in=held).order_by("title")


def version_in_force(document: RuleDocument, *, on: date) -> RuleVersion | None:
    """The version that holds on this day."""
    return RuleVersion.objects.in_force(on).filter(document=document).first()


def newest_published(document: RuleDocument) -> RuleVersion | None:
    """The version to be read now: the newest published one, also when it holds only from a later day."""
    return document.versions.published().order_by("-number").first()


def draft_of(document: RuleDocument) -> RuleVersion | None:
    """What is being written."""
    return document.versions.filter(state=RuleVersion.State.DRAFT).first()


def readers_of(document: RuleDocument) -> QuerySet[Staff]:
    """The active people who must read it: of its departments and posts, or everybody."""
    people: QuerySet[Staff] = Staff.objects.active().people()
    within = Q()
    for department in document.for_departments.all():
        within |= Q(department__path__startswith=department.path)
    if document.posts:
        people = people.filter(roles__code__in=document.posts)
    return people.filter(within).distinct().order_by("sort_key", "pk")


@dataclass(frozen=True)
class Reading:
    """Who has read a version, and who has not."""

    receipts: list[ReadReceipt]
    missing: list[Staff]

    @property
    def asked(self) -> int:
        """How many must read it; who read it without having to is not counted."""
        return len(self.missing) + len(self.receipts)


def reading_of(version: RuleVersion) -> Reading:
    """The read receipts of a version, and the people who still owe one."""
    receipts = list(version.receipts.select_related("staff__department").order_by("-at"))
    have = [one.staff_id for one in receipts]
    missing = readers_of(version.document).exclude(pk__in=have).select_related("department")
    return Reading(receipts, list(missing))


def must_read(staff: Staff, document: RuleDocument) -> bool:
    """Whether the document is for this person."""
    return readers_of(document).filter(pk=staff.pk).exists()


def unread_versions(staff: Staff) -> QuerySet[RuleVersion]:
    """The newest published versions that are for this person and have no receipt of his, oldest first."""
    published = RuleVersion.objects.published()
    newest = published.order_by("document_id", "-number").distinct("document_id")
    codes = [role.code for role in staff.role_list]
    path = staff.department.path if staff.department else ""
    above = [int(step) for step in path.split("/") if step]
    is_for_post = Q(document__posts=[]) | Q(document__posts__overlap=codes)
    narrowed = RuleDocument.objects.filter(for_departments__isnull=False).values("pk")
    theirs = RuleDocument.objects.filter(for_departments__in=above).values("pk")
    is_for_department = ~Q(document__in=narrowed) | Q(document__in=theirs)
    return (
        RuleVersion.objects.filter(is_for_post, is_for_department, pk__in=newest.values("pk"))
        .exclude(receipts__staff=staff)
        .select_related("document")
        .order_by("published_at", "pk")
    )


def due_for_review(*, on: date) -> QuerySet[RuleDocument]:
    """Documents whose day to be looked through again has come, the longest overdue first."""
    return RuleDocument.objects.filter(review_on__lte=on).order_by("review_on", "pk")


@dataclass(frozen=True)
class DepartmentShelf:
    """What a department has of the four kinds every department needs, and what it lacks."""

    department: Department
    has: list[RuleDocument]
    lacks: list[str]


def shelves(staff: Staff, *, on: date) -> list[DepartmentShelf]:
    """For every department: standard, norm, process, passing of information, in force or missing."""
    held = set(RuleVersion.objects.in_force(on).values_list("document_id", flat=True))
    documents = [
        one for one in visible_documents(staff).filter(sort__in=PER_DEPARTMENT) if one.pk in held
    ]
    found = []
    for department in Department.objects.active().in_tree_order():
        own = [one for one in documents if one.department_id == department.pk]
        sorts = {one.sort for one in own}
        lacks = [str(RuleDocument.Sort(sort).label) for sort in PER_DEPARTMENT if sort not in sorts]
        found.append(DepartmentShelf(department, own, lacks))
    return found


def chapters_for(staff: Staff, version: RuleVersion) -> list[tuple[Chapter, bool]]:
    """The chapters, each with whether it is written for a post of this person."""
    codes = {role.code for role in staff.role_list}
    return [(chapter, bool(codes & set(chapter.posts))) for chapter in version.text.chapters]
