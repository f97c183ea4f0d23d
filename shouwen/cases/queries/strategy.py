"""The four points of the strategy, measured on one case: few hands, low cost, speed, the brand."""

from dataclasses import dataclass
from datetime import datetime

from shouwen.cases.queries.pages import CasePage


@dataclass(frozen=True)
class Strategy:
    """What the four points came to. (D069)"""

    hand_offs: int
    cost_fen: int
    hours: float
    is_won_back: bool | None


def strategy_of(page: CasePage, *, at: datetime) -> Strategy:
    """Hand-offs (渠道短), what remedies cost in fen (代价平), hours since registration or until the
    archive (速度快), and whether the customer was won back (品牌)."""
    case = page.case
    ended = case.closed_at or at
    return Strategy(
        hand_offs=len(page.hand_offs),
        cost_fen=sum(one.cost_fen for one in page.remedies),
        hours=round((ended - case.opened_at).total_seconds() / 3600, 1),
        is_won_back=case.is_won_back,
    )
