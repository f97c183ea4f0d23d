"""Taboo phrases: the page, its dialogs, and what the composer asks."""

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.core.errors import Refused
from shouwen.knowledge import operations
from shouwen.knowledge.forms.guard import TabooForm
from shouwen.knowledge.models import Taboo
from shouwen.knowledge.permissions import KnowledgePermission
from shouwen.knowledge.queries import guarded_lately, taboo_hits, taboos
from shouwen.knowledge.queries.guard import may_be_reasoned, stopping

asks = require_http_methods(["GET", "POST"])
TEXT_MOST = 20_000


@require_safe
@permission_required(KnowledgePermission.USE_PHRASES)
def guard(request: StaffRequest) -> HttpResponse:
    """The taboo phrases, and for those who keep them what was refused lately. (D632)"""
    may_manage = request.user.may(KnowledgePermission.MANAGE_GUARD)
    words = request.GET.get("q", "").strip()[:60]
    context = {
        "rows": taboos(words)[:500],
        "words": words,
        "may_manage": may_manage,
        "lately": guarded_lately() if may_manage else [],
    }
    return render(request, "knowledge/guard.html", context)


@require_POST
@permission_required(KnowledgePermission.USE_PHRASES)
def check(request: StaffRequest) -> HttpResponse:
    """JSON for the composer: which taboo phrases `text` holds, and whether they stop it."""
    try:
        given = json.loads(request.body or b"{}")
    except ValueError:
        given = {}
    given = given if isinstance(given, dict) else {}
    department = given.get("department")
    hits = taboo_hits(
        str(given.get("text", ""))[:TEXT_MOST],
        department_id=department if isinstance(department, int) else None,
    )
    found = stopping(hits)
    return JsonResponse(
        {
            "hits": [
                {"text": one.text, "severity": one.severity, "instead": one.replacement}
                for one in hits
            ],
            "stops": bool(found),
            "may_reason": may_be_reasoned(found),
        }
    )


@asks
@permission_required(KnowledgePermission.MANAGE_GUARD)
def taboo_new(request: StaffRequest) -> HttpResponse:
    """A new taboo phrase."""
    return _edit(request, Taboo(), _("New taboo phrase"))


@asks
@permission_required(KnowledgePermission.MANAGE_GUARD)
def taboo_edit(request: StaffRequest, taboo_id: int) -> HttpResponse:
    """Change a taboo phrase."""
    taboo = get_object_or_404(Taboo, pk=taboo_id)
    return _edit(request, taboo, taboo.text)


def _edit(request: StaffRequest, taboo: Taboo, title: str) -> HttpResponse:
    form = TabooForm(request.POST or None, instance=taboo)
    return ask_and_do(
        request,
        {"title": title, "form": form},
        form,
        lambda: operations.save_taboo(form.save(commit=False), by=request.user),
    )


def ask_and_do(
    request: StaffRequest, context: dict[str, Any], form: forms.BaseForm, do: Callable[[], object]
) -> HttpResponse:
    """The dialog; posted, what was asked is done and the page is fetched anew, or the form comes back."""
    context |= {"url": request.path, "folders": []}
    if request.method != "POST":
        return render(request, "knowledge/dialog.html", context)
    if form.is_valid():
        try:
            do()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseClientRefresh()
    return render(request, "knowledge/dialog.html#form", context, status=422)


@require_POST
@permission_required(KnowledgePermission.MANAGE_GUARD)
def taboo_delete(request: StaffRequest, taboo_id: int) -> HttpResponse:
    """Take a taboo phrase away."""
    operations.delete_taboo(get_object_or_404(Taboo, pk=taboo_id).pk, by=request.user)
    return HttpResponseClientRefresh()
