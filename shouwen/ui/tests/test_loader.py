"""Small components are written into the pages that use them, and look the same."""

import pytest
from django.template import engines

from shouwen.ui.loader import written_in


def drawn(source, **context):
    return " ".join(engines["django"].from_string(source).render(context).split())


def test_what_is_given_plainly_leaves_nothing_to_decide():
    assert written_in('<c-badge tone="late">是</c-badge>').count("{%") == 0


def test_values_are_escaped_once():
    html = drawn(
        written_in('<c-avatar name="{{ name }}" /><c-chip>{{ name }}</c-chip>'), name="<b>"
    )

    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_other_attributes_and_components_inside_stay():
    text = written_in('<c-badge tone="near" icon="eye" data-x="{{ y }}">{{ z }}</c-badge>')

    assert 'data-x="7"' in drawn(text, y=7, z=8)
    assert "#eye" in text
    assert "<c-" not in text


@pytest.mark.parametrize(
    "source",
    [
        '<c-badge tone="near">{{ tone }}</c-badge>',
        '<c-badge tone="{% if a %}late{% endif %}">x</c-badge>',
        '<c-badge :icon="a b">x</c-badge>',
        "<c-card>x</c-card>",
    ],
)
def test_what_says_more_stays_a_component(source):
    assert written_in(source) == source
