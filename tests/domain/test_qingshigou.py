"""青石沟, the whole of it: 4216万元 from the hotline to the strike-off, without a server."""

from datetime import date
from typing import Any

from domain.actors import SYSTEM
from domain.bonds.allocation import Request, allocate
from domain.bonds.batch import Batch, begin_batch, decide_batch, evolve_batch, open_batch
from domain.bonds.commands import BatchOpening, read_batch_command
from domain.calendar import business_instant
from domain.case.view import case_json
from domain.events import Event
from domain.facts import BatchAllocated
from domain.money import PEOPLE
from domain.receipt import Receipt
from office.packs import load_pack
from tests.domain.story import CASE_NO, WAN, Story

RECEIPT = Receipt.model_validate(
    {
        "title": "青石沟垃圾场生态修复治理项目工程款",
        "project": "青石沟垃圾场生态修复治理项目",
        "creditor": {"name": "八冶集团", "size": "large", "ownership": "state"},
        "debtor": {"name": "安宁区环卫局", "kind": "organ"},
        "office": "620000",
        "channel": "hotline",
        "kind": "works",
        "contract_signed_on": "2018-11-01",
        "claimed": "4000万元",
        "received_on": "2023-04-26",
        "livelihood": True,
    },
    context=PEOPLE,
)
ORDER = load_pack("gansu").allocation_order
OWED = {"settled": "8436.77万元", "paid": "4220.77万元", "as_of": "2023-05-08"}


class _Bonds:
    """A bond batch of Anning with the one request of the story."""

    def __init__(self, no: str, name: str, quota: str, opens_on: str, allocates_on: str) -> None:
        written = {"name": name, "office": "620105", "quota": quota}
        opening = BatchOpening.model_validate(
            written | {"opens_on": opens_on, "allocates_on": allocates_on}, context=PEOPLE
        )
        opened = open_batch(opening, ORDER, business_instant(opening.opens_on, 9))
        self.batch: Batch = begin_batch(no, [opened])

    def allocate(self, told: Story) -> int:
        """At the cut-off; returns the fen reserved for the story's case."""
        case = told.case
        asked = Request(case.case_no, case.bond_wanted_fen, 0, True, case.receipt.received_on)
        (given,) = allocate(self.batch.quota_fen, [asked], self.batch.allocation_order)
        fact = BatchAllocated(
            requests=1, requested_fen=given.requested_fen, allocated_fen=given.allocated_fen
        )
        now = business_instant(self.batch.allocates_on, 23)
        self.batch = evolve_batch(self.batch, Event(at=now, on=now.date(), by=SYSTEM, fact=fact))
        return given.allocated_fen

    def do(self, do: str, by: str, on: str, **fields: Any) -> None:
        """A command of the batch."""
        command = read_batch_command({"command_id": f"{do}-{on}", "by": by, "do": do, **fields})
        (event,) = decide_batch(self.batch, command, business_instant(date.fromisoformat(on), 10))
        self.batch = evolve_batch(self.batch, event)


def test_4216_wan_come_back_in_two_instalments() -> None:
    told = Story(RECEIPT)
    first = _Bonds("BB-620105-2023-01", "2023年第一批一般债券", "2500万元", "2023-08-01", "2023-09-10")
    second = _Bonds("BB-620105-2023-02", "2023年第二批一般债券", "3000万元", "2023-09-11", "2023-10-08")
    sun, qian = "head:孙@620105", "finance:钱@620105"

    # The province hands it to the city, the city to the district, the district to the debtor.
    told.do("accept", by="clerk:周@620000")
    told.do("forward", by="clerk:周@620000", to="620100")
    told.on("2023-04-27").do("forward", by="clerk:陈@620100", to="620105")
    told.on("2023-04-28").do("forward", by="clerk:李敏@620105", to="debtor")
    told.on("2023-05-05").do("acknowledge")

    # The parts must add up.
    told.on("2023-05-09")
    assert told.refused("recognise", **OWED, undisputed="4000万元").code == "amounts_do_not_add_up"
    told.do("recognise", **OWED, undisputed="4216万元")
    told.on("2023-05-15").do("endorse")
    told.on("2023-06-13").do(
        "plan",
        sources=[{"kind": "bond", "amount": "4216万元", "expected_on": "2023-10-11"}],
        instalments=[
            {"due_on": "2023-09-28", "amount": "2500万元"},
            {"due_on": "2023-10-23", "amount": "1716万元"},
        ],
    )
    assert (told.case.stage, told.owed()) == ("bonding", ["bonding", "instalment", "instalment"])

    # The first batch is used up, and paid out in full.
    assert first.allocate(told) == 2500 * WAN
    first.do("approve", sun, "2023-09-22")
    told.on("2023-09-22").hear("included", 2500 * WAN)
    first.do("arrive", qian, "2023-09-26", amount="2500万元", reference="安财预〔2023〕第一批")
    told.on("2023-09-26").hear("arrived", 2500 * WAN)
    told.on("2023-09-28").do(
        "report_payment", voucher="PZ-2023-0928", amount="2500万元", paid_on="2023-09-28"
    )
    told.do("confirm_receipt", voucher="PZ-2023-0928")
    assert told.case.outstanding_fen == 1716 * WAN

    # The second batch's money is not there yet.
    told.on("2023-10-07")
    early = {"voucher": "PZ-2023-1007", "amount": "1716万元", "paid_on": "2023-10-07"}
    assert told.refused("report_payment", **early).code == "funds_not_available"
    assert second.allocate(told) == 1716 * WAN
    second.do("approve", sun, "2023-10-10")
    told.on("2023-10-10").hear("included", 1716 * WAN)
    second.do("arrive", qian, "2023-10-11", amount="1716万元", reference="安财预〔2023〕第二批")
    told.on("2023-10-11").hear("arrived", 1716 * WAN)
    told.on("2023-10-23").do(
        "report_payment", voucher="PZ-2023-1023", amount="1716万元", paid_on="2023-10-23"
    )
    told.do("confirm_receipt", voucher="PZ-2023-1023")
    assert (told.case.stage, told.owed()) == ("review", ["review"])

    # Whoever called back may not strike off.
    told.on("2023-10-26").do("call_back", by="clerk:李敏@620105")
    told.on("2023-10-27")
    assert told.refused("close", by="head:李敏@620105").code == "four_eyes"
    told.do("close", by=sun)
    for bonds in (first, second):
        bonds.do("close_batch", qian, "2023-10-31")

    _is_as_the_example_expects(case_json(told.case, date(2023, 10, 31)))
    assert [bonds.batch.stage for bonds in (first, second)] == ["closed", "closed"]
    assert (first.batch.arrived_fen, second.batch.arrived_fen) == (2500 * WAN, 1716 * WAN)
    assert told.replayed() == told.case


def _is_as_the_example_expects(shown: dict[str, Any]) -> None:
    assert (shown["case_no"], shown["stage"], shown["holder"]) == (CASE_NO, "closed", "620105")
    assert (shown["ended_on"], shown["light"]) == ("2023-10-27", "none")
    amounts = {name.removesuffix("_fen"): fen for name, fen in shown.items() if name.endswith("_fen")}
    assert amounts == {
        "claimed": 4000 * WAN,
        "settled": 8_436_770_000,
        "paid_before": 4_220_770_000,
        "undisputed": 4216 * WAN,
        "disputed": 0,
        "not_yet_due": 0,
        "judicial": 0,
        "rejected": 0,
        "discounted": 0,
        "deducted": 0,
        "in_kind": 0,
        "attested": 0,
        "taken_in": 0,
        "wage": None,
        "included": 4216 * WAN,
        "available": 0,
        "in_transit": 0,
        "cleared": 4216 * WAN,
        "outstanding": 0,
    }
    assert [payment["state"] for payment in shown["payments"]] == ["confirmed", "confirmed"]
    assert [one["cleared_fen"] == one["amount_fen"] for one in shown["instalments"]] == [True, True]
    assert (shown["duties"], [span["state"] for span in shown["stages"]]) == ([], ["done"] * 8)
