"""Every address says who may use it."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

from shouwen.api.site import api

# Views below accounts cannot use its decorators: here is who may use them, and why.
REASONS = {
    "shouwen.core.views.file": "the signed address is the permission",
    "shouwen.core.views.healthz": "asked by load balancers; tells nothing about anybody",
    "shouwen.core.views.livez": "asked by watchdogs; tells nothing about anybody",
    "shouwen.ui.views.gallery": "any member of staff; shows components, no data",
    "shouwen.ui.views.public_gallery": "any member of staff; shows components, no data",
    "shouwen.ui.views.choose_language": "the language of this browser, also before signing in",
}


def all_views(resolver: URLResolver) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every address of the product and the view that answers it."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            for address, view in all_views(pattern):
                yield f"{pattern.pattern}{address}", view
        elif isinstance(pattern, URLPattern):
            yield str(pattern.pattern), pattern.callback


def is_guarded(view: Callable[..., Any]) -> bool:
    """Whether a decorator of accounts said who may use the view, or a reason is listed."""
    name = f"{view.__module__}.{getattr(view, '__qualname__', '')}"
    return getattr(view, "access", None) is not None or name in REASONS


def is_of_the_api(view: Callable[..., Any]) -> bool:
    """Views that the API library makes; what they ask for stands in the API's description."""
    return getattr(view, "func", view).__module__.startswith("ninja")


def keyless(description: dict[str, Any]) -> list[str]:
    """The operations of an API that ask for no key."""
    return [
        f"{method} {address}"
        for address, methods in description["paths"].items()
        for method, operation in methods.items()
        if not operation.get("security")
    ]


def test_every_address_is_guarded():
    open_ones = [
        f"/{address} ({view.__module__}.{view.__qualname__})"
        for address, view in all_views(get_resolver())
        if not is_of_the_api(view) and not is_guarded(view)
    ]

    assert open_ones == []


def test_every_operation_of_the_api_asks_for_a_key():
    get_resolver().url_patterns  # noqa: B018 - the API is complete when the addresses are

    assert keyless(api.get_openapi_schema()) == []


def test_notices_an_operation_without_a_key():
    locked, open_ = {"security": [{"Key": []}]}, {"summary": "Anybody"}

    assert keyless({"paths": {"/a": {"get": locked, "post": open_}}}) == ["post /a"]


def test_notices_an_open_address():
    def open_to_anybody(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    pattern = path("open/", open_to_anybody)

    assert not is_guarded(pattern.callback)
