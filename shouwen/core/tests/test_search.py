"""Search: every Chinese substring of two characters or more is found, on an index."""

import re

import pytest
from django.db import connection
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shouwen.core.search import (
    PIECE_LENGTH,
    index_text,
    pieces,
    query_text,
)

pytestmark = pytest.mark.django_db
HANZI = "电梯坏了物业费的请问客服在吗退款发票𠮷"
chinese = st.text(alphabet=HANZI, min_size=1, max_size=30)
mixed = st.text(alphabet=HANZI + "abcAB12 ,。！x_A１", min_size=1, max_size=30)


def matches(pairs: list[tuple[str, str]]) -> list[bool]:
    """For each (text, words), whether the words are found in the text; one round trip."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(nullif(q, '')::tsquery, ''::tsquery) @@ t::tsvector"
            " FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS u(t, q, n) ORDER BY n",
            [[index_text(text) for text, _w in pairs], [query_text(words) for _t, words in pairs]],
        )
        return [row[0] for row in cursor.fetchall()]


def is_found(text: str, words: str) -> bool:
    return matches([(text, words)])[0]


class TestChinese:
    @given(chinese)
    @settings(max_examples=60)
    def test_every_substring_of_two_characters_or_more_is_found(self, text):
        parts = {
            text[i:j] for i in range(len(text)) for j in range(i + 2, min(len(text), i + 12) + 1)
        }
        ordered = sorted(parts)

        found = matches([(text, one) for one in ordered])

        assert [one for one, is_there in zip(ordered, found, strict=True) if not is_there] == []

    @given(
        chinese, st.lists(st.text(alphabet=HANZI, min_size=1, max_size=4), min_size=10, max_size=10)
    )
    @example("电梯坏了", ["梯电", "坏电", "电坏", "梯了", "电梯电梯"])
    @settings(max_examples=60)
    def test_nothing_is_found_that_is_not_there(self, text, asked):
        found = matches([(text, one) for one in asked])

        assert found == [one in text for one in asked]

    def test_one_character_is_found_wherever_it_stands(self):
        assert all(matches([("电梯坏", one) for one in "电梯坏"]))
        assert not is_found("电梯坏", "了")

    def test_punctuation_parts_what_does_not_belong_together(self):
        assert not is_found("电,梯", "电梯")
        assert not is_found("电 梯", "电梯")
        assert not is_found("电\n梯", "电梯")

    def test_words_apart_are_all_demanded(self):
        assert is_found("三号楼的电梯又停了", "电梯 三号")
        assert not is_found("三号楼的电梯又停了", "电梯 四号")


class TestLatin:
    def test_words_and_numbers_are_found_from_their_beginning(self):
        text = "型号 iPhone15Pro 订单 20261122"

        assert all(matches([(text, one) for one in ("iphone15pro", "IPHONE", "iph", "2026")]))
        assert not any(matches([(text, one) for one in ("phone", "1122")]))

    def test_full_width_and_case_are_the_same(self):
        assert is_found("ＡＢＣ１２３", "abc123")
        assert is_found("abc123", "ＡＢＣ１２３")

    def test_a_word_that_joins_chinese_is_found_with_it(self):
        assert is_found("我要买iphone手机", "买iphone手")
        assert is_found("我要买iphone手机", "iphone手机")
        assert not is_found("我要买 iphone 手机", "买iphone手")

    @given(mixed, st.data())
    @settings(max_examples=80)
    def test_a_mixed_cut_that_does_not_halve_a_word_is_found(self, text, data):
        places = [m.start() for m in re.finditer(r"(?<![0-9A-Za-z_１])|(?![0-9A-Za-z_１])", text)]
        start = data.draw(st.sampled_from(places))
        end = data.draw(st.sampled_from([one for one in places if one >= start]))
        words = text[start:end]

        assert not query_text(words) or is_found(text, words)


class TestOddInput:
    @pytest.mark.parametrize("words", ["", "  ", "，。！", "''", "\\", "&|!():*", "\x00"])
    def test_nothing_asked_nothing_found(self, words):
        assert query_text(words) == ""

    @given(st.text(max_size=40), st.text(max_size=40))
    @settings(max_examples=100)
    def test_any_text_and_any_question_are_taken(self, text, words):
        is_found(text, words)

    def test_a_very_long_word_is_found_by_its_beginning(self):
        assert is_found("a" * 300, "a" * 40)


class TestPieces:
    def test_a_short_text_is_one_piece(self):
        assert pieces("") == [""]
        assert pieces("电" * PIECE_LENGTH) == ["电" * PIECE_LENGTH]

    def test_a_long_text_is_cut_so_that_nothing_falls_between(self):
        text = "".join(chr(0x4E00 + n % 20000) for n in range(10_000))

        parts = pieces(text)

        assert all(len(one) <= PIECE_LENGTH for one in parts)
        assert all(any(text[i : i + 40] in one for one in parts) for i in range(0, 9_960, 7))
        assert parts[-1].endswith(text[-10:])

    def test_a_whole_piece_fits_the_index(self):
        text = "".join(chr(0x4E00 + n) for n in range(PIECE_LENGTH))

        assert all(matches([(text, text[i : i + 2]) for i in range(0, PIECE_LENGTH - 1, 50)]))

    def test_a_character_repeated_beyond_what_one_word_may_hold_is_found(self):
        assert is_found("哈" * PIECE_LENGTH + "电梯", "哈哈")
        assert is_found("哈" * PIECE_LENGTH + "电梯", "电梯")
