"""Charts: columns stand on the ground, grow with their value, and share one scale with a running line."""

import pytest

from shouwen.ui.charts import FOOT, HEIGHT, Point, column_chart


def heights(chart):
    return [float(column.height) for column in chart.columns]


def test_columns_grow_with_their_value():
    chart = column_chart([Point(name="a", value=10), Point(name="b", value=5)])

    assert heights(chart)[0] == pytest.approx(2 * heights(chart)[1], abs=0.2)
    assert all(
        float(one.y) + float(one.height) == pytest.approx(HEIGHT - FOOT, abs=0.2)
        for one in chart.columns
    )


def test_the_scale_ends_on_a_round_number_above_the_highest():
    for value in (1, 3, 7, 44, 79, 110, 200, 999, 40321):
        top = float(column_chart([Point(name="a", value=value)]).ticks[-1].text)

        assert value <= top <= 2.5 * max(value, 4)


def test_with_a_running_line_both_share_one_scale():
    points = [Point(name="a", value=6), Point(name="b", value=4)]
    chart = column_chart(points, running=[0.6, 1.0], mark=0.8)

    assert float(chart.dots[0][1]) == pytest.approx(float(chart.columns[0].y), abs=0.2)
    assert float(chart.dots[1][1]) < float(chart.mark_y) < float(chart.dots[0][1])


@pytest.mark.parametrize("count", [0, 1, 2, 60])
def test_draws_none_one_and_many(count):
    chart = column_chart([Point(name=f"第 {one} 周", value=one) for one in range(count)])

    assert len(chart.columns) == count
    assert chart.is_empty == (count <= 1)
    assert sum(bool(one.label) for one in chart.columns) <= 16


def test_a_long_name_is_cut_and_stays_in_the_title():
    name = "业主对管理规定不了解或了解不多" * 5
    column = column_chart([Point(name=name, value=1)]).columns[0]

    assert len(column.label) < len(name)
    assert column.point.name == name
