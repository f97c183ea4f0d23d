"""Kinds of matters and the parts of the day are set up here."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.conversations.forms.log import KindForm, SpanForm
from shouwen.conversations.models import ContactKind, ReportSpan
from shouwen.conversations.operations.kinds import save_contact_kind, save_report_span
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.log import all_kinds, all_spans
from shouwen.core.errors import Refused

asked_or_saved = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@permission_required(ConversationPermission.CONFIGURE)
def kind_list(request: StaffRequest) -> HttpResponse:
    """The kinds with their flow, and the parts of the day whose report is sent."""
    context = {"kinds": all_kinds(), "spans": all_spans()}
    return render(request, "conversations/settings/kinds.html", context)


@asked_or_saved
@permission_required(ConversationPermission.CONFIGURE)
def kind_edit(request: StaffRequest, kind_id: int = 0) -> HttpResponse:
    """One kind, new or known."""
    kind = get_object_or_404(ContactKind, pk=kind_id) if kind_id else ContactKind()
    form = KindForm(request.POST or None, instance=kind)
    return _saved(
        request,
        form,
        kind.name or _("New kind"),
        lambda: save_contact_kind(form.save(commit=False), questions=form.asked(), by=request.user),
    )


@asked_or_saved
@permission_required(ConversationPermission.CONFIGURE)
def span_edit(request: StaffRequest, span_id: int = 0) -> HttpResponse:
    """One part of the day, new or known."""
    span = get_object_or_404(ReportSpan, pk=span_id) if span_id else ReportSpan()
    form = SpanForm(request.POST or None, instance=span)
    return _saved(
        request,
        form,
        span.name or _("New part of the day"),
        lambda: save_report_span(form.save(commit=False), by=request.user),
    )


def _saved(
    request: StaffRequest, form: BaseForm, title: str, save: Callable[[], object]
) -> HttpResponse:
    """The form, or what was typed is kept and the list is shown."""
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("conversations:kinds")
    status = 422 if form.errors else 200
    context = {"form": form, "title": title}
    return render(request, "conversations/settings/kind.html", context, status=status)
