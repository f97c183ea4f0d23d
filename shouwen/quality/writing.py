"""A rule document as people write it: 第一章 …, 第一条 …, and lines that belong to the article above."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _
from pydantic import ValidationError

from shouwen.core.errors import Refused
from shouwen.quality.definitions import Article, Body, Chapter, Governed
from shouwen.quality.numerals import from_chinese, in_chinese

CHAPTER = re.compile(r"^第\s*([零一二三四五六七八九十百\d]{1,7})\s*章\s*(.*)$")
ARTICLE = re.compile(r"^第\s*([零一二三四五六七八九十百\d]{1,7})\s*条\s*(.*)$")
POSTS = re.compile(r"^(.*?)\s*\[([a-z0-9_, ]*)\]$")


class TextUnclear(Refused):
    """The text of a rule document cannot be read as chapters and articles."""


def as_text(chapters: Iterable[Chapter]) -> str:
    """Chapters and articles as one text that `read_text` reads back."""
    lines: list[str] = []
    for place, chapter in enumerate(chapters, start=1):
        if chapter.title:
            posts = f" [{', '.join(chapter.posts)}]" if chapter.posts else ""
            lines += [f"第{in_chinese(place)}章 {chapter.title}{posts}", ""]
        for article in chapter.articles:
            lines += [f"第{in_chinese(article.number)}条 {article.text}", ""]
    return "\n".join(lines).strip()


def read_text(text: str, *, preface: str = "", before: Body | None = None) -> Body:
    """The body written in a text; an article keeps what it governed `before` under its number.

    Refuses text before the first article, and a number that stands there twice.
    """
    governed = {one.number: one.governs for one in before.articles} if before else {}
    chapters: list[dict[str, object]] = []
    articles: list[dict[str, object]] = []
    for line in text.splitlines():
        plain = line.strip()
        if found := CHAPTER.match(plain):
            articles = []
            title, posts = _title_and_posts(found[2])
            chapters.append({"title": title, "posts": posts, "articles": articles})
        elif found := ARTICLE.match(plain):
            if not chapters:
                chapters.append({"articles": articles})
            articles.append(_article(found[1], found[2], governed))
        elif articles:
            articles[-1]["text"] = f"{articles[-1]['text']}\n{plain}"
        elif plain:
            raise TextUnclear(
                _("“%s” stands before the first article. Begin articles with “第一条”.")
                % plain[:30]
            )
    return _checked(preface, chapters)


def _article(
    number: str, text: str, governed: dict[int, tuple[Governed, ...]]
) -> dict[str, object]:
    counted = from_chinese(number)
    return {"number": counted, "text": text, "governs": governed.get(counted, ())}


def _title_and_posts(title: str) -> tuple[str, list[str]]:
    if found := POSTS.match(title):
        return found[1], [one.strip() for one in found[2].split(",") if one.strip()]
    return title, []


def _checked(preface: str, chapters: list[dict[str, object]]) -> Body:
    for chapter in chapters:
        articles: list[dict[str, object]] = chapter["articles"]  # type: ignore[assignment]
        for article in articles:
            article["text"] = str(article["text"]).strip()
            if not article["text"]:
                raise TextUnclear(_("Article %s has no text.") % article["number"])
    try:
        return Body.model_validate({"preface": preface, "chapters": chapters})
    except ValidationError as error:
        raise TextUnclear(str(error.errors(include_url=False)[0]["msg"])) from error


def chapter_heading(place: int, title: str) -> str:
    """第二章 仪容仪表; nothing for articles without a chapter."""
    return f"第{in_chinese(place)}章 {title}" if title else ""


def article_number(article: Article) -> str:
    """第十二条"""
    return f"第{in_chinese(article.number)}条"
