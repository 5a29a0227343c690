"""A batch is allocated in the order of the rule pack, to the fen, and never above its quota."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.bonds.allocation import Allocation, Request, allocate, in_order
from domain.case.pool import wage_wanted_fen
from domain.rules import OrderKey
from domain.value import SourceKind
from tests.domain.story import WAN, story_at

ORDER: tuple[OrderKey, ...] = ("migrant_wages", "livelihood", "received_on", "case_no")

requests = st.lists(
    st.builds(
        Request,
        case_no=st.integers(1, 20_000).map("QQ-620105-2023-{:04d}".format),
        wanted_fen=st.integers(1, 500),
        wage_fen=st.sampled_from([0, 0, 1, 500]),
        livelihood=st.booleans(),
        received_on=st.dates(date(2023, 1, 1), date(2023, 1, 9)),
    ),
    max_size=12,
    unique_by=lambda request: request.case_no,
).map(lambda asked: [one._replace(wage_fen=min(one.wage_fen, one.wanted_fen)) for one in asked])
quotas = st.integers(1, 2000)
orders = st.permutations(ORDER[:-1]).map(lambda keys: (*keys, "case_no"))


def _request(no: int, fen: int = 100, wages: bool = False, living: bool = False, day: int = 1) -> Request:
    return Request(f"QQ-620105-2023-{no:04d}", fen, fen if wages else 0, living, date(2023, 1, day))


def served(asked: list[Request], order: Sequence[OrderKey]) -> list[Request]:
    return list(dict.fromkeys(part.request for part in in_order(asked, order)))


def test_only_the_wages_of_a_claim_come_first_and_the_rest_has_its_own_rank() -> None:
    """30 of 1000 are wages: the other 970 wait behind a livelihood case, and behind older ones."""
    wages = Request("QQ-620105-2023-0001", 1000, 30, False, date(2023, 1, 1))
    living = Request("QQ-620105-2023-0002", 500, 0, True, date(2023, 1, 2))
    assert [(part.request.case_no[-1], part.fen) for part in in_order([living, wages], ORDER)] == [
        ("1", 30),
        ("2", 500),
        ("1", 970),
    ]
    given = {one.case_no[-1]: one.allocated_fen for one in allocate(500, [living, wages], ORDER)}
    assert given == {"1": 30, "2": 470}
    assert "农民工工资" in allocate(500, [living, wages], ORDER)[0].reason


def test_wages_come_first_then_livelihood_then_age_then_number() -> None:
    last, older, first, lower, living = (
        _request(5, day=2),
        _request(4, day=1),
        _request(9, wages=True, day=9),
        _request(3, day=1),
        _request(8, living=True, day=9),
    )
    assert served([last, older, first, lower, living], ORDER) == [first, living, lower, older, last]


def test_numbers_are_compared_as_numbers() -> None:
    asked = [_request(no) for no in (10_000, 9_999, 100_000, 1)]
    assert [one.case_no[-5:] for one in served(asked, ORDER)] == ["-0001", "-9999", "10000", "00000"]


def test_another_order_serves_others_first() -> None:
    young_wages, old = _request(1, wages=True, day=2), _request(2, day=1)
    assert served([young_wages, old], ["received_on", "case_no"]) == [old, young_wages]
    assert served([old, young_wages], ["case_no"]) == [young_wages, old]


def test_a_request_is_met_in_part_and_the_next_waits() -> None:
    asked = [_request(1, 250_000_000), _request(2, 250_000_000), _request(3, 1)]
    assert allocate(400_000_001, asked, ORDER) == [
        Allocation("QQ-620105-2023-0001", 250_000_000, 250_000_000, "足额纳入"),
        Allocation(
            "QQ-620105-2023-0002", 250_000_000, 150_000_001, "额度只余 150.000001万元,部分纳入,余额转入下一批"
        ),
        Allocation("QQ-620105-2023-0003", 1, 0, "额度已用完,转入下一批"),
    ]


def test_a_batch_that_nobody_asks_allocates_nothing() -> None:
    assert allocate(100, [], ORDER) == []


@given(quotas, requests, orders)
def test_the_quota_is_used_up_to_the_fen_and_never_exceeded(
    quota: int, asked: list[Request], order: tuple[OrderKey, ...]
) -> None:
    given_fen = [allocation.allocated_fen for allocation in allocate(quota, asked, order)]
    assert sum(given_fen) == min(quota, sum(request.wanted_fen for request in asked))
    assert all(fen >= 0 for fen in given_fen)


@given(quotas, requests, orders)
def test_nothing_is_served_behind_a_part_that_went_short(
    quota: int, asked: list[Request], order: tuple[OrderKey, ...]
) -> None:
    """What a case gets is what lies of its parts within the quota, were all parts laid end to end."""
    parts = in_order(asked, order)
    ends = list(accumulate((part.fen for part in parts), initial=0))
    within = Counter[str]()
    for part, begins in zip(parts, ends, strict=False):
        within[part.request.case_no] += min(max(quota - begins, 0), part.fen)
    allocations = allocate(quota, asked, order)
    assert {one.case_no: one.allocated_fen for one in allocations} == dict(within)
    assert [one.case_no for one in allocations] == list(within)


@given(quotas, requests, orders)
def test_a_request_is_all_of_its_parts(quota: int, asked: list[Request], order: tuple[OrderKey, ...]) -> None:
    sums = Counter[str]()
    for part in in_order(asked, order):
        sums[part.request.case_no] += part.fen
    assert sums == Counter({request.case_no: request.wanted_fen for request in asked})


@given(quotas, requests, orders, st.randoms())
def test_the_order_of_asking_does_not_matter(
    quota: int, asked: list[Request], order: tuple[OrderKey, ...], chance: Random
) -> None:
    shuffled = chance.sample(asked, len(asked))
    assert allocate(quota, shuffled, order) == allocate(quota, asked, order)


@pytest.mark.parametrize(
    ("wages", "wanted_fen"),
    [
        ({}, 0),
        ({"migrant_wages": True}, 250 * WAN),
        ({"migrant_wages": True, "wage_amount": 180 * WAN}, 30 * WAN),
        ({"migrant_wages": True, "wage_amount": 100 * WAN}, 0),
    ],
)
def test_what_is_on_its_way_to_a_case_is_for_its_wages_first(wages: dict[str, Any], wanted_fen: int) -> None:
    told = story_at("bonding")
    told.hear("included", 150 * WAN)
    case = told.case.model_copy(update={"receipt": told.case.receipt.model_copy(update=wages)})
    assert (case.bond_wanted_fen, wage_wanted_fen(case, SourceKind.BOND)) == (250 * WAN, wanted_fen)


@pytest.mark.parametrize(
    ("wage_fen", "special_fen", "general_fen"),
    [(100 * WAN, 100 * WAN, 0), (300 * WAN, 150 * WAN, 150 * WAN), (400 * WAN, 150 * WAN, 250 * WAN)],
)
def test_of_two_pools_the_wages_are_asked_of_the_one_that_the_plan_names_first(
    wage_fen: int, special_fen: int, general_fen: int
) -> None:
    sources = [{"kind": "special_bond", "amount": "150万元"}, {"kind": "bond", "amount": "250万元"}]
    told = story_at("planned", plan={"sources": sources})
    wages = {"migrant_wages": True, "wage_amount": wage_fen}
    case = told.case.model_copy(update={"receipt": told.case.receipt.model_copy(update=wages)})
    assert wage_wanted_fen(case, SourceKind.SPECIAL_BOND) == special_fen
    assert wage_wanted_fen(case, SourceKind.BOND) == general_fen
    assert wage_wanted_fen(story_at("planned").case, SourceKind.BOND) == 0


def test_a_case_with_wages_and_without_bonds_asks_for_none() -> None:
    case = story_at("planned").case
    wages = case.receipt.model_copy(update={"migrant_wages": True})
    assert wage_wanted_fen(case.model_copy(update={"receipt": wages}), SourceKind.BOND) == 0
