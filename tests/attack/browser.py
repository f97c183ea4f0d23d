"""Django's test client, quickened, and what it needs to try every address."""

from typing import Any

from django.http import HttpResponse
from django.test import Client


class Browser(Client):
    """The test client without its notes on templates, which cost more than the pages."""

    def __init__(self, **more: Any) -> None:
        super().__init__(raise_request_exception=False, **more)

    def request(self, **request: Any) -> HttpResponse:
        """One request; an error becomes a 500, as for everybody."""
        return self.handler(self._base_environ(**request))


def text_of(response: HttpResponse) -> str:
    """The body as text, also of a file."""
    parts = b"".join(response) if response.streaming else response.content
    return parts.decode("utf-8", "replace")
