"""The plans of the cases, drawn from a seed, and where each must end, computed with plain integers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

WAN: Final = 1_000_000
"""The number of fen in 万元."""


class Plot(StrEnum):
    """How a case goes on and ends."""

    BUDGET = "paid from the budget, struck off"
    BONDED = "paid from a bond batch as far as the quota goes, struck off if it went far enough"
    REOPENED = "struck off, re-opened over a payment, struck off again"
    REFUSED = "refused at the intake"
    UNFOUNDED = "found unfounded"
    WITHDRAWN = "withdrawn with a plan"
    WITHDRAWN_LATE = "withdrawn with bond money on its way"
    JUDICIAL = "gone to court"
    UNHEARD = "never accepted: climbs the ladder"
    SILENT = "never answered by the debtor: climbs the ladder"


ONE_OF_EACH: Final = tuple(Plot)
LIKELY: Final = (Plot.BUDGET, Plot.BONDED, Plot.BONDED, Plot.REOPENED, Plot.SILENT)
"""The plots from which cases are drawn beyond one of each."""

CLIMBS: Final = (Plot.UNHEARD, Plot.SILENT)
WANTS_BONDS: Final = (Plot.BONDED, Plot.WITHDRAWN_LATE)


@dataclass(frozen=True)
class Plan:
    """The plan of one case. Amounts are fen.

    Attributes:
        name: Unique among all cases of all waves.
        first: The amount of the first of two vouchers; equal to `owed` if there is only one.
        bounces: Whether the first payment bounces and is made again.
        objects: Whether the creditor objects to the first recognition, which has another amount.
        referred: Whether the head approves the step that is proposed at the top of the ladder.
        per_run: After how many commands the workflow continues as new.
    """

    name: str
    plot: Plot
    owed: int
    first: int
    urgent: bool
    bounces: bool
    objects: bool
    referred: bool
    per_run: int


@dataclass(frozen=True)
class End:
    """The state of a case at the end. The mode is set only if nobody but the ladder decides it."""

    stage: str
    cleared: int
    outstanding: int
    mode: str | None = None


def draw(random: Random, wave: int, count: int) -> list[Plan]:
    """The plans of a wave: one of each plot as far as they go, the others at random."""
    plots = [*ONE_OF_EACH, *random.choices(LIKELY, k=max(count - len(ONE_OF_EACH), 0))][:count]
    return [_draw(random, f"第{wave}批第{no}件", plot) for no, plot in enumerate(plots, 1)]


def _draw(random: Random, name: str, plot: Plot) -> Plan:
    owed = random.randint(20, 90) * WAN + random.randint(0, 99)
    return Plan(
        name,
        plot,
        owed,
        first=random.choice((owed, owed // 3)),
        urgent=random.random() < 0.3,
        bounces=random.random() < 0.3,
        objects=random.random() < 0.3,
        referred=random.random() < 0.5,
        per_run=random.choice((2, 3, 7, 1500)),
    )


def shares(quota: int, wanted: Iterable[tuple[str, Plan]]) -> dict[str, int]:
    """The shares of a quota by case number: urgent cases first, then by number, each as much as is left."""
    given: dict[str, int] = {}
    for number, plan in sorted(wanted, key=lambda one: (not one[1].urgent, one[0])):
        given[number] = min(plan.owed, quota)
        quota -= given[number]
    return given


def end_of(plan: Plan, share: int) -> End:
    """The end of a case that got that share of a batch."""
    owed = plan.owed
    return {
        Plot.BUDGET: End("closed", owed, 0),
        Plot.BONDED: End("closed", owed, 0) if share == owed else End("bonding", share, owed - share),
        Plot.REOPENED: End("closed", owed, 0),
        Plot.REFUSED: End("refused", 0, 0),
        Plot.UNFOUNDED: End("unfounded", 0, 0),
        Plot.WITHDRAWN: End("withdrawn", 0, owed),
        Plot.WITHDRAWN_LATE: End("withdrawn", 0, owed),
        Plot.JUDICIAL: End("judicial", 0, owed),
        Plot.UNHEARD: End("intake", 0, 0, _top(plan)),
        Plot.SILENT: End("verification", 0, 0, _top(plan)),
    }[plan.plot]


def _top(plan: Plan) -> str:
    return "referred" if plan.referred else "taken_over"


LADDER: Final[Mapping[Plot, str]] = {Plot.UNHEARD: "intake", Plot.SILENT: "verification"}
"""The duty that nobody meets."""

RUNGS: Final = {
    ("deadline_near", "near"),
    ("deadline_lapsed", "lapsed"),
    ("escalated", "supervised"),
    ("escalated", "key_supervised"),
    ("step_proposed", "key_supervised"),
    ("escalated", "taken_over"),
    ("step_proposed", "referred"),
}
"""What that duty makes happen, once each."""

CEILING: Final = ("deadline_lapsed", None)
"""What the ceiling adds for a verification that was late before (`DeadlineLapsed.at_ceiling`). It happens during the next wave."""
