"""The description of the API as a page reads it: areas, operations, fields. Made from OpenAPI."""

from dataclasses import dataclass
from typing import Any

from shouwen.api.site import api

Schema = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Field:
    """A parameter or a field of a body."""

    name: str
    kind: str
    is_required: bool
    text: str


@dataclass(frozen=True)
class Described:
    """One operation."""

    method: str
    path: str
    title: str
    text: str
    parameters: list[Field]
    body: list[Field]
    answer: list[Field]


def areas() -> dict[str, list[Described]]:
    """All operations by area."""
    schema: Schema = api.get_openapi_schema()
    found: dict[str, list[Described]] = {}
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if operation := methods.get(method):
                area = (operation.get("tags") or ["other"])[0]
                found.setdefault(area, []).append(_described(schema, method, path, operation))
    return found


def _described(schema: Schema, method: str, path: str, operation: Schema) -> Described:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    answers = operation.get("responses", {})
    good: Schema = next((answers[code] for code in answers if str(code).startswith("2")), {})
    answer = good.get("content", {}).get("application/json", {})
    return Described(
        method=method.upper(),
        path=path,
        title=operation.get("summary", ""),
        text=operation.get("description", ""),
        parameters=[_parameter(schema, one) for one in operation.get("parameters", [])],
        body=_fields(schema, body.get("schema", {})),
        answer=_fields(schema, answer.get("schema", {})),
    )


def _parameter(schema: Schema, one: Schema) -> Field:
    kind = _kind(schema, one.get("schema", {}))
    return Field(one["name"], kind, one.get("required", False), one.get("description", ""))


def _fields(schema: Schema, of: Schema) -> list[Field]:
    resolved = _resolved(schema, of)
    if resolved.get("type") == "array":
        resolved = _resolved(schema, resolved.get("items", {}))
    required = resolved.get("required", [])
    return [
        Field(name, _kind(schema, one), name in required, one.get("description", ""))
        for name, one in resolved.get("properties", {}).items()
    ]


def _resolved(schema: Schema, of: Schema) -> Schema:
    name = of.get("$ref", "").rpartition("/")[2]
    found: Schema = schema["components"]["schemas"].get(name, of) if name else of
    return found


def _kind(schema: Schema, of: Schema) -> str:
    if choices := of.get("anyOf"):
        return " | ".join(_kind(schema, one) for one in choices)
    if "$ref" in of:
        resolved = _resolved(schema, of)
        if "enum" in resolved:
            return " | ".join(map(str, resolved["enum"]))
        return str(of["$ref"]).rpartition("/")[2]
    if of.get("type") == "array":
        return f"{_kind(schema, of.get('items', {}))}[]"
    return str(of.get("format") or of.get("type") or "")
