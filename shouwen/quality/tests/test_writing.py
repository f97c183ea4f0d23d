"""Texts become chapters and articles, and come back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shouwen.quality.definitions import Body, Governed
from shouwen.quality.numerals import from_chinese, in_chinese
from shouwen.quality.writing import TextUnclear, as_text, read_text


@given(st.integers(1, 999))
def test_every_number_reads_back(number):
    assert from_chinese(in_chinese(number)) == number


@pytest.mark.parametrize(("number", "written"), [(10, "十"), (12, "十二"), (103, "一百零三")])
def test_numbers_are_written_as_people_do(number, written):
    assert in_chinese(number) == written
    assert (in_chinese(1000), from_chinese("壹"), from_chinese("12")) == ("1000", 0, 12)


def test_a_text_reads_back():
    text = "第一章 总则 [agent, supervisor]\n\n第一条 一\n二\n\n第二章 附则\n\n第三条 三"

    assert as_text(read_text(text).chapters) == text


def test_an_article_keeps_what_it_governed():
    governs = (Governed(kind="complaint", part="clocks"),)
    article = {"number": 1, "text": "旧", "governs": governs}
    before = Body.model_validate({"chapters": [{"articles": [article]}]})

    assert read_text("第一条 新\n第二条 又", before=before).articles[0].governs == governs


@pytest.mark.parametrize("text", ["没有条目", "第一条", "第一条 一\n第一条 二", "第零条 无"])
def test_refuses_what_is_unclear(text):
    with pytest.raises(TextUnclear):
        read_text(text)


def test_a_pack_cannot_bring_a_number_twice():
    articles = [{"number": 1, "text": "一"}, {"number": 1, "text": "二"}]
    with pytest.raises(ValidationError):
        Body.model_validate({"chapters": [{"articles": articles}]})
