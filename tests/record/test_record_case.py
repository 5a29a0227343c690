"""Recording a case is one transaction, done once, after which journal, ledger and read model agree."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.exceptions import ApplicationError

from activities import standing
from activities.requests import RecordRequest
from domain.case.decider import begin, decide
from domain.commands import AnyCommand
from domain.postings import Transfer, available, outside
from schema import journal, ledger
from schema.tables import bond_request, case_file, effect, event, transfer
from tests.record.paper import Paper
from tests.stack import CLERK, FINANCE, RULES, TO_COURT, fen, order, paid, until_closed, until_planned

CASE = "QQ-620105-2023-0001"
ROWS = (event, effect, transfer, case_file, bond_request)
REFERENCE = "安财预〔2023〕1号"
FUND = order("fund", FINANCE, source="budget", amount="200万元", reference=REFERENCE)


@pytest.fixture
def paper(engine: AsyncEngine) -> Paper:
    return Paper(engine)


async def test_a_request_recorded_again_changes_nothing(paper: Paper) -> None:
    await paper.receive(CASE, *until_planned(source="budget"))
    request = await paper.deciding(CASE, FUND)
    await paper.record(request)
    once, case = await paper.count(*ROWS), await paper.case(CASE)
    await paper.record(request)
    await paper.record(paper.receiving(CASE))
    assert await paper.count(*ROWS) == once
    assert await paper.case(CASE) == case
    assert await paper.balance(f"available:{CASE}") == fen("200万元")


@pytest.mark.long
async def test_a_request_recorded_by_many_together_is_recorded_once(paper: Paper) -> None:
    await asyncio.gather(*(paper.record(paper.receiving(CASE)) for _ in range(16)))
    assert await paper.count(event, effect, case_file) == [1, 1, 1]
    for waiting in until_planned(source="budget"):
        await paper.record(await paper.deciding(CASE, waiting))
    request = await paper.deciding(CASE, FUND)
    await asyncio.gather(*(paper.record(request) for _ in range(16)))
    assert await paper.count(event, effect, transfer) == [8, 8, 1]
    assert (await paper.case(CASE)).available_fen == fen("200万元")


@pytest.mark.parametrize(
    "in_the_way",
    [
        Transfer(f"{CASE}/8", outside("elsewhere"), available("elsewhere"), 1),
        Transfer("another", outside(CASE), available(CASE), 1, reference=REFERENCE),
    ],
    ids=["the transfer's id", "the reference"],
)
async def test_what_fails_in_part_fails_as_a_whole(paper: Paper, in_the_way: Transfer) -> None:
    await paper.receive(CASE, *until_planned(source="budget"))
    async with paper.engine.begin() as connection:
        await ledger.post(connection, [in_the_way])
    before, case = await paper.count(*ROWS), await paper.case(CASE)
    request = await paper.deciding(CASE, FUND)
    for _ in range(2):
        with pytest.raises(ApplicationError, match="IntegrityError 23505") as refused:
            await paper.record(request)
        assert (refused.value.type, refused.value.non_retryable) == ("Refusal", True)
    assert await paper.count(*ROWS) == before
    assert await paper.case(CASE) == case
    other = FUND.model_copy(update={"command_id": "other", "reference": "安财预〔2023〕2号"})
    if in_the_way.reference:
        await paper.record(await paper.deciding(CASE, other))
        assert await paper.balance(f"available:{CASE}") == fen("200万元") + 1


async def test_entries_cannot_be_recorded_before_those_that_precede_them(paper: Paper) -> None:
    await paper.receive(CASE)
    accepted = await paper.deciding(CASE, order("accept", CLERK))
    early = accepted.model_copy(update={"first_seq": 3})
    strange = accepted.model_copy(update={"stream": "QQ-620105-2023-0002"})
    for request in (early, strange):
        with pytest.raises(ApplicationError, match="RecordIsBehind") as behind:
            await paper.record(request)
        assert not behind.value.non_retryable
    assert await paper.count(event, effect) == [1, 1]
    await paper.record(accepted)
    assert [entry.event.kind for entry in await paper.entries(CASE)] == ["received", "accepted"]


async def test_after_each_order_journal_ledger_and_read_model_agree(paper: Paper) -> None:
    await paper.receive(CASE)
    for waiting in until_closed():
        await paper.record(await paper.deciding(CASE, waiting))
        case, entries = await paper.case(CASE), await paper.entries(CASE)
        first, *others = (entry.event for entry in entries)
        assert begin(CASE, [first, *others]) == case
        async with paper.engine.connect() as connection:
            row = (await connection.execute(select(case_file))).one()
            balances = await ledger.balances(connection, CASE)
        assert (row.seq, row.head) == (case.seq, entries[-1].hash)
        assert (row.stage, row.holder, row.ended_on) == (case.stage, case.holder, case.ended_on)
        assert row.due_on == min((duty.due_on for duty in case.duties), default=None)
        assert (row.outstanding_fen, row.cleared_fen) == (case.outstanding_fen, case.cleared_fen)
        for purpose, amount in (
            ("available", case.available_fen),
            ("in_transit", case.in_transit_fen),
            ("received", case.cleared_fen),
        ):
            assert balances.get(purpose, (0, 0))[1] == amount


@pytest.mark.long
async def test_money_that_bounces_or_is_denied_goes_back_in_the_ledger(paper: Paper) -> None:
    await paper.receive(CASE, *until_planned("200万元", source="budget"), FUND)
    by, voucher = "debtor:王强", {"voucher": "PZ-1"}
    steps = [
        (paid("200万元", "PZ-1")[0], (0, fen("200万元"), 0)),
        (order("dispute_receipt", "creditor", reason="未到账", **voucher), (0, fen("200万元"), 0)),
        (order("bounce", by, reason="账号有误", **voucher), (fen("200万元"), 0, 0)),
        (paid("200万元", "PZ-2")[0], (0, fen("200万元"), 0)),
        (paid("200万元", "PZ-2")[1], (0, 0, fen("200万元"))),
        (
            order("call_back", CLERK, satisfied="no", note="未到账", voucher="PZ-2"),
            (0, fen("200万元"), 0),
        ),
    ]
    for waiting, expected in steps:
        await paper.record(await paper.deciding(CASE, waiting))
        found = [await paper.balance(f"{name}:{CASE}") for name in ("available", "in_transit", "received")]
        assert tuple(found) == expected, waiting.do


async def test_the_pool_follows_the_plan(paper: Paper) -> None:
    async def wanted() -> list[int]:
        async with paper.engine.connect() as connection:
            query = select(bond_request.c.wanted_fen).where(bond_request.c.kind == "general")
            return list((await connection.execute(query)).scalars())

    await paper.receive(CASE, *until_planned("300万元")[:-1])
    assert await wanted() == []
    await paper.record(await paper.deciding(CASE, until_planned("300万元")[-1]))
    assert await wanted() == [fen("300万元")]
    revised = order(
        "plan",
        "debtor:王强",
        "revised",
        reason="部分由预算安排",
        sources=[{"kind": "bond", "amount": "120万元"}, {"kind": "budget", "amount": "180万元"}],
        instalments=[{"due_on": "2023-12-29", "amount": "300万元"}],
    )
    await paper.record(await paper.deciding(CASE, revised))
    assert await wanted() == [fen("120万元")]
    await paper.record(await paper.deciding(CASE, TO_COURT))
    assert await wanted() == [0]


async def test_an_effect_names_its_command_and_where_its_last_event_stands(paper: Paper) -> None:
    await paper.receive(CASE, *until_planned(source="bond"))
    async with paper.engine.connect() as connection:
        found = await journal.effects(connection, CASE)
        plan = await journal.answered(connection, CASE, "debtor/plan")
        nothing = await journal.answered(connection, CASE, "never sent")
        elsewhere = await journal.answered(connection, "QQ-620105-2023-0002", "debtor/plan")
    assert [one.command_id for one in found] == [None, *(sent.key for sent in until_planned())]
    assert [one.effect_key for one in found] == [f"{CASE}/{seq}" for seq in range(1, 8)]
    assert plan == found[-1]
    assert plan.digest == until_planned(source="bond")[-1].digest()
    last = (await paper.entries(CASE))[-1]
    assert (plan.last_seq, last.event.kind) == (last.seq, "bond_requested")
    assert (nothing, elsewhere) == (None, None)


async def test_two_commands_for_one_place_are_not_both_recorded(paper: Paper) -> None:
    """Two runs both believe that they are the latest: the second one does not overwrite the first one's entries."""
    await paper.receive(CASE)
    case = await paper.case(CASE)
    rivals = [
        RecordRequest(stream=CASE, first_seq=2, events=tuple(decide(case, rival, RULES, paper.now)))
        for rival in (order("accept", CLERK), order("refuse", CLERK, ground="不属受理范围"))
    ]
    first, second = await asyncio.gather(*(paper.record(rival) for rival in rivals))
    assert sorted([len(first.instead), len(second.instead)]) == [0, 1]
    winner = rivals[0] if second.instead else rivals[1]
    stood = first.instead or second.instead
    assert [event.command_id for event in stood] == [event.command_id for event in winner.events]
    assert (first.seq, first.head) == (second.seq, second.head)
    assert await paper.count(event, effect) == [2, 2]
    received, last = await paper.entries(CASE)
    assert (last.event, last.hash) == (stood[0], first.head)
    assert begin(CASE, [received.event, last.event]) == await paper.case(CASE)


async def test_what_stands_on_record_is_the_answer_to_whoever_comes_later(paper: Paper) -> None:
    """A worker died between the commit and the answer; or Temporal was restored from an older backup."""
    await paper.receive(CASE)
    late = await paper.deciding(CASE, order("refuse", CLERK, ground="不属受理范围"))
    for waiting in until_planned(source="budget"):
        await paper.record(await paper.deciding(CASE, waiting))
    before, entries = await paper.count(*ROWS), await paper.entries(CASE)
    told = await paper.record(late)
    assert told.instead == tuple(entry.event for entry in entries[1:])
    assert (told.seq, told.head, told.rules) == (entries[-1].seq, entries[-1].hash, None)
    assert await paper.record(RecordRequest(stream=CASE, first_seq=2)) == told
    assert (await paper.record(RecordRequest(stream=CASE, first_seq=entries[-1].seq + 1))).instead == ()
    assert await paper.count(*ROWS) == before


async def test_what_stands_on_record_is_told_in_pages(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "AT_ONCE", 2)
    await paper.receive(CASE, *until_planned(source="budget"))
    told: list[str] = []
    while page := (await paper.record(RecordRequest(stream=CASE, first_seq=len(told) + 1))).instead:
        told += [event.kind for event in page]
        assert len(page) <= 2
    assert told == [entry.event.kind for entry in await paper.entries(CASE)]


async def test_a_command_that_the_case_forgot_is_not_done_twice(paper: Paper) -> None:
    part = FUND.model_copy(update={"amount": fen("100万元")})
    await paper.receive(CASE, *until_planned(source="budget"), part)
    case, before = await paper.case(CASE), await paper.count(*ROWS)

    def again(content: AnyCommand) -> RecordRequest:
        forgetful = case.model_copy(update={"commands": (), "references": ()})
        events = tuple(decide(forgetful, content, RULES, paper.now))
        return RecordRequest(stream=CASE, first_seq=case.seq + 1, events=events)

    repeated = await paper.record(again(part))
    assert (repeated.seq, repeated.instead) == (case.seq, ())
    with pytest.raises(ApplicationError) as reused:
        await paper.record(again(part.model_copy(update={"amount": fen("50万元")})))
    assert reused.value.details[0]["code"] == "command_reused"
    assert await paper.count(*ROWS) == before
