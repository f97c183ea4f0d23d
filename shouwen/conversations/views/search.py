"""Search in everything that was said."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.search import found_lines


@require_safe
@permission_required(ConversationPermission.SERVE)
def search(request: StaffRequest) -> HttpResponse:
    """Lines with the words, in conversations this person may read."""
    words = request.GET.get("q", "").strip()[:60]
    found = found_lines(request.user, words, after=request.GET.get("after", ""))
    return render(request, "conversations/search.html", {"found": found, "words": words})
