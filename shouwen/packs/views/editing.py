"""Editing a kind: plain facts, rows, or the whole as text; deadlines show what they would do first."""

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from shouwen.accounts.decorators import StaffRequest
from shouwen.cases.definitions import KindDefinition
from shouwen.cases.models import CaseKind
from shouwen.cases.operations.kinds import save_kind
from shouwen.cases.queries.kinds import written
from shouwen.cases.queries.policy import PolicyEffect, effect_of
from shouwen.core.errors import Refused
from shouwen.packs.forms.kinds import BasicsForm, KindTextForm
from shouwen.packs.forms.rows import ClockRow, FieldRow, Row, RowSet, StepRow, rows_of
from shouwen.packs.views.kinds import configures
from shouwen.packs.writing import kind_text

SECTIONS: dict[str, tuple[Any, type[Row]]] = {
    "fields": (gettext_lazy("Form fields"), FieldRow),
    "steps": (gettext_lazy("Steps"), StepRow),
    "clocks": (gettext_lazy("Deadlines"), ClockRow),
}
EXAMPLE = """\
code: lost_property
name: 失物招领
prefix: SW
explanation: 客户遗失或拾到的物品。
needs_demand: true
fields:
  - {code: thing, name: 物品, required_from: accept}
clocks:
  - {stage: accept, minutes: 30}
  - {stage: handle, days: 1}
"""


@require_http_methods(["GET", "POST"])
@configures
def kind_basics(request: StaffRequest, kind_code: str) -> HttpResponse:
    """Name, numbering, departments, approval, follow-up."""
    kind = get_object_or_404(CaseKind, code=kind_code)
    form = BasicsForm(request.POST or None, initial=BasicsForm.initial_of(kind.defined))
    if request.method == "POST" and form.is_valid():
        try:
            save_kind({**kind.definition, **form.patch()}, of=kind, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _saved(request, kind)
    return _page(
        request, "packs/basics.html", {"kind": kind, "form": form}, is_wrong=bool(form.errors)
    )


@require_http_methods(["GET", "POST"])
@configures
def kind_rows(request: StaffRequest, kind_code: str, section: str) -> HttpResponse:
    """Form fields, steps or deadlines, row by row."""
    kind = get_object_or_404(CaseKind, code=kind_code)
    if section not in SECTIONS:
        raise Http404
    title, row = SECTIONS[section]
    entries = written(kind.defined).get(section, [])
    assert isinstance(entries, list)  # noqa: S101 - tells the type checker
    rows = rows_of(row, entries, request.POST or None)
    context: dict[str, Any] = {"kind": kind, "section": section, "title": title, "rows": rows}
    if request.method == "POST" and rows.is_valid():
        defined, context["mistakes"] = _with_rows(kind, section, rows)
        if defined and not (effect := _unseen_effect(request, kind, defined, context)):
            refusal = _save(request, kind, defined)
            if not refusal:
                return _saved(request, kind)
            context["mistakes"] = [refusal]
        else:
            context["effect"] = effect if defined else None
    is_wrong = request.method == "POST"
    return _page(request, "packs/rows.html", context, is_wrong=is_wrong)


def _with_rows(
    kind: CaseKind, section: str, rows: RowSet
) -> tuple[KindDefinition | None, list[str]]:
    try:
        return KindDefinition.model_validate({**kind.definition, section: rows.entries()}), []
    except ValidationError as error:
        return None, rows.point_at(section, error)


@require_http_methods(["GET", "POST"])
@configures
def kind_as_text(request: StaffRequest, kind_code: str) -> HttpResponse:
    """The whole definition as text."""
    kind = get_object_or_404(CaseKind, code=kind_code)
    form = KindTextForm(request.POST or None, initial={"text": kind_text(kind.defined)})
    context: dict[str, Any] = {"kind": kind, "form": form}
    if request.method == "POST" and form.is_valid() and form.defined:
        context["effect"] = _unseen_effect(request, kind, form.defined, context)
        if not context["effect"]:
            refusal = _save(request, kind, form.defined)
            if not refusal:
                return _saved(request, kind)
            form.add_error(None, refusal)
    return _page(request, "packs/text.html", context, is_wrong=request.method == "POST")


@require_http_methods(["GET", "POST"])
@configures
def kind_new(request: StaffRequest) -> HttpResponse:
    """A kind of the site's own, written as text from a short example."""
    form = KindTextForm(request.POST or None, initial={"text": EXAMPLE})
    if request.method == "POST" and form.is_valid() and form.defined:
        if CaseKind.objects.filter(code=form.defined.code).exists():
            form.add_error(
                "text", _("There is a kind with the code “%s” already.") % form.defined.code
            )
        else:
            try:
                kind = save_kind(written(form.defined), by=request.user)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return _saved(request, kind)
    return _page(request, "packs/text.html", {"form": form}, is_wrong=bool(form.errors))


def _unseen_effect(
    request: StaffRequest, kind: CaseKind, proposed: KindDefinition, context: dict[str, Any]
) -> PolicyEffect | None:
    """What changed deadlines would do to open cases, unless exactly that has been shown and agreed to."""
    if proposed.clocks == kind.defined.clocks:
        return None
    context["seen"] = _mark(proposed)
    if request.POST.get("seen") == context["seen"]:
        return None
    effect = effect_of(kind, proposed, at=timezone.now())
    return effect if effect.open_count else None


def _mark(proposed: KindDefinition) -> str:
    content = json.dumps(written(proposed)["clocks"] if proposed.clocks else [], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _save(request: StaffRequest, kind: CaseKind, defined: KindDefinition) -> str:
    """Saved, or why not."""
    try:
        save_kind(written(defined), of=kind, by=request.user)
    except Refused as refusal:
        return str(refusal)
    return ""


def _saved(request: StaffRequest, kind: CaseKind) -> HttpResponse:
    messages.success(
        request,
        _("Saved. Running cases follow it at their next step; running clocks keep their time."),
    )
    return redirect("packs:kind", kind.code)


def _page(
    request: StaffRequest, template: str, context: dict[str, Any], *, is_wrong: bool
) -> HttpResponse:
    return render(request, template, context, status=422 if is_wrong else 200)
