"""Reads about knowledge, one module a noun."""

from shouwen.knowledge.queries.answers import all_answers, answers_for, find_answers
from shouwen.knowledge.queries.guard import guarded_lately, taboo_hits, taboos
from shouwen.knowledge.queries.phrases import (
    Setting,
    find_phrases,
    folders,
    manageable_phrases,
    narrowed_phrases,
    phrases_for,
    polite_phrases,
    spoken,
)

__all__ = [
    "Setting",
    "all_answers",
    "answers_for",
    "find_answers",
    "find_phrases",
    "folders",
    "guarded_lately",
    "manageable_phrases",
    "narrowed_phrases",
    "phrases_for",
    "polite_phrases",
    "spoken",
    "taboo_hits",
    "taboos",
]
