"""When two claims are one: names are compared by what they say, parties by their codes, amounts to one part in a hundred."""

from datetime import date
from typing import Any

import pytest

from domain.doubles import Candidate, duplicate
from domain.names.claims import Claim, comparable
from domain.receipt import Receipt
from domain.value import Stage
from tests.domain.story import RECEIPT, WAN

CODE, OTHER_CODE = "91620000MA7CDEF01K", "91350100M000100Y43"


@pytest.mark.parametrize(
    "written",
    [
        "兰州某某(集团)公司A1",
        "兰州某某（集团）公司A1",
        "兰州某某[集团]公司Ａ１",
        "兰州某某【集团】公司a1",
        " 兰州某某 (集团)\u3000公司\r\nA1\t",
        "兰州某某\u200b集团公司A1\ufeff",
        "“兰州某某”集团公司A1",
    ],
)
def test_brackets_blanks_breaks_and_width_do_not_count(written: str) -> None:
    assert comparable(written) == "兰州某某集团公司a1"


def test_other_words_are_other_names() -> None:
    assert comparable("兰州某某集团公司") != comparable("兰州某某股份公司")


def claim(name: str = "某(集团)公司", code: str | None = None, **changes: Any) -> Claim:
    """A claim of 400万元 on some road."""
    written = RECEIPT.model_dump() | {"claimed": 400 * WAN, "project": "道路(一期)"} | changes
    creditor = {"name": name, "code": code, "size": "small", "ownership": "private"}
    return Claim.of(Receipt.model_validate(written | {"creditor": creditor}))


@pytest.mark.parametrize(
    ("other", "is_double"),
    [
        (claim(), True),
        (claim("某（集团） 公司", project="道路（一期）"), True),
        (claim(claimed=404 * WAN), True),
        (claim(claimed=396 * WAN), True),
        (claim(claimed=396 * WAN - 1), False),
        (claim(claimed=405 * WAN), False),
        (claim(claimed=None), True),
        (claim(project="道路二期"), False),
        (claim("另一公司"), False),
        (claim(debtor={"name": "另一单位", "kind": "organ"}), False),
        (claim(code=CODE), True),
        (claim("另一写法", code=CODE), False),
    ],
)
def test_two_claims_of_the_same_parties_for_one_project_are_doubles(other: Claim, is_double: bool) -> None:
    for one, another in ((claim(), other), (other, claim())):
        assert one.is_double(another) is is_double
        assert not is_double or one.keys & another.keys


def test_where_both_have_codes_these_count_and_not_the_names() -> None:
    assert claim("旧名公司", CODE).is_double(claim("新名公司", CODE))
    assert claim("旧名公司", CODE).keys & claim("新名公司", CODE).keys
    assert not claim(code=CODE).is_double(claim(code=OTHER_CODE))


def test_a_claim_without_an_amount_may_be_any() -> None:
    assert claim(claimed=None).is_double(claim(claimed=None))


def test_whoever_registers_a_double_is_told_of_its_candidates() -> None:
    day = date(2023, 4, 26)
    known = Candidate("QQ-620105-2023-0001", day, Stage.VERIFICATION, "620105")
    refusal = duplicate([known, Candidate("QQ-620105-2023-0002", day, None, None)])
    assert "QQ-620105-2023-0001(核实,620105)、QQ-620105-2023-0002(正在登记)" in refusal.message
    assert (
        "QQ-620105-2023-0001 (Verification, 620105), QQ-620105-2023-0002 (being registered)" in refusal.detail
    )
    told = refusal.to_json()
    assert (told["code"], told["field"]) == ("duplicate", "distinct")
    assert told["candidates"] == [
        {
            "case_no": "QQ-620105-2023-0001",
            "received_on": "2023-04-26",
            "stage": "verification",
            "holder": "620105",
        },
        {"case_no": "QQ-620105-2023-0002", "received_on": "2023-04-26", "stage": None, "holder": None},
    ]


def test_the_same_parties_by_the_same_contract_claim_one_debt() -> None:
    one = claim(project="道路一期", claimed=100 * WAN, contract={"no": "HT-2023（7）"})
    another = claim(project="桥梁二期", claimed=900 * WAN, contract={"no": "ht-2023(7) "})
    assert one.is_double(another)
    assert one.keys & another.keys
    assert not one.is_double(claim(project="桥梁二期", claimed=900 * WAN, contract={"no": "HT-2023-8"}))
    assert not one.is_double(
        claim("另一公司", project="道路一期", claimed=900 * WAN, contract={"no": "HT-2023(7)"})
    )
