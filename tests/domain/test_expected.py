"""What a page offers first does what is owed."""

from typing import Final

import pytest

from domain.case.expected import MET_BY, expected
from domain.case.orders import ORDERS
from domain.command_base import name_of
from domain.duty import DutyKind
from domain.refusal import Refusal
from tests.domain.story import ASIDE, LIFE, OTHERWISE, UNDECIDED, USUAL, WAITED, Step, story_at

POINTS: Final = ("received", *(step.point for step in LIFE), *ASIDE, *WAITED, *UNDECIDED, *OTHERWISE)


def test_every_duty_is_done_by_some_command() -> None:
    commands = {name_of(command) for command in ORDERS}
    assert set(MET_BY) == set(DutyKind)
    assert all(dos and dos <= commands for dos in MET_BY.values())


@pytest.mark.parametrize(
    ("before", "step"), list(zip(("received", *(one.point for one in LIFE)), LIFE, strict=False))
)
def test_the_next_step_of_a_life_is_what_the_case_waits_for(before: str, step: Step) -> None:
    assert step.do in expected(story_at(before).case), (before, step.do)


LEADS: Final = {
    (DutyKind.VERIFICATION, "forward"),
    (DutyKind.INSTALMENT, "fund"),
    (DutyKind.FOLLOW_UP, "contact"),
}
"""What does not end the duty itself, but without which nobody can, or after which it begins anew."""


def test_what_is_offered_first_does_the_duty_it_is_offered_for() -> None:
    """At every point of a life: the duty is done, or rests while another person decides."""
    done = set()
    for point in POINTS:
        for do, duty in expected(story_at(point).case).items():
            told = story_at(point)
            varied = {"paid_on": str(told.today)} if do == "report_payment" else {}
            try:
                told.do(do, _by(do, told.case.holder), **varied)
            except Refusal:
                continue
            if (duty.duty, do) not in LEADS:
                assert all(other.key != duty.key for other in told.case.duties), (point, do)
                done.add(do)
    assert done == {do for dos in MET_BY.values() for do in dos} - {
        "adjust",
        "fund",
        "waive_interest",
        "contact",
    }


def _by(do: str, holder: str) -> str:
    """Who usually gives it; a clerk or head of the office that holds the case, unless it takes one above."""
    by = USUAL[do][0]
    is_above = do in ("approve_step", "decline_step", "uphold", "reopen")
    return by if "@" not in by or is_above else f"{by.partition('@')[0]}@{holder}"
