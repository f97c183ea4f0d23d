"""The word of the workspace that something was done: its regions fetch themselves anew."""

from django.http import HttpResponse
from django_htmx.http import trigger_client_event

CHANGED = "workspace:changed"


def changed(response: HttpResponse) -> HttpResponse:
    """The response, with the word that a move was made."""
    trigger_client_event(response, CHANGED, {})
    return response
