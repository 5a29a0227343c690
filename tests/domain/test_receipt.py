"""What is known of a case when it is received, and what is not known yet."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.case.decider import receive
from domain.case.view import case_json, contacts_json
from domain.money import PEOPLE
from domain.receipt import Contacts, Receipt
from domain.reports.figures import Past, figures_of
from domain.reports.periods import ReportKind, period_of
from domain.telling import sentence
from domain.telling.amounts import amount, amount_in_all
from tests.domain.story import RECEIPT, Story


def written(**changes: Any) -> Receipt:
    return Receipt.model_validate(RECEIPT.model_dump(mode="json") | changes, context=PEOPLE)


@pytest.mark.parametrize("claimed", [None, 0, "0元", "0.00"])
def test_an_amount_that_is_not_known_is_none_and_never_zero(claimed: Any) -> None:
    story = Story(written(claimed=claimed))
    assert story.case.receipt.claimed is None
    assert case_json(story.case, story.now.date())["claimed_fen"] is None
    (received, *_) = receive("QQ-1", story.case.receipt, story.rules, story.now)
    assert sentence(received.fact) == (
        "登记:道路维修工程款,反映金额 待核实",
        "Registered: 道路维修工程款, claimed to be verified",
    )


def test_of_a_creditor_and_an_amount_nothing_need_be_known() -> None:
    receipt = written(creditor={"name": "匿名"}, claimed=None)
    assert (receipt.creditor.size, receipt.creditor.ownership) == ("unknown", "unknown")
    assert receipt.governed == ("organ",)


@pytest.mark.parametrize(
    ("size", "kind", "governed"),
    [
        ("small", "organ", ("governed", "organ")),
        ("medium", "institution", ("governed", "organ")),
        ("micro", "soe", ("governed",)),
        ("small", "platform", ("governed",)),
        ("small", "large_enterprise", ("governed",)),
        ("small", "private", ()),
        ("small", "unknown", ()),
        ("large", "organ", ("organ",)),
        ("unknown", "soe", ()),
    ],
)
def test_what_is_not_known_is_not_governed(size: str, kind: str, governed: tuple[str, ...]) -> None:
    """条例 Art 2, 3."""
    receipt = written(creditor={"name": "甲公司", "size": size}, debtor={"name": "乙", "kind": kind})
    assert receipt.governed == governed
    assert receipt.debtor.is_public is (kind in ("organ", "institution", "soe", "platform"))


def test_wages_are_within_a_claim_that_has_an_amount() -> None:
    assert written(claimed=None, migrant_wages=True, wage_amount="500万元").wage_amount == 500 * 10**6
    with pytest.raises(ValidationError, match="not above it"):
        written(claimed="400万元", migrant_wages=True, wage_amount="500万元")


def test_reports_count_the_amounts_that_are_to_be_verified() -> None:
    story = Story(written(claimed=None))
    figures = figures_of(Past(story.case), period_of(ReportKind.MONTH, story.now.date()))
    assert (figures.amounts.claimed_fen, figures.amounts.unverified) == (0, 1)
    assert figures.by_debtor["organ"].unverified == 1


def test_how_to_reach_the_parties_stands_beside_the_case() -> None:
    assert contacts_json(Contacts("王经理", None)) == {"contact": "王经理", "debtor_contact": None}


def test_how_amounts_are_said() -> None:
    assert amount(None) == ("待核实", "to be verified")
    assert amount(4216 * 10**6) == ("4216.00万元", "4216.00万元")
    assert amount_in_all(0, 0) == ("0.00元", "0.00元")
    assert amount_in_all(0, 2) == ("待核实 2 件", "2 to be verified")
    assert amount_in_all(10**6, 1) == ("1.00万元,待核实 1 件", "1.00万元, 1 to be verified")
