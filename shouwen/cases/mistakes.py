"""What is wrong with a definition, in words that an administrator understands."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails

Context = Mapping[str, Any]

_WORDS: dict[str, Callable[[Context], str]] = {
    "extra_forbidden": lambda _context: _("there is no such key here"),
    "missing": lambda _context: _("this key is missing"),
    "enum": lambda context: _("only %s fits here") % context["expected"],
    "literal_error": lambda context: _("only %s fits here") % context["expected"],
    "string_pattern_mismatch": lambda context: _("must look like %s") % context["pattern"],
    "string_too_long": lambda context: _("at most %s characters") % context["max_length"],
    "string_too_short": lambda _context: _("must not be empty"),
    "string_type": lambda _context: _("must be text"),
    "bool_type": lambda _context: _("must be true or false"),
    "bool_parsing": lambda _context: _("must be true or false"),
    "int_type": lambda _context: _("must be a whole number"),
    "int_parsing": lambda _context: _("must be a whole number"),
    "int_from_float": lambda _context: _("must be a whole number"),
    "greater_than_equal": lambda context: _("must be at least %s") % context["ge"],
    "less_than_equal": lambda context: _("must be at most %s") % context["le"],
    "tuple_type": lambda _context: _("must be a list"),
    "model_type": lambda _context: _("must be keys with values"),
    "model_attributes_type": lambda _context: _("must be keys with values"),
    "value_error": lambda context: str(context["error"]),
}


def words_for(mistake: ErrorDetails) -> str:
    """One mistake that pydantic found, without its place."""
    words = _WORDS.get(mistake["type"])
    return words(mistake.get("ctx", {})) if words else mistake["msg"]


def place_of(mistake: ErrorDetails) -> str:
    """Where it is: "fields.2.type"."""
    return ".".join(str(step) for step in mistake["loc"])


def in_words(error: ValidationError) -> str:
    """Where a definition is wrong and how, one line a mistake: "fields.2.type: ..."."""
    return "\n".join(
        f"{place_of(one) or _('the whole')}: {words_for(one)}"
        for one in error.errors(include_url=False)
    )
