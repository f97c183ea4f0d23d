"""The rule book of courtesy."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.knowledge.courtesy import (
    POLITE_PHRASES,
    fill,
    greeting,
    phone_opening,
    surname_of,
    time_greeting,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
# As the source document lists them, its ×× written as our placeholders.
SOURCE = """你好!(您好!)
上午好/下午好/晚上好!××物业客服中心,我姓×,请问有什么可以帮助您?
谢谢!
对不起!
不客气!
再见!
请稍等!
是的,先生/小姐
请问你找谁?
请问有什么可以帮助你吗?
请你不要着急!
请你与××部门××先生/小姐联系。
请留下您的电话号码和姓名,好吗?
我们会为您提供帮助!
请您填好《投诉单》!
谢谢您的批评指正!
这是我们应该做的!
感谢您的来电!
对不起,打扰了!
对于您反映的问题我们会马上处理,并尽快给您回复,好吗?""".splitlines()


def at(hour):
    return datetime(2026, 11, 22, hour, 30, tzinfo=SHANGHAI)


def test_the_20_phrases_are_worded_as_in_the_source():
    words = {
        "greeting": "上午好/下午好/晚上好",
        "company": "××物业",
        "surname": "×",
        "title": "先生/小姐",
    }
    narrow = str.maketrans("！，？（）", "!,?()")

    assert [fill(text, words).translate(narrow) for text in POLITE_PHRASES] == SOURCE


@pytest.mark.parametrize(
    ("hour", "words"),
    [(4, "晚上好"), (5, "上午好"), (11, "上午好"), (12, "下午好"), (17, "下午好"), (18, "晚上好")],
)
def test_one_greets_by_the_time_of_day(hour, words):
    assert time_greeting(at(hour)) == words


@pytest.mark.duty("D628")
def test_the_phone_is_answered_with_company_and_surname():
    assert (
        phone_opening(company="万佳物业", surname="李")
        == "你好，万佳物业客服中心，我姓李，请问有什么可以帮助您？"
    )
    assert (
        greeting(at(9), company="万佳物业", surname="李")
        == "上午好！万佳物业客服中心，我姓李，请问有什么可以帮助您？"
    )


@pytest.mark.parametrize(("name", "surname"), [("李敏", "李"), ("欧阳娜娜", "欧阳"), ("", "")])
def test_surnames_of_two_characters_are_known(name, surname):
    assert surname_of(name) == surname


class TestFill:
    def test_what_is_not_known_has_a_plain_substitute(self):
        assert fill("{customer}好，{title}", {}) == "您好，先生/小姐"

    def test_other_braces_stay(self):
        assert fill("{x} {{customer}} {0.__class__} {% now %}", {"customer": "周"}) == (
            "{x} {周} {0.__class__} {% now %}"
        )

    @given(st.text(), st.text(max_size=20))
    def test_never_evaluates(self, text, customer):
        filled = fill(text, {"customer": customer})

        assert "{" in text or filled == text
