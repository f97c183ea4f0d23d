"""Everything the product answers to, read from Django's table of addresses and the API's description."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from shouwen.accounts.decorators import Access
from shouwen.api.site import api
from tests.architecture.test_access import REASONS, is_of_the_api

PARAMETER = re.compile(r"[<{](?:\w+:)?(\w+)[>}]")
API = "api/v1"
# Where a word stands for something else than elsewhere.
WORDS_AT = {
    "exports/new/<slug:name>": {"name": "customers"},
    "settings/case-kinds/packs/<slug:pack_code>/file/": {"pack_code": "test"},
}


@dataclass(frozen=True)
class Address:
    """One address and method, and who may use it: a permission, any staff, or everybody."""

    route: str
    method: str
    name: str
    access: Access
    body: str = ""
    queries: tuple[str, ...] = ()
    must_ask: str = ""

    def __str__(self) -> str:
        return f"{self.method} /{self.route}"

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(PARAMETER.findall(self.route))

    @property
    def is_api(self) -> bool:
        return self.route.startswith(f"{API}/") and self.name.startswith(API)

    def path(self, values: dict[str, Any]) -> str:
        """The address with its parameters filled in."""
        values = values | WORDS_AT.get(self.route, {})
        path = "/" + PARAMETER.sub(lambda found: str(values[found.group(1)]), self.route)
        return f"{path}?{self.must_ask}=1" if self.must_ask else path


def pages() -> list[Address]:
    """Every page address, with GET and with POST."""
    found = []
    for route, view in _views(get_resolver()):
        if is_of_the_api(view) or getattr(view, "func", view).__module__.startswith("functools"):
            continue
        name = f"{view.__module__}.{view.__qualname__}"
        access = getattr(view, "access", None) or Access("any_staff", "listed")
        if name in REASONS:
            access = Access("open", REASONS[name])
        found += [Address(route, method, name, access) for method in ("GET", "POST")]
    return found


def operations() -> list[Address]:
    """Every operation of the API."""
    get_resolver().url_patterns  # noqa: B018 - the API is complete when the addresses are
    return [
        _operation(path, method, operation)
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, operation in methods.items()
    ]


def _operation(path: str, method: str, operation: dict[str, Any]) -> Address:
    asked = [one for one in operation.get("parameters", []) if one["in"] == "query"]
    return Address(
        route=path.lstrip("/"),
        method=method.upper(),
        name=f"{API}:{operation['operationId']}",
        access=Access("permission", operation.get("x-permission", "")),
        body=_body(operation),
        queries=tuple(one["name"] for one in asked),
        must_ask=next((one["name"] for one in asked if one["required"]), ""),
    )


def _body(operation: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    reference: str = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    return reference.rpartition("/")[2]


def _views(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            yield from _views(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback
