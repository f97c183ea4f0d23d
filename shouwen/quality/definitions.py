"""What a rule document is made of, as data: chapters, numbered articles, the settings they govern."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from shouwen.cases.definitions import Code, Name, Strict

Words = Annotated[str, StringConstraints(max_length=4000, strip_whitespace=True)]
Months = Annotated[int, Field(ge=1, le=120)]


class Governed(Strict):
    """A setting of the work that an article is about: a part of a kind of case."""

    kind: Code
    part: Literal[
        "definition",
        "ways",
        "stages",
        "reception",
        "approval",
        "urgent",
        "clocks",
        "ladder",
        "answer",
        "archive",
        "statistics",
        "integrity",
    ]


class Article(Strict):
    """One numbered article (条)."""

    number: Annotated[int, Field(ge=1, le=999)]
    text: Annotated[Words, StringConstraints(min_length=1)]
    governs: tuple[Governed, ...] = ()


class Chapter(Strict):
    """A chapter (章) with its articles; in a handbook it may be for certain posts."""

    title: Annotated[str, StringConstraints(max_length=80, strip_whitespace=True)] = ""
    posts: tuple[Code, ...] = ()
    articles: tuple[Article, ...] = ()


class Body(Strict):
    """The text of one version."""

    preface: Words = ""
    chapters: tuple[Chapter, ...] = ()

    @model_validator(mode="after")
    def _numbers_are_once(self) -> Self:
        numbers = [one.number for one in self.articles]
        twice = sorted({number for number in numbers if numbers.count(number) > 1})
        if twice:
            raise ValueError(f"article {twice[0]} stands there twice")
        return self

    @property
    def articles(self) -> list[Article]:
        """All articles, in order."""
        return [article for chapter in self.chapters for article in chapter.articles]


class RuleDefinition(Body):
    """A rule document as a pack brings it."""

    code: Code
    title: Name
    sort: Literal["rule", "standard", "norm", "process", "information", "handbook"] = "rule"
    posts: tuple[Code, ...] = ()
    is_public: bool = False
    first_review_months: Months | None = None
    review_months: Months | None = None
    source: Words = ""


class PrincipleDefinition(Strict):
    """A principle as a pack brings it."""

    code: Code
    text: Name


class PrincipleList(Strict):
    """principles.yaml of a pack."""

    principles: tuple[PrincipleDefinition, ...]
