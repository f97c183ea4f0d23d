"""The API's description, with what every operation may answer beside its good answer."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

REFUSALS = {
    400: "The request cannot be read.",
    401: "No usable key.",
    403: "The key or its person may not do this.",
    404: "Not there, or not for this person's eyes.",
    409: "A rule of the work says no; nothing was changed.",
    422: "The request makes no sense.",
    429: "Too many requests in this minute.",
    503: "The service is away for a moment.",
    507: "There is no room left on the server.",
}
REFUSAL: dict[str, Any] = {
    "title": "Refusal",
    "type": "object",
    "description": "Why not, in words for people.",
    "properties": {
        "error": {"title": "Error", "type": "string"},
        "detail": {
            "title": "Detail",
            "description": "With 422: each place that makes no sense.",
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"where": {"type": "string"}, "what": {"type": "string"}},
                "required": ["where", "what"],
            },
        },
    },
    "required": ["error"],
}


class DescribedAPI(NinjaAPI):
    """The library's API; its description also says how it refuses."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """OpenAPI of every operation, refusals included."""
        schema = super().get_openapi_schema(**options)
        components = schema["components"]
        components["schemas"]["Refusal"] = REFUSAL
        components["responses"] = {f"Refusal{status}": _refusal(status) for status in REFUSALS}
        for methods in schema["paths"].values():
            for operation in methods.values():
                _add_refusals(operation["responses"])
        return schema


def _refusal(status: int) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    return {"description": REFUSALS[status], "content": content}


def _add_refusals(responses: dict[int, Any]) -> None:
    for status in REFUSALS:
        responses.setdefault(status, {"$ref": f"#/components/responses/Refusal{status}"})
