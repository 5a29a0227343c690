"""What somebody may do now: at every point of the usual case exactly what the decider accepts, given the right fields."""

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.actors import parse_actor
from domain.bonds.batch import Batch
from domain.case.orders import ORDERS
from domain.case.possible import possible, possible_for_batch
from domain.command_base import name_of
from domain.refusal import Refusal
from tests.domain.chance import Chance
from tests.domain.story import (
    CITY_CLERK,
    CITY_HEAD,
    CREDITOR,
    FINANCE,
    HEAD,
    OTHERWISE,
    UNDECIDED,
    USUAL,
    WAN,
    Story,
    story_at,
)
from tests.domain.test_batch import CAST as PEOPLE_OF_BATCHES
from tests.domain.test_batch import NOW as OPENING_DAY
from tests.domain.test_batch import OPENING
from tests.domain.test_who_and_when import (
    ALLOWED,
    ANSWERS,
    CAST,
    ENDS,
    EVER,
    LATER,
    ON_PAPER,
    _giver,
    _ready_for,
)

WITH_OTHER_FIELDS: Final[dict[str, list[str]]] = {
    "plan": ["planned", "funded", "withdrawing", "reported", "disputed", "answered"],
    "report_payment": [
        *("forwarded", "acknowledged", "recognised", "endorsed", "planned", "withdrawing"),
        *UNDECIDED,
    ],
    "refuse": ["submitted"],
    "forward": ["taken_over", "referral"],
    "extend": ["answered", "cleared", "called_back"],
    "escalate": ["supervised", "proposed", "taken_over", "referral"],
    "approve_step": ["referral"],
    "decline_step": ["referral"],
    "judgment": ["judicial"],
    "ask_time": ["forwarded", "acknowledged", "endorsed"],
    "attest_receipt": ["judicial"],
    "serve": ["asked", "refused"],
}
"""Where the usual fields are refused and others are not: a revision says why, another duty still runs, a mode is higher, another
step waits, an office is below, another ground is given, another document is served."""

WITH_MORE_FIELDS: Final = {"accept": {CITY_HEAD}}
"""Who gives a command with fields that others leave out: a head accepts a case with its `mode`."""

POINTS: Final = [*EVER, *ENDS]


def may(told: Story, by: str) -> list[str]:
    """What somebody may do."""
    return [one.do for one in possible(told.case, parse_actor(by), told.rules, told.now)]


@pytest.mark.parametrize("point", POINTS)
def test_whoever_usually_gives_a_command_may_give_it_where_the_table_says_so(point: str) -> None:
    told = story_at(point).unwatched().on(LATER)
    givers = {do: _giver(do, told) for do in USUAL}
    they_may = {by: may(told, by) for by in set(givers.values())}
    found = {do for do, by in givers.items() if do in they_may[by]}
    table = {do for do, points in ANSWERS.items() if points.get(point) == "ok"}
    assert found == table | {do for do, points in WITH_OTHER_FIELDS.items() if point in points}


@pytest.mark.parametrize("do", ALLOWED)
def test_nobody_else_may_give_it(do: str) -> None:
    told = _ready_for(do)
    themselves = {by for by in ALLOWED[do] if not (do in ON_PAPER and by.startswith("clerk"))}
    themselves |= WITH_MORE_FIELDS.get(do, set())
    assert {by for by in CAST if do in may(told, by)} == themselves


@pytest.mark.parametrize("point", [*POINTS, *OTHERWISE])
def test_what_is_possible_is_told_in_the_order_of_a_case_s_life(point: str) -> None:
    for by in CAST:
        found = may(story_at(point), by)
        assert found == [do for do in map(name_of, ORDERS) if do in found], by


def test_a_duty_is_extended_while_it_runs() -> None:
    told = story_at("objected")
    assert "extend" in may(told, HEAD)
    assert "extend" not in may(told.on("2023-06-06"), HEAD)
    assert "extend" not in may(story_at("proposed"), HEAD)


def test_disputed_money_is_resolved_once_it_is_recognised_as_disputed() -> None:
    told = story_at("partly_disputed")
    assert "resolve_dispute" in may(told, "clerk:李敏@620105")
    told.do("resolve_dispute")
    assert "resolve_dispute" not in may(told, "clerk:李敏@620105")


def test_a_head_accepts_what_is_pressed_from_the_beginning() -> None:
    told = Story()
    assert "accept" in may(told, CITY_HEAD)
    assert "accept" in may(told, CITY_CLERK)
    told.do("accept", CITY_HEAD, mode="supervised")
    assert "accept" not in may(told, CITY_HEAD)


@pytest.mark.parametrize(("form", "is_possible"), [("in_kind", True), ("bill", False)])
def test_property_that_was_agreed_is_confirmed_when_it_has_been_handed_over(
    form: str, is_possible: bool
) -> None:
    told = story_at("funded").on("2023-07-20")
    told.do("report_payment", form=form, matures_on="2023-12-31")
    told.do("confirm_receipt")
    assert ("confirm_receipt" in may(told, CREDITOR)) is is_possible


def test_what_has_been_confirmed_is_not_confirmed_again() -> None:
    told = story_at("funded").on("2023-07-20")
    told.do("report_payment", amount="100万元")
    assert "confirm_receipt" in may(told, CREDITOR)
    told.do("confirm_receipt")
    assert "confirm_receipt" not in may(told, CREDITOR)


def test_money_of_bonds_is_not_recorded_by_hand() -> None:
    assert "fund" in may(story_at("planned"), FINANCE)
    assert "fund" not in may(story_at("bonding"), FINANCE)


def test_a_reference_that_was_used_is_no_reason_to_rule_more_money_out() -> None:
    told = story_at("planned")
    for number in ("0", "1"):
        told.do("fund", amount="1万元", reference=number)
    assert "fund" in may(told, FINANCE)


def test_what_is_left_in_dispute_alone_needs_no_plan() -> None:
    told = story_at("endorsed", recognise={"undisputed": 0, "disputed": "400万元"})
    assert told.case.outstanding_fen == 0
    assert "plan" not in may(told, "debtor")


def test_a_revision_that_must_keep_what_is_committed_is_possible() -> None:
    told = story_at("bonding")
    told.hear("included", 100 * WAN)
    assert "plan" in may(told, "debtor")


def test_a_case_rises_and_never_falls() -> None:
    told = story_at("planned")
    assert "escalate" in may(told, "head:高@620100")
    told.do("escalate", mode="taken_over")
    assert "escalate" in may(told, "head:许@620000"), "a higher office may still take it over"
    told.do("escalate", "head:许@620000", mode="taken_over")
    assert "escalate" not in may(told, "head:许@620000")


def test_whoever_called_back_may_not_strike_off() -> None:
    told = story_at("cleared")
    told.do("call_back", "clerk:马@620105")
    assert "close" not in may(told, "head:马@620105")
    assert "close" in may(told, HEAD)


@settings(max_examples=30)
@given(
    data=st.data(),
    point=st.sampled_from(["received", "acknowledged", "endorsed", "planned", "closed", *UNDECIDED]),
)
def test_whatever_is_accepted_was_possible(data: st.DataObject, point: str) -> None:
    told = story_at(point).unwatched()
    for _ in range(15):
        do, chance = data.draw(st.sampled_from(list(USUAL))), Chance(told, data)
        command = told.command(do, chance.giver(do), **chance.fields(do))
        try:
            happened = told.decided(command)
        except Refusal:
            continue
        assert do in may(told, str(command.by))
        told.happened(happened)


BATCH: Final = Batch(
    batch_no="BB-620105-2023-01",
    allocation_order=("case_no",),
    quota_fen=OPENING.quota,
    **OPENING.model_dump(exclude={"quota", "by"}),
)
OF_BATCH: Final[dict[str, dict[str, list[str]]]] = {
    "open": {FINANCE: ["exclude"]},
    "allocated": {HEAD: ["approve", "decline"]},
    "approved": {FINANCE: ["arrive"]},
    "declined": {},
    "closed": {},
}


@pytest.mark.parametrize("stage", OF_BATCH)
@pytest.mark.parametrize("by", PEOPLE_OF_BATCHES)
def test_a_batch_is_moved_by_its_own_office(stage: Any, by: str) -> None:
    batch = BATCH.model_copy(update={"stage": stage, "allocated_fen": 9, "references": ("0",)})
    assert possible_for_batch(batch, parse_actor(by), 9, OPENING_DAY) == OF_BATCH[stage].get(by, [])


def test_a_batch_is_closed_when_its_cases_have_everything() -> None:
    batch = BATCH.model_copy(update={"stage": "approved", "allocated_fen": 9, "arrived_fen": 9})
    assert possible_for_batch(batch, parse_actor(FINANCE), 0, OPENING_DAY) == ["close_batch"]
    more = batch.model_copy(update={"arrived_fen": 8})
    assert possible_for_batch(more, parse_actor(FINANCE), 0, OPENING_DAY) == ["close_batch"]
