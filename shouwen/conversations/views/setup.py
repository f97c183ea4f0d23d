"""Queues and chat widgets are set up here."""

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.conversations.forms.setup import QueueForm, WidgetSiteForm
from shouwen.conversations.models import Queue, WidgetSite
from shouwen.conversations.operations.setup import save_queue, save_widget_site
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.setup import queues_with_members
from shouwen.conversations.queries.visitors import widget_sites
from shouwen.core.errors import Refused

asked_or_saved = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@permission_required(ConversationPermission.CONFIGURE)
def queue_list(request: StaffRequest) -> HttpResponse:
    """All queues with their people and limits."""
    rows = queues_with_members()
    return render(request, "conversations/settings/queues.html", {"rows": rows})


@asked_or_saved
@permission_required(ConversationPermission.CONFIGURE)
def queue_new(request: StaffRequest) -> HttpResponse:
    """A new queue."""
    return _queue(request, Queue(code=f"queue-{get_random_string(8).lower()}"))


@asked_or_saved
@permission_required(ConversationPermission.CONFIGURE)
def queue_edit(request: StaffRequest, queue_id: int) -> HttpResponse:
    """One queue."""
    return _queue(request, get_object_or_404(Queue, pk=queue_id))


def _queue(request: StaffRequest, queue: Queue) -> HttpResponse:
    form = QueueForm(request.POST or None, instance=queue)
    if request.method == "POST" and form.is_valid():
        try:
            save_queue(
                form.save(commit=False), members=form.cleaned_data["members"], by=request.user
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("conversations:queues")
    status = 422 if form.errors else 200
    context = {"form": form, "queue": queue}
    return render(request, "conversations/settings/queue.html", context, status=status)


@require_safe
@permission_required(ConversationPermission.CONFIGURE)
def widget_list(request: StaffRequest) -> HttpResponse:
    """All chat widgets."""
    return render(request, "conversations/settings/widgets.html", {"rows": widget_sites()})


@asked_or_saved
@permission_required(ConversationPermission.CONFIGURE)
def widget_new(request: StaffRequest) -> HttpResponse:
    """A new chat widget."""
    return _widget(request, WidgetSite())


@asked_or_saved
@permission_required(ConversationPermission.CONFIGURE)
def widget_edit(request: StaffRequest, site_id: int) -> HttpResponse:
    """One chat widget, with its embed code, its own page and a QR code to it."""
    return _widget(request, get_object_or_404(WidgetSite, pk=site_id))


def _widget(request: StaffRequest, site: WidgetSite) -> HttpResponse:
    is_new = site.pk is None
    form = WidgetSiteForm(request.POST or None, instance=site)
    if request.method == "POST" and form.is_valid():
        try:
            kept = save_widget_site(form.save(commit=False), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("Saved. Now put the embed code on your website.") if is_new else _("Saved.")
            messages.success(request, said)
            return redirect("conversations:widget_edit", kept.pk)
    context: dict[str, object] = {"form": form, "site": None if is_new else site}
    if not is_new:
        context |= _ways_in(request, site)
    status = 422 if form.errors else 200
    return render(request, "conversations/settings/widget.html", context, status=status)


def _ways_in(request: StaffRequest, site: WidgetSite) -> dict[str, object]:
    """The embed code, and the chat's own page with a QR code."""
    script = request.build_absolute_uri(reverse("conversations:widget_script", args=[site.key]))
    page = request.build_absolute_uri(reverse("conversations:widget", args=[site.key]))
    return {
        "embed_code": f'<script src="{script}" async></script>',
        "page_url": page,
        "demo_url": reverse("conversations:widget_demo", args=[site.key]),
        "qr": segno.make(page, error="m").svg_data_uri(scale=4, border=2),
    }
