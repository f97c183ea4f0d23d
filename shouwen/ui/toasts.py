"""A short note that a response carries to the page it changes."""

from typing import Literal

from django.http import HttpResponse
from django_htmx.http import trigger_client_event

Tone = Literal["plain", "kept", "near", "late"]


def with_toast(response: HttpResponse, message: str, *, tone: Tone = "kept") -> HttpResponse:
    """The response, with a note that the page shows when it arrives (HX-Trigger `toast`).

    For full pages use django.contrib.messages: the page shows those the same way.
    """
    trigger_client_event(response, "toast", {"message": str(message), "tone": tone})
    return response
