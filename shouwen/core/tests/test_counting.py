"""Counting many things at once."""

import pytest

from shouwen.core.counting import counts_of
from shouwen.core.models import NumberSeries

pytestmark = pytest.mark.django_db


def test_counts_each_in_one_query_and_no_further_than_asked(django_assert_num_queries):
    NumberSeries.objects.bulk_create(NumberSeries(name=f"A-{n}", last=n) for n in range(5))
    rows = {
        "all": NumberSeries.objects.order_by("name"),
        "none": NumberSeries.objects.none(),
        "large": NumberSeries.objects.filter(last__gte=3),
    }

    with django_assert_num_queries(1):
        assert counts_of(rows) == {"all": 5, "none": 0, "large": 2}
    assert counts_of(rows, most=3)["all"] == 3
    assert counts_of({}) == {}
