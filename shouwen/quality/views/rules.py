"""The library of rule documents, each document, who has read it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.decorators import StaffRequest, any_staff, permission_required
from shouwen.core.clock import local_day
from shouwen.core.errors import Refused
from shouwen.core.http import whole_number
from shouwen.quality.forms import PublishForm, RuleForm
from shouwen.quality.models import ReadReceipt, RuleDocument, RuleVersion
from shouwen.quality.operations.rules import (
    confirm_read,
    publish_rule,
    remind_readers,
    review_rule,
    write_rule,
)
from shouwen.quality.permissions import QualityPermission
from shouwen.quality.queries.governing import settings_governed
from shouwen.quality.queries.rules import (
    chapters_for,
    draft_of,
    newest_published,
    reading_of,
    shelves,
    unread_versions,
    version_in_force,
    visible_documents,
)
from shouwen.quality.queries.standards import opinion_of, principles
from shouwen.quality.writing import article_number, chapter_heading


@require_safe
@any_staff("published rule documents are for everybody who works here; drafts for who writes them")
def rule_list(request: StaffRequest) -> HttpResponse:
    """The library: what I have still to read, and everything there is."""
    today, staff = timezone.localdate(), request.user
    may_write = staff.may(QualityPermission.WRITE_RULES)
    documents = list(visible_documents(staff).order_by("sort", "title"))
    held = {one.document_id: one for one in RuleVersion.objects.in_force(today)}
    drafts = set(
        RuleVersion.objects.filter(state=RuleVersion.State.DRAFT).values_list(
            "document_id", flat=True
        )
    )
    context = {
        "rows": [(one, held.get(one.pk), may_write and one.pk in drafts) for one in documents],
        "unread": list(unread_versions(staff)),
        "principles": principles(),
        "may_write": may_write,
        "today": today,
    }
    return render(request, "quality/rules.html", context)


@require_safe
@any_staff("what departments have of standards, norms and processes is no secret inside")
def shelf_list(request: StaffRequest) -> HttpResponse:
    """For every department: standard, norm, process and passing of information (D251)."""
    found = shelves(request.user, on=timezone.localdate())
    return render(request, "quality/shelves.html", {"shelves": found})


def _document(request: StaffRequest, document_id: int) -> RuleDocument:
    return get_object_or_404(visible_documents(request.user), pk=document_id)


def _shown_version(request: StaffRequest, document: RuleDocument) -> RuleVersion | None:
    """The version asked for by number, else the newest published, else the draft of who may see it."""
    may_write = request.user.may(QualityPermission.WRITE_RULES)
    readable = document.versions.all() if may_write else document.versions.published()
    if number := whole_number(request.GET.get("version")):
        return get_object_or_404(readable, number=number)
    return newest_published(document) or (draft_of(document) if may_write else None)


@require_safe
@any_staff("published rule documents are for everybody who works here; drafts for who writes them")
def rule(request: StaffRequest, document_id: int) -> HttpResponse:
    """One document: its text, the settings its articles govern, its versions and my receipt."""
    document = _document(request, document_id)
    version = _shown_version(request, document)
    return render(request, "quality/rule.html", _page(request, document, version))


def _page(
    request: StaffRequest, document: RuleDocument, version: RuleVersion | None
) -> dict[str, Any]:
    staff, today = request.user, timezone.localdate()
    may_write = staff.may(QualityPermission.WRITE_RULES)
    newest = newest_published(document)
    versions = document.versions.select_related("written_by", "published_by").order_by("-number")
    return {
        "document": document,
        "version": version,
        "newest": newest,
        "in_force": version_in_force(document, on=today),
        "draft": draft_of(document) if may_write else None,
        "versions": versions if may_write else versions.published(),
        "chapters": _chapters(request, version),
        "receipt": ReadReceipt.objects.filter(version=newest, staff=staff).first(),
        "reading": reading_of(newest) if may_write and newest else None,
        "opinion": opinion_of(document) if document.is_public else None,
        "standards": document.standards.filter(is_active=True).select_related("department"),
        "may_write": may_write,
        "may_publish": staff.may(QualityPermission.PUBLISH_RULES),
        "publish_form": PublishForm(),
        "is_review_due": bool(document.review_on and document.review_on <= today),
        "today": today,
    }


def _chapters(request: StaffRequest, version: RuleVersion | None) -> list[dict[str, Any]]:
    if version is None:
        return []
    governed = settings_governed(version.text)
    return [
        {
            "title": chapter_heading(place, chapter.title),
            "is_mine": is_mine,
            "articles": [
                (article_number(one), one.text, governed.get(one.number, []))
                for one in chapter.articles
            ],
        }
        for place, (chapter, is_mine) in enumerate(chapters_for(request.user, version), start=1)
    ]


@permission_required(QualityPermission.WRITE_RULES)
def rule_new(request: StaffRequest) -> HttpResponse:
    """A new document."""
    return _write(request, None)


@permission_required(QualityPermission.WRITE_RULES)
def rule_edit(request: StaffRequest, document_id: int) -> HttpResponse:
    """The draft of a document; what is published stays until the draft is published."""
    return _write(request, _document(request, document_id))


def _write(request: StaffRequest, document: RuleDocument | None) -> HttpResponse:
    version = (draft_of(document) or newest_published(document)) if document else None
    initial = RuleForm.first_values(document, version) if document else None
    form = RuleForm(
        request.POST if request.method == "POST" else None, version=version, initial=initial
    )
    if document:
        form.fields["code"].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            number = document.pk if document else None
            written = write_rule(form.draft(), document_id=number, by=request.user)
            draft = draft_of(written)
            target = f"?version={draft.number}" if draft else ""
            return redirect(_address(written.pk) + target)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "document": document}
    status = 422 if form.errors else 200
    return render(request, "quality/rule_form.html", context, status=status)


def _address(document_id: int) -> str:
    return str(redirect("quality:rule", document_id).url)


@require_POST
@permission_required(QualityPermission.PUBLISH_RULES)
def rule_publish(request: StaffRequest, document_id: int) -> HttpResponse:
    """The draft becomes a version that holds from a day on."""
    document = _document(request, document_id)
    form = PublishForm(request.POST)
    if form.is_valid():
        try:
            day, at = form.cleaned_data["effective_on"], timezone.now()
            publish_rule(document.pk, effective_on=day, at=at, by=request.user)
            messages.success(request, _("Published. Its readers are asked to read it."))
            return redirect("quality:rule", document.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = _page(request, document, draft_of(document)) | {"publish_form": form}
    return render(request, "quality/rule.html", context, status=422)


@require_POST
@any_staff("everybody confirms his own reading")
def rule_read(request: StaffRequest, document_id: int) -> HttpResponse:
    """The person has read the newest version."""
    document = _document(request, document_id)
    try:
        confirm_read(document.pk, at=timezone.now(), by=request.user)
        messages.success(request, _("Thank you, your reading is on record."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("quality:rule", document.pk)


@require_POST
@permission_required(QualityPermission.WRITE_RULES)
def rule_remind(request: StaffRequest, document_id: int) -> HttpResponse:
    """Who has not read it is reminded."""
    document = _document(request, document_id)
    try:
        count = remind_readers(document.pk, by=request.user)
        words = ngettext("%d person is reminded.", "%d people are reminded.", count)
        messages.success(request, words % count)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("quality:rule", document.pk)


@require_POST
@permission_required(QualityPermission.WRITE_RULES)
def rule_reviewed(request: StaffRequest, document_id: int) -> HttpResponse:
    """It was looked through and stays as it is."""
    document = _document(request, document_id)
    note = request.POST.get("note", "").replace("\x00", "").strip()
    try:
        review_rule(document.pk, note=note, on=local_day(timezone.now()), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("quality:rule", document.pk)
