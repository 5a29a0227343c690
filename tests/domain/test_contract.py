"""The contract behind a debt: what is known of it, how it is written, and since when its price has been owed."""

from datetime import date
from typing import Any, Final

import pytest
from pydantic import ValidationError

from domain.basis import Governed
from domain.case.view import case_json
from domain.contract import Contract, owed_since
from domain.money import PEOPLE
from domain.receipt import Receipt
from tests.domain.story import RECEIPT, Story

ORGAN: Final[tuple[Governed, ...]] = ("governed", "organ")
OTHER: Final[tuple[Governed, ...]] = ("governed",)
FIRST, REVISED = (
    "《保障中小企业款项支付条例》(国务院令第728号)",
    "《保障中小企业款项支付条例》(国务院令第802号)",
)
OLD, OF_2020, OF_2025 = "2020-08-31", "2020-09-01", "2025-06-01"


@pytest.mark.parametrize(
    ("governed", "signed_on", "agreed", "term_days", "basis"),
    [
        (ORGAN, OLD, None, None, None),
        (ORGAN, None, None, None, None),
        (ORGAN, OF_2020, None, 30, f"{FIRST}第八条"),
        (ORGAN, "2025-05-31", None, 30, f"{FIRST}第八条"),
        (ORGAN, OF_2025, None, 30, f"{REVISED}第九条"),
        (ORGAN, OF_2025, 45, 45, "合同约定"),
        (ORGAN, OF_2025, 60, 60, "合同约定"),
        (ORGAN, OF_2025, 90, 60, f"{REVISED}第九条"),
        (ORGAN, OF_2020, 90, 60, f"{FIRST}第八条"),
        (ORGAN, OLD, 90, 90, "合同约定"),
        (OTHER, OF_2020, None, None, None),
        (OTHER, OF_2025, None, 60, f"{REVISED}第九条"),
        (OTHER, OF_2025, 180, 180, "合同约定"),
        (OTHER, OF_2020, 0, 0, "合同约定"),
        ((), OF_2025, None, None, None),
        (("organ",), OF_2025, None, None, None),
        (("organ",), OF_2025, 90, 90, "合同约定"),
    ],
)
def test_a_price_is_owed_after_its_term(
    governed: tuple[Governed, ...],
    signed_on: str | None,
    agreed: int | None,
    term_days: int | None,
    basis: str | None,
) -> None:
    contract = Contract.model_validate(
        {"signed_on": signed_on, "delivered_on": "2025-06-30", "agreed_term_days": agreed}
    )
    since = owed_since(contract, governed)
    found = (since.term_days, since.basis, (since.on - since.from_on).days) if since else None
    assert found == (None if term_days is None else (term_days, basis, term_days + 1))


@pytest.mark.parametrize(
    ("known", "began", "on", "basis"),
    [
        ({"delivered_on": "2025-07-01"}, "delivered", "2025-08-01", f"{REVISED}第九条"),
        (
            {"delivered_on": "2025-07-01", "accepted_on": "2025-07-10"},
            "accepted",
            "2025-08-10",
            f"{REVISED}第九条、第十条",
        ),
        (
            {"delivered_on": "2025-07-01", "accepted_on": "2025-07-10", "settled_on": "2025-07-20"},
            "settled",
            "2025-08-20",
            f"{REVISED}第九条",
        ),
        ({"accepted_on": "2025-07-10", "agreed_term_days": 10}, "accepted", "2025-07-21", "合同约定"),
    ],
)
def test_a_term_runs_from_the_settlement_else_the_acceptance_else_the_delivery(
    known: dict[str, Any], began: str, on: str, basis: str
) -> None:
    since = owed_since(Contract.model_validate({"signed_on": OF_2025, **known}), ORGAN)
    assert since is not None
    assert (since.began, since.on, since.basis) == (began, date.fromisoformat(on), basis)


def test_where_nothing_is_known_nothing_is_said() -> None:
    assert owed_since(None, ORGAN) is None
    assert owed_since(Contract.model_validate({"signed_on": OF_2025, "agreed_term_days": 30}), ORGAN) is None
    shown = case_json(Story(_receipt()).case, date(2023, 4, 26))
    assert (shown["contract"], shown["owed_since"]) == (None, None)


def _receipt(**fields: Any) -> Receipt:
    written = RECEIPT.model_dump(mode="json", exclude={"contract"}) | {"claimed": "450万元"}
    return Receipt.model_validate(written | fields, context=PEOPLE)


def test_the_day_of_signing_may_be_written_by_itself() -> None:
    alone = _receipt(contract_signed_on="2018-11-01")
    assert alone == _receipt(contract={"signed_on": "2018-11-01"})
    assert _receipt(contract_signed_on="2018-11-01", contract={"no": "HT-1"}).contract == Contract(
        no="HT-1", signed_on=date(2018, 11, 1)
    )
    assert _receipt(contract_signed_on=None).contract is None
    assert Receipt.model_validate(alone) == alone


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"contract_signed_on": "2018-11-01", "contract": {"signed_on": "2018-11-02"}}, "is not contract"),
        ({"contract_signed_on": "2018-11-01", "contract": "HT-1"}, "valid dictionary"),
        ({"contract_signed_on": "2023-04-27"}, "not after the day of receipt"),
        ({"contract": {"settled_on": "2023-04-27"}}, "not after the day of receipt"),
        ({"contract": {"agreed_term_days": -1}}, "greater than or equal to 0"),
        ({"contract": {"agreed_term_days": 3_651}}, "less than or equal to 3650"),
        ({"contract": {"agreed_rate": "5%"}}, "a rate is written"),
        ({"contract": {"agreed_rate": "101%/y"}}, "a rate is written"),
        ({"contract": {"total": "0"}}, "greater than 0"),
        ({"contract": {"no": ""}}, "at least 1 character"),
    ],
)
def test_what_no_contract_says_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        _receipt(**fields)


def test_a_case_shows_its_contract_and_since_when_it_is_owed() -> None:
    contract = {
        "no": "HT-2021-7",
        "signed_on": "2021-03-01",
        "delivered_on": "2021-06-01",
        "agreed_rate": "0.05%/d",
        "total": "100万元",
    }
    shown = case_json(Story(_receipt(contract=contract)).case, date(2023, 4, 26))
    assert shown["contract"] == {
        "no": "HT-2021-7",
        "signed_on": "2021-03-01",
        "delivered_on": "2021-06-01",
        "accepted_on": None,
        "settled_on": None,
        "agreed_term_days": None,
        "agreed_rate": "0.05%/d",
        "total_fen": 10**8,
    }
    assert shown["owed_since"] == {
        "on": "2021-07-02",
        "from": "delivered",
        "from_on": "2021-06-01",
        "term_days": 30,
        "basis": f"{FIRST}第八条",
    }
