"""A case on real servers: commands move it, refusals leave no trace, and readers see what was just written."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus

from domain.commands import AnyCommand
from domain.refusal import Code, Refusal
from office.repair.reviving import revive
from office.unknown import UnknownCase
from office.verification.verifying import verify
from tests.stack import (
    CLERK,
    FINANCE,
    HEAD,
    RECEIVED_ON,
    REFUSED,
    SUPERIOR,
    WITHDRAWN,
    Desk,
    agreed,
    fen,
    order,
    until_closed,
    until_planned,
    until_recognised,
)
from workflows.opening import Clock

UNKNOWN = "QQ-620105-2023-9999"


async def refused(desk: Desk, case_no: str, *orders: AnyCommand) -> list[Code]:
    """The codes with which commands are refused."""
    codes = []
    for given in orders:
        with pytest.raises(Refusal) as refusal:
            await desk.cases.act(case_no, given)
        codes.append(refusal.value.code)
    return codes


@pytest.mark.long
async def test_a_case_from_receipt_to_strike_off(desk: Desk) -> None:
    case_no = await desk.open()
    assert (await desk.show(case_no))["stage"] == "intake"
    for given in until_closed():
        answer = await desk.cases.act(case_no, given)
        shown = await desk.show(case_no)
        assert answer == {name: shown[name] for name in answer}
        assert answer["seq"] == len(await desk.kinds(case_no))
    assert (answer["stage"], answer["ended_on"], answer["light"]) == ("closed", "2023-04-26", "none")
    assert (answer["cleared_fen"], answer["outstanding_fen"]) == (fen("300万元"), 0)
    assert {span["stage"]: span["state"] for span in answer["stages"]} == {
        **dict.fromkeys(("intake", "transfer", "verification", "funding"), "done"),
        "bonding": "skipped",
        **dict.fromkeys(("payment", "review", "closed"), "done"),
    }
    assert await desk.kinds(case_no) == [
        "received",
        "accepted",
        "forwarded",
        "acknowledged",
        "recognised",
        "endorsed",
        "planned",
        "funds_arrived",
        "payment_reported",
        "receipt_confirmed",
        "called_back",
        "closed",
    ]
    assert await desk.handle(case_no).result() == "closed"
    assert await verify(desk.client, desk.engine) == agreed(1)


@pytest.mark.parametrize(
    ("given", "stage"),
    [
        ([*REFUSED], "refused"),
        (
            [*until_recognised()[:3], order("unfounded", CLERK, reason="并无合同"), order("approve", HEAD)],
            "unfounded",
        ),
        ([*WITHDRAWN], "withdrawn"),
        (
            [*until_planned(), order("go_judicial", "creditor:赵", court="兰州中院", reference="1号")],
            "judicial",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_the_other_ends_end_the_workflow_too(desk: Desk, given: list[AnyCommand], stage: str) -> None:
    case_no = await desk.open(*given)
    assert await desk.handle(case_no).result() == stage
    shown = await desk.show(case_no)
    assert (shown["stage"], shown["duties"]) == (stage, [])
    assert (await verify(desk.client, desk.engine))["differences"] == []


@pytest.mark.long
async def test_a_refused_command_leaves_no_trace_in_history_or_journal(desk: Desk) -> None:
    case_no = await desk.open(*until_recognised()[:3])
    length, kinds = await desk.history_length(case_no), await desk.kinds(case_no)
    wrong: dict[str, Any] = {"settled": "10元", "paid": "0", "undisputed": "9元", "as_of": RECEIVED_ON}
    codes = await refused(
        desk,
        case_no,
        order("accept", CLERK, "a"),
        order("recognise", CLERK, "b", **wrong),
        order("recognise", "debtor:王强", "c", **wrong),
        order("recognise", "debtor:王强", "d", **(wrong | {"as_of": "2023-04-27", "undisputed": "10元"})),
        order("forward", CLERK, "accept", to="debtor"),
        order("reopen", SUPERIOR, "f", reason="回头看"),
    )
    assert codes == [
        Code.WRONG_STAGE,
        Code.NOT_YOURS,
        Code.AMOUNTS_DO_NOT_ADD_UP,
        Code.DATE_IN_FUTURE,
        Code.COMMAND_REUSED,
        Code.WRONG_STAGE,
    ]
    assert await desk.history_length(case_no) == length
    assert await desk.kinds(case_no) == kinds
    right = order("recognise", "debtor:王强", **(wrong | {"paid": "1元"}))
    assert (await desk.cases.act(case_no, right))["undisputed_fen"] == fen("9元")


async def test_a_refusal_says_why_in_two_languages_and_where(desk: Desk) -> None:
    case_no = await desk.open()
    with pytest.raises(Refusal) as refusal:
        await desk.cases.act(case_no, order("accept", "clerk:李敏@620102"))
    told = refusal.value.to_json()
    assert (told["code"], told["field"]) == ("not_yours", "by")
    assert "无权" in told["message"]
    assert "may not accept" in told["detail"]


async def test_an_ended_case_refuses_what_moves_it_and_a_refusal_begins_no_run(desk: Desk) -> None:
    case_no = await desk.open(*REFUSED)
    await desk.handle(case_no).result()
    codes = await refused(
        desk,
        case_no,
        order("accept", CLERK),
        order("fund", FINANCE, source="budget", amount="1元", reference="1号"),
        order("close", HEAD, report="结案"),
        order("uphold", SUPERIOR, reason="没有申诉"),
    )
    assert codes == [Code.CASE_ENDED] * 3 + [Code.WRONG_STAGE]
    assert len(await desk.runs(case_no)) == 1


@pytest.mark.long
async def test_a_case_that_went_to_court_lives_again_with_the_judgment(desk: Desk) -> None:
    """A command submitted to an ended case starts another run, which waits for the approval and then goes on."""
    court = order("go_judicial", "creditor:赵", court="兰州中院", reference="1号")
    case_no = await desk.open(*until_planned(source="budget"), court)
    assert await desk.handle(case_no).result() == "judicial"
    judgment = order("judgment", CLERK, recognised="250万元", rejected="50万元", reference="2号")
    for _ in range(2):
        answer = await desk.cases.act(case_no, judgment)
        assert (answer["stage"], answer["submissions"][0]["state"]) == ("judicial", "waiting")
    approve = order("approve", HEAD)
    for _ in range(2):
        answer = await desk.cases.act(case_no, approve)
        assert (answer["stage"], answer["outstanding_fen"]) == ("payment", fen("250万元"))
    assert len(await desk.runs(case_no)) == 2
    await desk.cases.act(case_no, order("fund", FINANCE, source="budget", amount="250万元", reference="1号"))
    assert (await verify(desk.client, desk.engine))["differences"] == []


@pytest.mark.long
async def test_what_is_said_of_an_ended_case_takes_a_run_of_its_own(desk: Desk) -> None:
    case_no = await desk.open(*until_closed())
    assert await desk.handle(case_no).result() == "closed"
    for given in (order("rate", "creditor:赵", satisfied="yes"), order("remark", CLERK, text="企业来电致谢")):
        for _ in range(2):
            assert (await desk.cases.act(case_no, given))["stage"] == "closed"
            assert await desk.handle(case_no).result() == "closed"
    assert (await desk.kinds(case_no))[-2:] == ["rated", "remarked"]
    assert (await verify(desk.client, desk.engine))["differences"] == []


@pytest.mark.long
async def test_an_appeal_that_nobody_answers_presses_by_itself_after_the_end(desk: Desk) -> None:
    case_no = await desk.open(*until_closed())
    appeal = order("appeal", "creditor:赵", reason="少付一笔")
    for _ in range(2):
        (duty,) = (await desk.cases.act(case_no, appeal))["duties"]
    assert (duty["duty"], duty["owner"]) == ("appeal", "head")
    await desk.move_to(date.fromisoformat(duty["due_on"]) + timedelta(days=1))
    shown = await desk.show(case_no)
    assert (shown["stage"], shown["light"]) == ("closed", "yellow")
    pressed = [one for one in await desk.journal(case_no) if one.kind in ("deadline_near", "deadline_lapsed")]
    assert [(one.kind, str(one.on)) for one in pressed][-1] == (
        "deadline_lapsed",
        str(desk.cases.now().date()),
    )
    assert (await desk.kinds(case_no))[-1] == "notice_issued"
    assert (await verify(desk.client, desk.engine))["differences"] == []
    upheld = order("uphold", "head:许@620000", reason="已付清")
    assert (await desk.cases.act(case_no, upheld))["duties"] == []
    assert await desk.handle(case_no).result() == "closed"
    assert len(await desk.runs(case_no)) == 2


@pytest.mark.long
async def test_a_case_whose_appeal_waits_is_revived_like_an_open_one(desk: Desk) -> None:
    case_no = await desk.open(*until_closed(), order("appeal", "creditor:赵", reason="少付一笔"))
    await desk.handle(case_no).terminate()
    (gone,) = (await verify(desk.client, desk.engine))["differences"]
    assert case_no in str(gone)
    revived = await revive(desk.client, desk.engine, [case_no], clock=Clock(starts_at=desk.now))
    assert revived.total == 1
    assert (await verify(desk.client, desk.engine))["differences"] == []


async def test_a_case_that_nobody_has_opened_is_unknown(desk: Desk) -> None:
    for given in (order("accept", CLERK), order("reopen", SUPERIOR, reason="回头看")):
        with pytest.raises(UnknownCase):
            await desk.cases.act(UNKNOWN, given)
    with pytest.raises(UnknownCase):
        await desk.cases.show(UNKNOWN, RECEIVED_ON)
    assert await desk.runs(UNKNOWN) == []


@pytest.mark.long
async def test_cases_opened_together_live_apart(desk: Desk) -> None:
    numbers = await asyncio.gather(*(desk.open(title=f"第{no}件") for no in range(4)))
    assert sorted(numbers) == [f"QQ-620105-2023-{no:04d}" for no in range(1, 5)]
    await asyncio.gather(*(desk.cases.act(number, order("accept", CLERK)) for number in numbers[:2]))
    for no, number in enumerate(numbers):
        shown = await desk.show(number)
        assert (shown["title"], shown["stage"]) == (f"第{no}件", "transfer" if no < 2 else "intake")
        described = await desk.handle(number).describe()
        assert described.status is WorkflowExecutionStatus.RUNNING
    assert (await verify(desk.client, desk.engine))["cases"] == 4
