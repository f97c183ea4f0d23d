"""The summary at the end of a contact (会话小结): asked, kept as a draft, finished."""

from __future__ import annotations

from django.forms import BaseFormSet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.conversations.forms.log import answers_in
from shouwen.conversations.forms.wrapup import (
    PointForm,
    PointFormSet,
    WrapUpForm,
    initial_of,
    summary_of,
)
from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.wrapups import finish_wrap_up, save_wrap_up_draft
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.contacts import wrap_up_of
from shouwen.conversations.views.changes import CHANGED, changed
from shouwen.conversations.views.workspace import visible
from shouwen.core.errors import Refused
from shouwen.ui.dialogs import closed

PREFIX = "points"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(ConversationPermission.SERVE)
def wrap_up(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """The dialog of the summary; posting it ends the conversation."""
    found = visible(request, conversation_id)
    if request.method != "POST":
        fields, points = initial_of(wrap_up_of(found))
        return _show(
            request,
            found,
            WrapUpForm(initial=fields),
            PointFormSet(initial=points, prefix=PREFIX),
        )
    form, rows = _typed(request.POST)
    if form.is_valid() and rows.is_valid():
        try:
            finish_wrap_up(
                found.pk,
                summary=summary_of(form, rows, answers_in(request.POST)),
                by=request.user,
                at=timezone.now(),
            )
            return closed(_("Summed up."), changes=CHANGED)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _show(request, found, form, rows, status=422)


def _typed(data: QueryDict) -> tuple[WrapUpForm, BaseFormSet[PointForm]]:
    return WrapUpForm(data), PointFormSet(data, prefix=PREFIX)


def _show(
    request: StaffRequest,
    found: Conversation,
    form: WrapUpForm,
    points: BaseFormSet[PointForm],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"conversation": found, "form": form, "points": points, "closes": not found.is_closed}
    name = "conversations/dialogs/wrapup.html" + ("#body" if request.method == "POST" else "")
    return render(request, name, context, status=status)


@require_POST
@permission_required(ConversationPermission.SERVE)
def wrap_up_draft(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """Keeps what has been typed so far; a finished summary stays as it is."""
    found = visible(request, conversation_id)
    form, rows = _typed(request.POST)
    kept = wrap_up_of(found)
    is_finished = kept is not None and not kept.is_draft
    if is_finished or not (form.is_valid() and rows.is_valid()):
        return HttpResponse(status=204)
    summary, at = summary_of(form, rows, answers_in(request.POST)), timezone.now()
    save_wrap_up_draft(found.pk, summary=summary, by=request.user, at=at)
    return changed(render(request, "conversations/dialogs/wrapup.html#draft", {"kept_at": at}))
