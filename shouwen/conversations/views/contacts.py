"""A contact is written down by hand: a call, a visit, a letter, a message, a post on the web."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.conversations.forms.contacts import ContactForm
from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.contacts import record_contact
from shouwen.conversations.permissions import ConversationPermission
from shouwen.core.errors import Refused
from shouwen.core.files import store_file


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(ConversationPermission.RECORD)
def contact_new(request: StaffRequest) -> HttpResponse:
    """The form; once saved, the contact is open in the workspace to be summed up."""
    at = timezone.now()
    initial = {name: request.GET[name] for name in ("channel", "name") if name in request.GET}
    form = ContactForm(
        request.POST or None, request.FILES or None, staff=request.user, at=at, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            kept = _record(request, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _said(kept))
            return redirect("conversations:conversation", kept.pk)
    status = 422 if form.errors else 200
    return render(request, "conversations/contact_new.html", {"form": form}, status=status)


def _record(request: StaffRequest, form: ContactForm) -> Conversation:
    sent = form.cleaned_data["attachments"]
    file_ids = tuple(store_file(one.name or "", one.read()).pk for one in sent)
    return record_contact(
        form.contact(file_ids),
        by=request.user,
        at=timezone.now(),
        queue=form.cleaned_data["queue"],
    )


def _said(kept: Conversation) -> str:
    if kept.receipt_number:
        return _("Written down. Receipt number: %s") % kept.receipt_number
    return _("Written down: %s") % kept.number
