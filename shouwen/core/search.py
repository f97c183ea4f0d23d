"""Search for exact substrings in Chinese and Latin text, on an index.

Chinese has no spaces and most words have two characters, which trigram indexes cannot serve.
Overlapping character pairs (and whole Latin words and numbers) go into a tsvector with their
positions; a query is the phrase of its own pairs. Every Chinese substring of two characters or
more is found and none is missed; Latin words and numbers are found from their beginning.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import Lookup

# PostgreSQL stops counting at position 16,383 and keeps 255 positions a word: longer texts are
# indexed in pieces of this many characters, which overlap by as much as a query may be long.
PIECE_LENGTH = 3_000
PIECE_OVERLAP = 40
WORD_LIMIT = 60
QUERY_LIMIT = 40

_RUN = re.compile(r"[0-9a-z_]+|[^\W0-9a-z_]+")


class Run(NamedTuple):
    """Letters that stand together; `joins` says that no gap parts it from the run before."""

    text: str
    is_latin: bool
    joins: bool


def _runs(text: str) -> Iterator[Run]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    end = -1
    for match in _RUN.finditer(folded):
        yield Run(match.group(), match.group().isascii(), match.start() == end)
        end = match.end()


def pieces(text: str) -> list[str]:
    """The text cut into overlapping pieces that an index can hold; at least one."""
    if len(text) <= PIECE_LENGTH:
        return [text]
    step = PIECE_LENGTH - PIECE_OVERLAP
    return [text[at : at + PIECE_LENGTH] for at in range(0, len(text) - PIECE_OVERLAP, step)]


def index_text(*texts: str) -> str:
    """The text form of the tsvector of these texts (each at most one piece long)."""
    places: dict[str, str] = {}
    position = 0
    for text in texts:
        position += 2
        for run in _runs(text):
            if not run.joins:
                position += 2
            for lexeme in _lexemes(run):
                earlier = places.get(lexeme)
                places[lexeme] = f"{earlier},{position}" if earlier else str(position)
                position += 1
    return " ".join([f"'{lexeme}':{where}" for lexeme, where in places.items()])


def _lexemes(run: Run) -> list[str]:
    if run.is_latin:
        return [run.text[:WORD_LIMIT]]
    pairs = [run.text[i : i + 2] for i in range(len(run.text) - 1)]
    # The last character closes the run: it joins what follows and answers one-character queries.
    return [*pairs, run.text[-1]]


def query_text(words: str) -> str:
    """The tsquery for `words`: phrases, all of which must be there; empty if nothing is asked.

    Spaces and punctuation part the phrases.
    """
    phrases: list[list[Run]] = []
    for run in _runs(words[:QUERY_LIMIT]):
        if run.joins and phrases:
            phrases[-1].append(run)
        else:
            phrases.append([run])
    return " & ".join(f"({_phrase(runs)})" for runs in phrases)


def _phrase(runs: list[Run]) -> str:
    lexemes: list[str] = []
    for run in runs[:-1]:
        lexemes += [f"'{lexeme}'" for lexeme in _lexemes(run)]
    last = runs[-1]
    if last.is_latin or len(last.text) == 1:
        lexemes.append(f"'{last.text[:WORD_LIMIT]}':*")
    else:
        lexemes += [f"'{lexeme}'" for lexeme in _lexemes(last)[:-1]]
    return " <-> ".join(lexemes)


if TYPE_CHECKING:
    TextField = models.Field[str, str]
    TruthLookup = Lookup[str]
else:
    TextField = models.Field
    TruthLookup = Lookup


class SearchField(TextField):
    """A tsvector written as the result of `index_text`; give the column a GIN index."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 - Django's signature
        return "tsvector"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:  # noqa: ARG002
        return "%s::tsvector"


@SearchField.register_lookup
class HasWords(TruthLookup):
    """`filter(search__words="电梯 停运")`: rows that hold all of the words; nothing asked, nothing found."""

    lookup_name = "words"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_parameters = self.process_lhs(compiler, connection)
        query = query_text(str(self.rhs))
        if not query:
            raise EmptyResultSet
        return f"{left} @@ %s::tsquery", [*left_parameters, query]


@SearchField.register_lookup
class HasWordsHere(HasWords):
    """`filter(search__words_here=...)`: the same, read row by row where few rows are in question.

    No index is used: the database thinks that whole phrases are rarer than they are.
    """

    lookup_name = "words_here"

    def process_lhs(self, compiler: Any, connection: Any, lhs: Any = None) -> tuple[str, list[Any]]:
        left, parameters = super().process_lhs(compiler, connection, lhs)
        return f"coalesce({left}, '')", list(parameters)
