"""Figures made of others: shares, averages, rates, each with its definition and the rows it is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from shouwen.cases.queries.figuretables import hours_text, share_text
from shouwen.cases.queries.tallies import Tallies


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """A figure made of others: its definition in words, and the figure whose rows it is made from."""

    code: str
    label: str | Promise
    words: str | Promise
    source: str
    opens: str


RATIOS: dict[str, Ratio] = {
    one.code: one
    for one in (
        Ratio(
            code="in_time_share",
            label=_("In-time rate"),
            words=_("In time ÷ (in time + late). Results without a clock are left out."),
            source="D066 D700",
            opens="in_time",
        ),
        Ratio(
            code="valid_share",
            label=_("Valid share"),
            words=_("Valid ÷ (valid + invalid). What is not judged yet is left out."),
            source="D571",
            opens="valid",
        ),
        Ratio(
            code="hours_mean",
            label=_("Average hours to the result"),
            words=_(
                "The hours on the wall clock from acceptance to the result, added up over the cases "
                "with a result in the period ÷ their number."
            ),
            source="D066",
            opens="results",
        ),
        Ratio(
            code="hours_longest",
            label=_("Longest hours to the result"),
            words=_("The most hours from acceptance to the result; the list has that case first."),
            source="D066",
            opens="results",
        ),
        Ratio(
            code="handed_mean",
            label=_("Hand-offs per case"),
            words=_("All hand-offs of the cases received in the period ÷ the cases received."),
            source="D069",
            opens="handed",
        ),
        Ratio(
            code="cost_mean",
            label=_("Cost per case"),
            words=_(
                "What the remedies accepted or carried out cost us, over the cases with a result in "
                "the period ÷ their number."
            ),
            source="D069",
            opens="results",
        ),
        Ratio(
            code="won_back_share",
            label=_("Won-back rate"),
            words=_("Won back ÷ (won back + not won back)."),
            source="D068",
            opens="won_back",
        ),
        Ratio(
            code="satisfied_share",
            label=_("Satisfaction rate"),
            words=_(
                "Satisfied ÷ (satisfied + fair + dissatisfied); those not reached are left out."
            ),
            source="D569",
            opens="satisfied",
        ),
        Ratio(
            code="recurring_share",
            label=_("Recurrence rate"),
            words=_("Recurring ÷ received."),
            source="D646",
            opens="recurring",
        ),
        Ratio(
            code="reopened_share",
            label=_("Reopening rate"),
            words=_("Reopened ÷ received."),
            source="",
            opens="reopened",
        ),
    )
}


def ratio_facts(tallies: Tallies) -> list[dict[str, Any]]:
    """The figures made of others, with their definitions, as they are read."""
    return [
        {
            "code": code,
            "label": str(one.label),
            "words": str(one.words),
            "text": ratio_text(tallies, code),
            "opens": one.opens,
        }
        for code, one in RATIOS.items()
    ]


def ratio_text(tallies: Tallies, code: str) -> str:
    """One of them as it is read, with its unit."""
    whole = tallies.whole
    texts = {
        "in_time_share": share_text(whole.share("in_time", "late")),
        "valid_share": share_text(whole.share("valid", "invalid")),
        "hours_mean": hours_text(whole.hours_mean),
        "hours_longest": hours_text(whole.hours_longest),
        "handed_mean": _mean(tallies.hand_offs, whole["received"]),
        "cost_mean": _yuan(tallies.cost_fen, whole["results"]),
        "won_back_share": share_text(whole.share("won_back", "lost")),
        "satisfied_share": share_text(whole.share("satisfied", "fair", "dissatisfied")),
        "recurring_share": share_text(whole.of("recurring", "received")),
        "reopened_share": share_text(whole.of("reopened", "received")),
    }
    return texts[code]


def _mean(count: int, whole: int) -> str:
    return f"{count / whole:.2f}" if whole else "—"


def _yuan(fen: int, whole: int) -> str:
    return _text("¥%.2f") % (fen / whole / 100) if whole else "—"
