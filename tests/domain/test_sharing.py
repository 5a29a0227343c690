"""Cases of one contract, such as those of a consortium: together they state no more than it is worth."""

from typing import Any

import pytest

from domain.case.sharing import Share, exceeds_contract, is_more, share_of
from domain.receipt import Receipt
from tests.domain.story import RECEIPT, WAN, Story, story_at

CONTRACT = {"no": "HT-1", "total": 1000 * WAN}
DEBTOR = RECEIPT.debtor.model_dump(mode="json")


def _told(point: str, **fields: Any) -> Story:
    """The usual case as though it had been received with these fields."""
    told = story_at(point)
    written = RECEIPT.model_dump(mode="json") | {"contract": CONTRACT} | fields
    told.case = told.case.model_copy(update={"receipt": Receipt.model_validate(written)})
    return told


def test_what_a_case_states_of_its_contract_is_what_stands() -> None:
    told = _told("recognised")
    share = share_of(told.case)
    assert share is not None
    assert told.case.recognition is not None
    assert share[1:] == (told.case.recognition.settled_fen, 1000 * WAN)
    told.do("object")
    assert share_of(told.case) is None


@pytest.mark.parametrize("contract", [None, {"total": 1000 * WAN}])
def test_without_a_contract_no_case_shares_one(contract: dict[str, Any] | None) -> None:
    assert share_of(_told("endorsed", contract=contract).case) is None


@pytest.mark.parametrize(("end", "counts"), [("confirm_withdrawal", False), ("go_judicial", True)])
def test_what_was_given_up_does_not_count(end: str, counts: bool) -> None:
    told = _told("endorsed")
    told.do("withdraw")
    told.do(end)
    assert (share_of(told.case) is not None) is counts


def test_a_contract_is_known_by_its_debtor_and_its_number_however_they_are_written() -> None:
    known = _share()
    named, coded = DEBTOR | {"code": None}, DEBTOR | {"code": RECEIPT.creditor.code}
    assert _share(contract={"no": "ＨＴ- 1"}).is_of_same_contract(known)
    assert _share(debtor=DEBTOR | {"name": "环卫局"}).is_of_same_contract(known), "by its code"
    assert not _share(contract={"no": "HT-2"}).is_of_same_contract(known)
    assert not _share(debtor=coded).is_of_same_contract(known), "of the same name, by another code"
    assert _share(debtor=named).is_of_same_contract(known), "one case knows no code"
    assert known.is_of_same_contract(_share(debtor=named))
    assert not _share(debtor=named | {"name": "环卫局"}).is_of_same_contract(known)
    bracketed, blank = (_share(debtor=named | {"name": name}) for name in ("环卫局（安宁）", "环卫局 (安宁)"))
    assert bracketed.is_of_same_contract(blank)


def _share(**fields: Any) -> Share:
    share = share_of(_told("endorsed", **fields).case)
    assert share is not None
    return share


@pytest.mark.parametrize(
    ("own", "others", "is_too_much"),
    [
        ((100, None), [], False),
        ((100, 60), [], False),
        ((60, None), [(60, None)], True),
        ((60, 120), [(60, None)], False),
        ((60, None), [(60, 120)], False),
        ((61, None), [(60, 120)], True),
        ((60, 100), [(60, 120)], False),
        ((0, None), [(60, None)], False),
        ((40, None), [(40, None), (40, 120)], False),
        ((41, None), [(40, None), (40, 120)], True),
    ],
)
def test_together_they_state_no_more_than_it_is_worth(
    own: tuple[int, int | None], others: list[tuple[int, int | None]], is_too_much: bool
) -> None:
    refusal = exceeds_contract(Share(("k",), *own), [Share(("k",), *one) for one in others])
    assert (refusal is not None) is is_too_much
    if refusal is not None:
        assert (refusal.code, refusal.field) == ("exceeds_owed", "settled")


def test_it_is_asked_when_a_case_states_more_than_before() -> None:
    share = Share(("k",), 5, None)
    assert is_more(None, share)
    assert is_more(share._replace(settled_fen=4), share)
    assert not is_more(share, share)
    assert not is_more(share, None)


def test_another_contract_or_another_total_is_looked_at_anew() -> None:
    before = Share(("2号",), 5, 9)
    assert not is_more(before, before)
    assert not is_more(before, None)
    assert is_more(None, before)
    for now in (Share(("3号",), 5, 9), Share(("2号",), 5, 8), Share(("2号",), 6, 9)):
        assert is_more(before, now)
