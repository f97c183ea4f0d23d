"""Pinyin, times in words, slots, log lines, addresses: the small things everybody uses."""

import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from shouwen.core import slots
from shouwen.core.clock import (
    acting_at,
    day_bounds,
    full_time,
    local_day,
    moment_text,
    now,
    span_text,
)
from shouwen.core.errors import NotPermitted, NotThere
from shouwen.core.logs import OneLineFormatter
from shouwen.core.pinyin import initials, pinyin_key, sound_index
from shouwen.core.templatetags.times import exact, file_size, moment, span

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


class TestPinyin:
    def test_orders_names_as_a_reader_expects(self):
        assert sorted(["张伟", "王芳", "阿宝", "李娜"], key=pinyin_key) == [
            "阿宝",
            "李娜",
            "王芳",
            "张伟",
        ]

    def test_initials_find_a_phrase(self):
        assert initials("请稍等") == "qsd"
        assert initials("OK 好的") == "okhd"
        assert sound_index("王芳") == "wangfang wf"

    def test_keys_are_cut_to_their_column(self):
        assert len(pinyin_key("张" * 500)) == 200
        assert len(sound_index("张" * 500)) <= 400


class TestClock:
    @pytest.mark.parametrize(
        ("ago", "words"),
        [
            (timedelta(0), "just now"),
            (timedelta(seconds=59), "just now"),
            (timedelta(seconds=60), "1 minute ago"),
            (timedelta(minutes=59, seconds=59), "59 minutes ago"),
            (timedelta(hours=1), "11:00"),
            (timedelta(hours=12), "00:00"),
            (timedelta(hours=12, seconds=1), "yesterday 23:59"),
            (timedelta(days=2), "11-20 12:00"),
            (timedelta(days=400), "2025-10-18 12:00"),
            (timedelta(minutes=-5), "12:05"),
        ],
    )
    def test_a_moment_is_relative_near_by_and_absolute_beyond(self, ago, words):
        with translation.override("en"):
            assert moment_text(NOON - ago, at=NOON) == words

    @pytest.mark.parametrize(
        ("seconds", "words"),
        [
            (-3, "0 seconds"),
            (1, "1 second"),
            (119, "119 seconds"),
            (120, "2 minutes"),
            (3599, "59 minutes"),
            (7500, "2 h 5 min"),
            (48 * 3600, "2 days"),
        ],
    )
    def test_a_span_is_told_in_the_units_that_matter(self, seconds, words):
        with translation.override("en"):
            assert span_text(seconds) == words

    def test_a_day_is_the_companys(self):
        before_midnight = datetime(2026, 11, 22, 15, 59, tzinfo=UTC)

        assert local_day(before_midnight) == date(2026, 11, 22)
        assert local_day(before_midnight + timedelta(minutes=1)) == date(2026, 11, 23)
        start, end = day_bounds(date(2026, 11, 22))
        assert start <= before_midnight < end
        assert end - start == timedelta(days=1)

    def test_told_time_ends_with_the_telling(self):
        with acting_at(NOON):
            assert now() == NOON
        assert now() != NOON

    def test_filters_show_nothing_for_nothing(self):
        assert (moment(None), exact(None), span(None), file_size(None)) == ("", "", "", "")
        assert exact(NOON) == full_time(NOON) == "2026-11-22 12:00:00"
        assert moment(timezone.now())
        assert span(0.4)

    @pytest.mark.parametrize(
        ("size", "words"), [(0, "0 B"), (1023, "1023 B"), (2048, "2 KB"), (1572864, "1.5 MB")]
    )
    def test_sizes_are_read_by_people(self, size, words):
        assert file_size(size) == words


class TestSlots:
    def test_are_filled_in_order_without_the_empty_answers(self):
        @slots.panel("tests.place", order=20)
        def second(request, one):
            return mark_safe(f"<b>{one}</b>")

        @slots.panel("tests.place", order=10)
        def first(request, one):
            return "<i>"

        @slots.panel("tests.place", order=15)
        def silent(request, one):
            return None

        slots.panel("tests.place", order=10)(first)
        page = Template('{% panels "tests.place" 7 %}').render(Context({"request": None}))

        assert page == "&lt;i&gt;\n<b>7</b>"
        assert slots.filled("tests.empty") == []


class TestLogLines:
    @pytest.mark.parametrize("nasty", ["a\nb", "a\r\nb", "a\x1b[31mb", "a\u2028b", "a\x00b"])
    def test_nothing_makes_a_second_line(self, nasty):
        record = logging.LogRecord("x", logging.INFO, "f", 1, "seen %s", (nasty,), None)

        line = OneLineFormatter("%(message)s").format(record)

        assert len(line.splitlines()) == 1
        assert line.isprintable()

    def test_chinese_stays_readable(self):
        record = logging.LogRecord("x", logging.INFO, "f", 1, "来信 %s", ("电梯坏了",), None)

        assert OneLineFormatter("%(message)s").format(record) == "来信 电梯坏了"


def test_refusals_have_words_of_their_own():
    assert str(NotPermitted())
    assert str(NotThere())
    assert str(NotPermitted("why")) == "why"
