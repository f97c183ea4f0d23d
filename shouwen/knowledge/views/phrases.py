"""Phrases: list, dialogs, import, the polite ones, and what the composer asks for."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.core.clock import local_day
from shouwen.core.errors import Refused
from shouwen.core.files import file_token, file_url
from shouwen.core.models import StoredFile
from shouwen.core.paging import keyset_page
from shouwen.knowledge import operations
from shouwen.knowledge.courtesy import CURT_OPENINGS, PHONE_RULE, greeting, phone_opening
from shouwen.knowledge.forms.phrases import TEAM, FilterForm, ImportForm, PhraseForm
from shouwen.knowledge.models import Answer, Phrase
from shouwen.knowledge.permissions import KnowledgePermission
from shouwen.knowledge.queries import (
    Setting,
    find_answers,
    find_phrases,
    folders,
    manageable_phrases,
    narrowed_phrases,
    phrases_for,
    polite_phrases,
    spoken,
)

PAGE = 60
FOUND_MOST = 8
asks = require_http_methods(["GET", "POST"])
may_use = permission_required(KnowledgePermission.USE_PHRASES)


def _may_share(request: StaffRequest) -> bool:
    return request.user.may(KnowledgePermission.SHARE_PHRASES)


@require_safe
@may_use
def phrase_list(request: StaffRequest) -> HttpResponse:
    """Phrases by folder, narrowed by words, owner and folder."""
    form = FilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    everything = manageable_phrases(request.user)
    found = narrowed_phrases(
        request.user,
        words=asked.get("q", ""),
        folder=asked.get("folder", ""),
        whose=asked.get("whose", ""),
    )
    page = keyset_page(
        found.select_related("department").prefetch_related("files"),
        order=("folder", "pk"),
        after=request.GET.get("after", ""),
        size=PAGE,
    )
    context = {
        "page": page,
        "rows": [{"phrase": one, "may_change": _may_change(request, one)} for one in page.rows],
        "folders": folders(everything),
        "asked": asked,
        "is_narrowed": any(asked.values()),
        "may_share": _may_share(request),
    }
    return render(request, "knowledge/phrases.html", context)


def _may_change(request: StaffRequest, phrase: Phrase) -> bool:
    return not phrase.is_polite and (phrase.is_personal or _may_share(request))


@asks
@may_use
def phrase_new(request: StaffRequest) -> HttpResponse:
    """Write a phrase."""
    form = PhraseForm(
        request.POST or None,
        request.FILES or None,
        may_share=_may_share(request),
        initial={"whose": request.GET.get("whose", "personal"), "text": request.GET.get("text")},
    )
    return _ask(
        request,
        _("New phrase"),
        form,
        lambda: operations.create_phrase(form.draft(), is_team=form.is_team, by=request.user),
    )


@asks
@may_use
def phrase_edit(request: StaffRequest, phrase_id: int) -> HttpResponse:
    """Rewrite a phrase."""
    phrase = get_object_or_404(manageable_phrases(request.user), pk=phrase_id)
    form = PhraseForm(
        request.POST or None,
        request.FILES or None,
        may_share=_may_share(request),
        phrase=phrase,
    )
    return _ask(
        request,
        phrase.title,
        form,
        lambda: operations.update_phrase(phrase.pk, draft=form.draft(), by=request.user),
    )


@require_POST
@may_use
def phrase_delete(request: StaffRequest, phrase_id: int) -> HttpResponse:
    """Remove a phrase."""
    phrase = get_object_or_404(manageable_phrases(request.user), pk=phrase_id)
    return _act(request, lambda: operations.delete_phrase(phrase.pk, by=request.user))


@require_POST
@may_use
def phrase_share(request: StaffRequest, phrase_id: int) -> HttpResponse:
    """Make a personal phrase the team's."""
    phrase = get_object_or_404(phrases_for(request.user), pk=phrase_id)
    return _act(request, lambda: operations.share_phrase(phrase.pk, by=request.user))


def _act(request: StaffRequest, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        context = {"title": _("This was not done"), "words": str(refusal)}
        return render(request, "knowledge/dialog.html#refused", context, status=422)
    return HttpResponseClientRefresh()


@asks
@may_use
def phrase_import(request: StaffRequest) -> HttpResponse:
    """Take over pasted lines, and say what became of them."""
    form = ImportForm(request.POST or None, may_share=_may_share(request))
    context: dict[str, Any] = {"title": _("Import phrases"), "form": form, "url": request.path}
    if request.method == "POST" and form.is_valid():
        try:
            context["imported"] = operations.import_phrases(
                form.cleaned_data["lines"],
                folder=form.cleaned_data["folder"],
                is_team=form.is_team,
                by=request.user,
            )
            return render(request, "knowledge/dialog.html#imported", context)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _dialog(request, context)


def _ask(
    request: StaffRequest, title: str, form: PhraseForm, act: Callable[[], object]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseClientRefresh()
    return _dialog(request, {"title": title, "form": form, "url": request.path})


def _dialog(request: StaffRequest, context: dict[str, Any]) -> HttpResponse:
    """The dialog with its form, or after a refusal the form alone with status 422."""
    context["folders"] = folders(manageable_phrases(request.user))
    if request.method == "POST":
        return render(request, "knowledge/dialog.html#form", context, status=422)
    return render(request, "knowledge/dialog.html", context)


@require_safe
@may_use
def courtesy(request: StaffRequest) -> HttpResponse:
    """The rule book of courtesy, with company and surname filled in. [D628, D630]"""
    now = timezone.now()
    words = Setting(staff=request.user, at=now).words()
    known = {"company": words["company"], "surname": words["surname"]}
    context = {
        "phrases": [(one.courtesy_number, spoken(one, words)) for one in polite_phrases()],
        "phone_rule": PHONE_RULE,
        "phone_opening": phone_opening(**known),
        "greeting": greeting(now, **known),
        "curt_openings": CURT_OPENINGS,
    }
    return render(request, "knowledge/courtesy.html", context)


@require_safe
@may_use
def phrase_find(request: StaffRequest) -> HttpResponse:
    """JSON for the composer: `q` is what was typed after /; texts come filled in.

    `customer` and `title` (先生, 女士) are how the page shows whom one talks with. At most 8. With
    `approved` nothing but approved answers is offered. (D578)
    """
    setting = Setting(
        staff=request.user,
        at=timezone.now(),
        customer=request.GET.get("customer", "")[:60],
        title=request.GET.get("title", "")[:10],
    )
    words, typed = setting.words(), request.GET.get("q", "")[:60]
    offered = find_answers(request.user, typed, day=local_day(setting.at))
    known = [_answer_json(one) for one in offered]
    if not request.GET.get("approved"):
        found = find_phrases(request.user, typed)
        known = [*(_phrase_json(one, words) for one in found), *known][:FOUND_MOST]
    return JsonResponse(known, safe=False)


def _answer_json(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer.pk,
        "answer": answer.pk,
        "title": answer.title,
        "text": answer.text,
        "shortcut": answer.topic,
        "folder": answer.topic,
        "whose": "approved",
        "files": [],
    }


def _phrase_json(phrase: Phrase, words: dict[str, str]) -> dict[str, Any]:
    return {
        "id": phrase.pk,
        "title": phrase.title,
        "text": spoken(phrase, words),
        "shortcut": phrase.shortcut,
        "folder": phrase.folder,
        "whose": "" if phrase.is_polite else ("personal" if phrase.is_personal else TEAM),
        "files": [_file_json(one) for one in phrase.files.all()],
    }


def _file_json(file: StoredFile) -> dict[str, Any]:
    """As the conversation's own file answers: `file` is the token that goes with a line."""
    return {
        "file": file_token(file),
        "url": file_url(file),
        "name": file.name,
        "kind": file.kind,
        "size": file.size,
        "width": file.width,
        "height": file.height,
        "content_type": file.content_type,
    }


@require_POST
@may_use
def phrase_used(request: StaffRequest, phrase_id: int) -> HttpResponse:
    """Count one use."""
    phrase = get_object_or_404(phrases_for(request.user), pk=phrase_id)
    operations.use_phrase(phrase.pk, by=request.user, at=timezone.now())
    return HttpResponse(status=204)
