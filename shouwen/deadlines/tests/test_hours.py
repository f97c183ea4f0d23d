"""Working hours as people write them."""

import pytest

from shouwen.deadlines.hours import HoursUnclear, read_hours, write_hours


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("8:30-12:00, 13:30-17:30", ((510, 720), (810, 1050))),
        ("8：30－12：00，13：30—17：30", ((510, 720), (810, 1050))),
        ("8:30至12:00、13:30到17:30", ((510, 720), (810, 1050))),
        ("13:00-17:00;9-12", ((540, 720), (780, 1020))),
        ("0:00-24:00", ((0, 1440),)),
        ("", ()),
        ("休息", ()),
    ],
)
def test_reads_what_people_write(text, spans):
    assert read_hours(text) == spans


@pytest.mark.parametrize(
    "text",
    ["nine to five", "9:00-12:70", "20:00-8:00", "9:00-9:00", "9:00-12:00, 11:00-13:00", "9-25"],
)
def test_refuses_what_makes_no_sense(text):
    with pytest.raises(HoursUnclear):
        read_hours(text)


def test_what_is_written_is_read_again():
    spans = ((510, 720), (810, 1440))

    assert read_hours(write_hours(spans)) == spans
    assert write_hours(()) == ""
