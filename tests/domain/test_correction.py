"""更正登记: what was typed wrong is put right, what it said before is kept, and what follows from it follows anew."""

from datetime import date
from typing import Any

import pytest

from domain.correction import CreditorFacts, ReceiptFacts, apart
from domain.events import Event
from domain.receipt import Contacts, Receipt
from domain.telling import sentence
from tests.domain.laws import LAWS
from tests.domain.story import RECEIPT, Story, bonds_of, story_at


def _corrected(told: Story, **facts: Any) -> Event:
    """The story with something put right, by two persons where that takes two; the event that says so."""
    holder = told.case.holder
    told.do("correct", f"clerk:李敏@{holder}", facts=facts)
    if told.case.waiting:
        told.do("approve", f"head:孙@{holder}")
    for law in LAWS:
        law(told)
    return next(event for event in reversed(told.journal) if event.kind == "corrected")


def _received(**fields: Any) -> Story:
    """A case of which more is known, on its first day."""
    return Story(Receipt.model_validate(RECEIPT.model_dump(mode="json") | fields))


def test_words_are_put_right_by_one_clerk() -> None:
    told = story_at("planned")
    event = _corrected(told, title="环卫工程款", note="企业来电", channel="letter")
    assert event.approved_by is None
    assert told.case.receipt.title == "环卫工程款"
    assert sentence(event.fact)[0].startswith(f"更正登记:案由由 {RECEIPT.title} 改为 环卫工程款;")


@pytest.mark.parametrize(
    ("facts", "told_zh"),
    [
        ({"claimed": "500万元"}, "反映金额由 450.00万元 改为 500.00万元"),
        ({"claimed": "0"}, "反映金额由 450.00万元 改为 待核实"),
        ({"creditor": {"size": "large"}}, "债权人规模(合同订立时)由 小型 改为 大型"),
        ({"debtor": {"name": "安宁区环卫中心"}}, "债务人名称由 安宁区环卫局 改为 安宁区环卫中心"),
        ({"contract": {"no": "2号"}}, "合同编号由 无 改为 2号"),
        ({"migrant_wages": True, "wage_amount": "1万元"}, "涉及农民工工资由 否 改为 是"),
    ],
)
def test_what_concerns_somebody_takes_two_persons(facts: dict[str, Any], told_zh: str) -> None:
    told = story_at("planned")
    event = _corrected(told, **facts)
    assert event.approved_by is not None
    assert told_zh in sentence(event.fact)[0]


def test_what_is_not_said_stays_as_it_is() -> None:
    told = _received(contract={"no": "1号", "total": 600_000_000})
    _corrected(told, contract={"no": "2号"}, creditor={"size": "micro"})
    contract, creditor = told.case.receipt.contract, told.case.receipt.creditor
    assert contract is not None
    assert (contract.no, contract.total) == ("2号", 600_000_000)
    assert creditor == RECEIPT.creditor.model_copy(update={"size": "micro"})


def test_no_wages_have_no_amount() -> None:
    told = _received(migrant_wages=True, wage_amount=1_000_000)
    _corrected(told, migrant_wages=False)
    assert told.case.receipt.wage_amount is None


def test_what_governs_the_case_follows() -> None:
    told = story_at("acknowledged")
    assert list(told.case.governed) == ["governed", "organ"]
    _corrected(told, creditor={"size": "large"})
    assert list(told.case.governed) == ["organ"]


def test_another_day_of_receipt_moves_what_runs_from_it() -> None:
    told = story_at("received").on("2023-04-27")
    (was,) = told.case.duties
    _corrected(told, received_on="2023-04-20")
    (now, *_) = told.case.duties
    assert (was.opened_on, now.opened_on) == (date(2023, 4, 26), date(2023, 4, 20))
    assert now.due_on < was.due_on


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"title": RECEIPT.title}, "malformed", "facts"),
        ({}, "malformed", "facts"),
        ({"wage_amount": "1万元"}, "malformed", "facts"),
        ({"received_on": "2023-04-27"}, "date_in_future", "facts.received_on"),
        ({"received_on": "2022-12-30"}, "date_before_case", "facts.received_on"),
        ({"migrant_wages": False, "wage_amount": "1万元"}, "malformed", "facts"),
        ({"creditor": {"contact": "***", "size": "micro"}}, "malformed", "facts"),
    ],
)
def test_what_cannot_be_right_is_refused(facts: dict[str, Any], code: str, field: str) -> None:
    refusal = story_at("planned").refused("correct", facts=facts)
    assert (refusal.code, refusal.field) == (code, field)


def test_a_plan_with_general_bonds_is_revised_first() -> None:
    told = story_at("planned", plan=bonds_of("400万元"))
    assert told.refused("correct", facts={"spending": "recurrent"}).code == "not_eligible"
    assert story_at("planned").do("correct", facts={"spending": "recurrent"})


def test_the_office_is_not_put_right_but_hands_over() -> None:
    with pytest.raises(ValueError, match=r"facts\.office"):
        story_at("planned").command("correct", facts={"office": "620100"})


def test_a_case_hears_that_there_is_another_contact_and_not_which() -> None:
    told = story_at("received")
    facts, contacts = apart(ReceiptFacts(creditor=CreditorFacts(contact="王 138")))
    assert contacts == Contacts(creditor="王 138")
    assert apart(facts) == (facts, Contacts())
    event = _corrected(told, **facts.model_dump(exclude_none=True))
    assert sentence(event.fact)[0] == "更正登记:债权人联系人和电话已更新(录入有误)"


@pytest.mark.parametrize(("kind", "step"), [("soe", "referred"), ("large_enterprise", "credit_record")])
def test_a_step_is_not_approved_against_a_debtor_that_turns_out_to_be_private(kind: str, step: str) -> None:
    debtor = RECEIPT.debtor.model_dump(mode="json") | {"kind": kind}
    told = _received(debtor=debtor)
    told.do("accept")
    told.do("forward", by="clerk:周@620100", to="debtor")
    told.do("recognise", as_of="2023-04-26")
    told.do("endorse")
    told.until("2023-09-01")
    (gate,) = [gate for gate in told.case.gates if gate.step == step and gate.against is None]
    head = f"head:许@{gate.office}"
    assert told.again().do("approve_step", head, step=step)
    _corrected(told, debtor={"kind": "private"})
    assert told.refused("approve_step", head, step=step).code == "not_eligible"
    assert told.do("decline_step", head, step=step)
