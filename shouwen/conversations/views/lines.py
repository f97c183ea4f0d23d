"""Lines over HTTP for staff: the same JSON as the socket."""

from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwen.accounts.decorators import StaffRequest, login_required, permission_required
from shouwen.conversations.models import Line
from shouwen.conversations.operations.lines import post_line, recall_line
from shouwen.conversations.operations.talk import new_staff_line
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.conversations import visible_conversations
from shouwen.conversations.queries.lines import changes_of, file_json, lines_json
from shouwen.conversations.refusals import NewerAnswer
from shouwen.core.errors import Refused
from shouwen.core.files import FileTooLarge, check_size, file_token, store_file
from shouwen.core.http import posted_object, whole_number


@login_required
def lines(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """GET: what changed after a cursor. POST: say something, or write a note."""
    conversation = get_object_or_404(visible_conversations(request.user), pk=conversation_id)
    cursor = whole_number(request.GET.get("after"))
    if request.method == "POST":
        said = posted_object(request)
        if said is None:
            return JsonResponse({"error": _("This could not be read.")}, status=422)
        try:
            new = new_staff_line(request.user, conversation.pk, said)
            line = post_line(new, at=timezone.now())
        except NewerAnswer as refusal:
            return JsonResponse({"error": str(refusal), "code": refusal.code}, status=409)
        except Refused as refusal:
            return JsonResponse({"error": str(refusal)}, status=409)
        return JsonResponse({"line": lines_json([line], for_staff=True)[0]})
    changes = changes_of(conversation, after=cursor, for_staff=True, at=timezone.now())
    return JsonResponse(changes.as_json())


def _visible_lines(request: StaffRequest) -> QuerySet[Line]:
    return Line.objects.filter(conversation__in=visible_conversations(request.user))


@require_POST
@login_required
def recall(request: StaffRequest, line_id: int) -> HttpResponse:
    """Take a line back."""
    line = get_object_or_404(_visible_lines(request), pk=line_id)
    try:
        recall_line(line.pk, by=request.user, at=timezone.now())
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    return JsonResponse({"recalled": True})


@require_POST
@permission_required(ConversationPermission.SERVE)
def upload(request: StaffRequest) -> HttpResponse:
    """Take a file in for a line to come."""
    sent = request.FILES.get("file")
    if sent is None or sent.size is None:
        return JsonResponse({"error": _("No file was sent.")}, status=422)
    try:
        check_size(sent.size)
        stored = store_file(sent.name or "", sent.read())
    except FileTooLarge as refusal:
        return JsonResponse({"error": str(refusal)}, status=413)
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    return JsonResponse({"file": file_token(stored), **file_json(stored)})
