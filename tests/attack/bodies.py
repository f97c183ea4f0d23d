"""A body that fits, for every schema the API takes."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from shouwen.accounts.models import Department, Staff
from shouwen.api.site import api

# Where a schema alone does not say what makes sense.
LATER = "2099-01-01T09:00:00+08:00"
BODIES: dict[str, dict[str, Any] | Callable[[], dict[str, Any]]] = {
    "SummaryIn": {"demand": "修电梯", "points": [{"text": "停了", "is_solved": True}]},
    "ContactIn": {"kind": "phone", "value": "13900001234"},
    "TransferIn": {"queue_code": "queue-north", "reason": "专长"},
    "ExportIn": {"name": "customers"},
    "FlagIn": {"flag": "red"},
    "AssetIn": {"kind": "flat", "label": "三号楼"},
    "CaseIn": {"kind": "complaint", "way": "call", "matter": "停运", "customer": {"name": "试试"}},
    "CaseRowsIn": {"rows": [{}]},
    "PromiseIn": {"text": "明天修好", "due_at": LATER},
    "AssignIn": lambda: {"staff_id": Staff.objects.latest("pk").pk, "reason": "专长"},
    "HandOffIn": lambda: {"department": Department.objects.latest("pk").code, "task": "检查"},
}


def body_for(schema: str) -> dict[str, Any]:
    """The smallest body with every field that must be given."""
    schemas = api.get_openapi_schema()["components"]["schemas"]
    known = BODIES.get(schema)
    if callable(known):
        return known()
    return known or _made(schemas[schema], schemas)


def _made(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _made(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "default" in schema:
        return schema["default"]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return _made(schema["anyOf"][0], schemas)
    if schema.get("type") == "object":
        given = schema.get("properties", {})
        return {name: _made(given[name], schemas) for name in schema.get("required", [])}
    if schema.get("format") == "uuid":
        return str(uuid4())
    plain = {"string": "试试", "integer": 1, "number": 1, "boolean": True, "array": []}
    return plain.get(schema.get("type", ""))
