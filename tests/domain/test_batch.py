"""A bond batch: requests until the cut-off, allocation, approval, money in parts, closing."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.actors import SYSTEM
from domain.bonds.batch import (
    BATCH_NO,
    Batch,
    begin_batch,
    decide_batch,
    evolve_batch,
    fold_batch,
    open_batch,
)
from domain.bonds.commands import BatchOpening, read_batch_command
from domain.calendar import business_instant
from domain.events import Event
from domain.facts import BatchAllocated
from domain.money import PEOPLE
from domain.refusal import Refusal
from domain.telling.sentence import sentence
from tests.domain.story import CLERK, DEBTOR, FINANCE, HEAD, RECEIPT, Story

NO = "BB-620105-2023-01"
NOW = business_instant(date(2023, 9, 22), 10)
OPENING = BatchOpening.model_validate(
    {
        "name": "2023年第一批一般债券",
        "office": "620105",
        "quota": "2500万元",
        "opens_on": "2023-08-01",
        "allocates_on": "2023-09-10",
    },
    context=PEOPLE,
)
CAST = [
    *[FINANCE, HEAD, CLERK, DEBTOR, "creditor", "system"],
    *["finance:吴@620100", "head:高@620100"],
    *["finance:郑@620104", "head:冯@620104"],
]

USUAL: dict[str, tuple[str, dict[str, Any]]] = {
    "exclude": (FINANCE, {"case_no": "QQ-620105-2023-0001", "reason": "食堂欠款,非公益性资本支出"}),
    "approve": (HEAD, {}),
    "decline": (HEAD, {"reason": "预算调整未获批准"}),
    "arrive": (FINANCE, {"amount": "1000万元", "reference": "安财预1号"}),
    "close_batch": (FINANCE, {}),
}
POSSIBLE = {
    "exclude": {"open"},
    "approve": {"allocated"},
    "decline": {"allocated"},
    "arrive": {"approved"},
    "close_batch": {"approved"},
}


def _act(batch: Batch, do: str, by: str | None = None, **fields: Any) -> list[Event]:
    usual_by, usual = USUAL[do]
    written = {"command_id": f"b{batch.seq}", "by": by or usual_by, "do": do, **usual, **fields}
    return decide_batch(batch, read_batch_command(written), NOW)


def _after(batch: Batch, do: str, **fields: Any) -> Batch:
    return fold_batch(batch, _act(batch, do, **fields))


def _allocated(batch: Batch) -> Batch:
    fact = BatchAllocated(requests=2, requested_fen=4_216_000_000, allocated_fen=2_500_000_000)
    return evolve_batch(batch, Event(at=NOW, on=NOW.date(), by=SYSTEM, fact=fact))


def _open() -> Batch:
    return begin_batch(NO, [open_batch(OPENING, ("received_on", "case_no"), NOW)])


def _at(stage: str) -> Batch:
    steps: dict[str, list[Callable[[Batch], Batch]]] = {
        "open": [],
        "allocated": [_allocated],
        "approved": [_allocated, lambda batch: _after(batch, "approve")],
        "declined": [_allocated, lambda batch: _after(batch, "decline")],
        "closed": [
            _allocated,
            lambda batch: _after(batch, "approve"),
            lambda batch: _after(batch, "close_batch"),
        ],
    }
    batch = _open()
    for step in steps[stage]:
        batch = step(batch)
    assert batch.stage == stage
    return batch


def _refusal(batch: Batch, do: str, by: str | None = None, **fields: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        _act(batch, do, by, **fields)
    return caught.value


def test_a_batch_opens_with_its_quota() -> None:
    batch = _open()
    assert (batch.batch_no, batch.seq, batch.stage, batch.quota_fen) == (NO, 1, "open", 2_500_000_000)
    assert (batch.requests, batch.requested_fen, batch.allocated_fen, batch.arrived_fen) == (0, 0, 0, 0)
    assert batch.allocation_order == ("received_on", "case_no")
    assert (batch.opens_on, batch.allocates_on) == (date(2023, 8, 1), date(2023, 9, 10))


def test_a_journal_of_a_batch_begins_with_its_opening() -> None:
    with pytest.raises(AssertionError, match="begins with its opening"):
        begin_batch(NO, Story().journal)


def test_the_allocation_gives_the_totals() -> None:
    batch = _at("allocated")
    assert (batch.requests, batch.requested_fen, batch.allocated_fen) == (2, 4_216_000_000, 2_500_000_000)


def test_money_arrives_in_parts_until_all_is_there() -> None:
    batch = _after(_at("approved"), "arrive")
    batch = _after(batch, "arrive", amount="1500万元", reference="安财预2号")
    assert batch.arrived_fen == batch.allocated_fen == 2_500_000_000
    assert batch.references == ("安财预1号", "安财预2号")
    assert _refusal(batch, "arrive", amount="0.01元", reference="安财预3号").code == "exceeds_plan"


@pytest.mark.parametrize("do", POSSIBLE)
@pytest.mark.parametrize("stage", ["open", "allocated", "approved", "declined", "closed"])
def test_a_command_has_its_stage(do: str, stage: str) -> None:
    batch = _at(stage)
    if stage in POSSIBLE[do]:
        (event,) = _act(batch, do)
        assert (event.command_id, event.on, str(event.by)) == (f"b{batch.seq}", NOW.date(), USUAL[do][0])
        assert evolve_batch(batch, event).seq == batch.seq + 1
    else:
        expected = "case_ended" if stage in ("declined", "closed") else "wrong_stage"
        assert _refusal(batch, do).code == expected


@pytest.mark.parametrize("do", POSSIBLE)
@pytest.mark.parametrize("by", CAST)
def test_a_command_is_for_one_role_of_the_batch_s_office(do: str, by: str) -> None:
    batch = _at(*POSSIBLE[do])
    if by == USUAL[do][0]:
        assert len(_act(batch, do, by)) == 1
    else:
        refusal = _refusal(batch, do, by)
        assert (refusal.code, refusal.field) == ("not_yours", "by")


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"reference": "安财预1号", "amount": "1元"}, "reference_reused", "reference"),
        ({"reference": "安财预2号", "amount": "1500.000001万元"}, "exceeds_plan", "amount"),
    ],
)
def test_money_arrives_once_and_within_the_allocation(fields: dict[str, str], code: str, field: str) -> None:
    refusal = _refusal(_after(_at("approved"), "arrive"), "arrive", **fields)
    assert (refusal.code, refusal.field) == (code, field)


def test_the_same_command_again_makes_nothing_happen() -> None:
    approved = _after(_at("allocated"), "approve", command_id="once")
    assert _act(approved, "approve", command_id="once") == []
    assert _refusal(approved, "decline", command_id="once").code == "command_reused"
    assert _refusal(approved, "approve", by="head:李@620105", command_id="once").code == "command_reused"


def test_an_ended_batch_still_knows_its_commands() -> None:
    closed = _after(_at("approved"), "close_batch", command_id="last")
    assert _act(closed, "close_batch", command_id="last") == []


@pytest.mark.parametrize(
    ("do", "fields"),
    [
        ("exclude", {"reason": ""}),
        ("exclude", {"case_no": " "}),
        ("decline", {"reason": "\n"}),
        ("arrive", {"amount": 0}),
        ("arrive", {"amount": "1.001"}),
        ("arrive", {"reference": "长" * 101}),
        ("approve", {"amount": 1}),
        ("approve", {"by": "mayor"}),
        ("approve", {"do": "dissolve"}),
    ],
)
def test_a_malformed_command_is_not_read(do: str, fields: dict[str, Any]) -> None:
    by, usual = USUAL[do]
    with pytest.raises(ValidationError):
        read_batch_command({"command_id": "x", "by": by, "do": do, **usual, **fields})


@pytest.mark.parametrize("stage", ["open", "allocated", "approved", "declined", "closed"])
def test_a_batch_is_written_and_read_back(stage: str) -> None:
    batch = _at(stage)
    assert Batch.model_validate(batch.model_dump(mode="json")) == batch


def test_a_batch_number_is_told_from_a_case_number() -> None:
    assert BATCH_NO.fullmatch(NO)
    assert BATCH_NO.fullmatch("BB-620105-2023-104")
    assert not BATCH_NO.fullmatch(f"QQ-{RECEIPT.office}-2023-0001")


def _opening(**fields: Any) -> BatchOpening:
    return BatchOpening.model_validate(OPENING.model_dump(mode="json") | fields)


def test_a_batch_is_of_general_bonds_unless_it_says_otherwise() -> None:
    assert (OPENING.kind, _open().kind) == ("general", "general")
    special = open_batch(_opening(kind="special"), ("case_no",), NOW)
    assert begin_batch(NO, [special]).kind == "special"
    assert sentence(special.fact)[0].startswith("2023年第一批一般债券(专项债券):额度")


@pytest.mark.parametrize(("by", "told"), [(FINANCE, FINANCE), (HEAD, HEAD), (None, "finance@620105")])
def test_a_batch_is_opened_by_a_person_of_its_office_or_by_its_finance(by: str | None, told: str) -> None:
    event = open_batch(_opening(by=by), ("case_no",), NOW, account=7)
    assert (str(event.by), event.account) == (told, 7)


@pytest.mark.parametrize("by", [CLERK, "finance:吴@620100", "head:高@620100", DEBTOR, "system"])
def test_nobody_else_opens_a_batch(by: str) -> None:
    with pytest.raises(ValidationError, match="finance or a head of the batch's office"):
        _opening(by=by)


def test_of_an_opening_without_an_office_only_that_is_said() -> None:
    with pytest.raises(ValidationError) as fault:
        _opening(office="安宁区", by=FINANCE)
    assert [found["loc"] for found in fault.value.errors()] == [("office",)]


@pytest.mark.parametrize(
    ("fields", "resolution", "told"),
    [
        ({}, None, "人大常委会批准"),
        ({"resolution": "安人常发〔2023〕7号"}, "安人常发〔2023〕7号", "人大常委会批准(安人常发〔2023〕7号)"),
    ],
)
def test_an_approval_may_name_its_resolution(
    fields: dict[str, str], resolution: str | None, told: str
) -> None:
    command = read_batch_command({"do": "approve", "by": HEAD, "command_id": "a", **fields})
    (event,) = decide_batch(_at("allocated"), command, NOW)
    assert evolve_batch(_at("allocated"), event).resolution == resolution
    assert sentence(event.fact)[0] == told
