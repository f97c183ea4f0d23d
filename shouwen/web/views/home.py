"""The way in: home, settings index, search, robots."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from shouwen.accounts.decorators import StaffRequest, any_staff, open_to_all
from shouwen.accounts.models import Staff
from shouwen.accounts.queries import company
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.desk import serves_only
from shouwen.core.slots import filled
from shouwen.ui.cards import WAITING_MOST, Waiting

WORDS_LIMIT = 100


@require_safe
@open_to_all("only sends people on: to the first run, to sign in, or to their work")
def start(request: HttpRequest) -> HttpResponse:
    """Where this person's work begins."""
    if not company().is_set_up:
        return redirect("web:setup")
    staff = request.user
    if not isinstance(staff, Staff):
        return redirect("accounts:sign_in")
    return redirect("conversations:workspace" if serves_only(staff) else "web:home")


@require_safe
@any_staff("each part decides for itself what this person may see")
def home(request: StaffRequest) -> HttpResponse:
    """What waits for me, the oldest first; for who leads, what was missed and how the team stands."""
    staff = request.user
    context = {
        "tiles": filled("home.tiles", request),
        "waiting": _in_order(filled("home.waiting", request)),
        "company": company(),
        "may_serve": staff.may(ConversationPermission.SERVE),
    }
    if staff.may(ConversationPermission.SUPERVISE):
        context["missed"] = _in_order(filled("home.missed", request))
    return render(request, "web/home.html", context)


@dataclass(frozen=True)
class Shown:
    """The rows of one list of the home page, and whether there are more."""

    rows: list[Waiting]
    has_more: bool


def _in_order(answers: list[list[Waiting]]) -> Shown:
    rows = sorted((row for answer in answers for row in answer), key=lambda row: row.at)
    return Shown(rows[:WAITING_MOST], has_more=len(rows) > WAITING_MOST)


@require_safe
@any_staff("each item decides for itself whether this person may follow it")
def rail(request: StaffRequest) -> HttpResponse:
    """The rail alone, asked again when something on it has changed."""
    return render(request, "web/rail.html", {"section": request.GET.get("section", "")[:40]})


@require_safe
@any_staff("each card decides for itself whether this person may follow it")
def settings_index(request: StaffRequest) -> HttpResponse:
    """Cards that the parts put into the slot `settings.cards`."""
    return render(request, "web/settings.html", {"cards": filled("settings.cards", request)})


@require_safe
@any_staff("each part searches only what this person may see")
def search(request: StaffRequest) -> HttpResponse:
    """What the parts find: slot `search.results`, (request, words) -> a rendered block or None."""
    words = request.GET.get("q", "").strip()[:WORDS_LIMIT]
    blocks = filled("search.results", request, words) if words else []
    context = {"words": words, "blocks": [block for block in blocks if block]}
    return render(request, "web/search.html", context)


@require_safe
@open_to_all("says that nothing here is for search engines")
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing here is for search engines."""
    del request
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
