"""A case is suspended and resumed; it is escalated from above, by people and on behalf of hotlines."""

import asyncio
from collections import Counter
from datetime import date

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain.commands import AnyCommand
from domain.facts import Escalated
from domain.refusal import Code, Refusal
from office.verification.verifying import verify
from tests.known import fact
from tests.stack import (
    CITY,
    CLERK,
    DISTRICT,
    HEAD,
    PROMPT,
    STATED_AGAIN,
    SUPERIOR,
    Desk,
    order,
    outline,
    until_closed,
    until_objected,
)

UNDECIDED = until_objected()
"""The verification's 30 days end on Friday 2023-05-26: near on 05-23, lapsed on 05-27, supervised on 05-31."""

HOTLINE = order("escalate", "system", "12345-7", mode="supervised", reason="12345热线三次催办")


def suspend(until: str | None = None, command_id: str = "suspend") -> AnyCommand:
    return order("suspend", CLERK, command_id, reason="债务人单位合并,等待批复", until=until)


async def refused(desk: Desk, case_no: str, given: AnyCommand) -> Code:
    with pytest.raises(Refusal) as refusal:
        await desk.cases.act(case_no, given)
    return refusal.value.code


async def signal(desk: Desk, case_no: str, *commands: AnyCommand) -> None:
    """Escalate by signals; returns when the case has received them."""
    handle = desk.handle(case_no)
    await asyncio.gather(*(handle.signal("escalate", command) for command in commands))
    await desk.history_length(case_no)


@pytest.mark.long
async def test_a_suspended_case_fires_nothing_and_resumes_by_itself_on_its_day(desk: Desk) -> None:
    """Suspended from 05-24 to 06-23, 30 days: the verification is due on Sunday 2023-06-25, which is worked."""
    case_no = await desk.open(*UNDECIDED, rules=PROMPT)
    await desk.move_to(date(2023, 5, 24))
    answer = await desk.cases.act(case_no, suspend("2023-06-23"))
    assert (answer["suspended"], answer["light"]) == (True, "blue")
    assert await desk.timers(case_no) == 1
    known = len(await desk.journal(case_no))
    await desk.move_to(date(2023, 6, 22), hour=23, minute=59)
    assert len(await desk.journal(case_no)) == known
    shown = await desk.show(case_no)
    assert (shown["suspended"], shown["light"], shown["mode"]) == (True, "blue", "transferred")
    await desk.move_to(date(2023, 6, 23))
    shown = await desk.show(case_no)
    assert (shown["suspended"], shown["light"]) == (False, "blue")
    assert shown["duties"][0]["due_on"] == "2023-06-25"
    await desk.move_to(date(2023, 6, 28))
    assert outline((await desk.journal(case_no))[known:]) == [
        ("2023-06-23", "resumed"),
        ("2023-06-26", "deadline_lapsed"),
        ("2023-06-26", "notice_issued"),
        ("2023-06-28", "escalated"),
        ("2023-06-28", "notice_issued"),
    ]
    assert (await verify(desk.client, desk.engine))["differences"] == []


@pytest.mark.long
async def test_a_case_suspended_without_a_day_stands_still_for_a_month(desk: Desk) -> None:
    case_no = await desk.open(*UNDECIDED, rules=PROMPT)
    await desk.cases.act(case_no, suspend())
    await desk.move_to(date(2023, 5, 25))
    assert (await desk.kinds(case_no))[-1] == "suspended"
    extend = order("extend", HEAD, duty="verification", days=1, reason="材料较多")
    for given in (order("accept", CLERK, "a"), suspend(command_id="b"), extend):
        assert await refused(desk, case_no, given) is Code.SUSPENDED
    await desk.move_to(date(2023, 5, 26))
    shown = await desk.show(case_no)
    assert (shown["suspended"], shown["light"], shown["duties"][0]["due_on"]) == (False, "none", "2023-06-25")
    assert await desk.timers(case_no) == 1
    assert (
        await refused(desk, case_no, order("resume", CLERK, "again", reason="批复已下")) is Code.NOT_SUSPENDED
    )
    await desk.move_to(date(2023, 6, 26))
    assert (await desk.kinds(case_no))[-3:] == ["notice_issued", "deadline_lapsed", "notice_issued"]
    assert (await verify(desk.client, desk.engine))["differences"] == []


@pytest.mark.long
async def test_suspended_in_the_midst_of_a_climb_a_case_goes_on_where_it_stood(desk: Desk) -> None:
    """A level that was reached is not reached again; the next ones come later by the days that did not count."""
    case_no = await desk.open(*UNDECIDED, rules=PROMPT)
    await desk.move_to(date(2023, 5, 31))
    assert (await desk.show(case_no))["mode"] == "supervised"
    await desk.cases.act(case_no, suspend("2023-06-14"))
    await desk.move_to(date(2023, 7, 20))
    events = await desk.journal(case_no)
    after = [event.kind for event in events].index("suspended")
    assert outline(events[after:])[:4] == [
        ("2023-05-31", "suspended"),
        ("2023-06-14", "resumed"),
        ("2023-06-26", "escalated"),
        ("2023-06-26", "step_proposed"),
    ]
    kinds = Counter(event.kind for event in events if event.fact.kind != "notice_issued")
    assert (kinds["resumed"], kinds["escalated"]) == (1, 3)
    assert (await desk.show(case_no))["mode"] == "taken_over"
    assert (await verify(desk.client, desk.engine))["differences"] == []


@pytest.mark.long
async def test_suspension_and_its_day_survive_a_run(desk: Desk) -> None:
    case_no = await desk.open(*UNDECIDED, suspend("2023-05-24"), rules=PROMPT, commands_per_run=1)
    assert len(await desk.runs(case_no)) >= 4
    await desk.move_to(date(2023, 5, 23))
    assert (await desk.show(case_no))["suspended"]
    await desk.move_to(date(2023, 5, 24))
    assert not (await desk.show(case_no))["suspended"]
    await desk.move_to(date(2023, 9, 1))
    kinds = Counter(await desk.kinds(case_no))
    assert (kinds["suspended"], kinds["resumed"], kinds["escalated"]) == (1, 1, 3)


@pytest.mark.long
async def test_a_superior_escalates_once_and_never_down(desk: Desk) -> None:
    case_no = await desk.open(*UNDECIDED)
    press = order("escalate", SUPERIOR, "press", mode="key_supervised", reason="省长信箱来信")
    answers = await asyncio.gather(*(desk.cases.act(case_no, press) for _ in range(5)))
    assert {answer["seq"] for answer in answers} == {answers[0]["seq"]}
    assert answers[0]["mode"] == "key_supervised"
    for by, mode, code in (
        (SUPERIOR, "supervised", Code.WRONG_STAGE),
        (SUPERIOR, "key_supervised", Code.WRONG_STAGE),
        (SUPERIOR, "referred", Code.WRONG_STAGE),
        (HEAD, "taken_over", Code.NOT_YOURS),
        ("clerk:高@620100", "taken_over", Code.NOT_YOURS),
    ):
        assert await refused(desk, case_no, order("escalate", by, "x", mode=mode, reason="催办")) is code
    take = order("escalate", "head:何@620000", "take", mode="taken_over", reason="省级直办")
    answer = await desk.cases.act(case_no, take)
    assert (answer["mode"], answer["holder"]) == ("taken_over", "620000")
    assert answer["route"] == [DISTRICT, "620000"]
    assert (await desk.kinds(case_no)).count("escalated") == 2
    assert (await verify(desk.client, desk.engine))["differences"] == []


@pytest.mark.long
async def test_a_signal_escalates_once_however_often_it_comes(desk: Desk) -> None:
    case_no = await desk.open(*UNDECIDED)
    await signal(desk, case_no, *[HOTLINE] * 8)
    assert (await desk.show(case_no))["mode"] == "supervised"
    escalated = [event for event in await desk.journal(case_no) if event.kind == "escalated"]
    (event,) = escalated
    assert (str(event.by), event.command_id, fact(event, Escalated).reason) == (
        "system",
        "12345-7",
        "12345热线三次催办",
    )
    above = order("escalate", SUPERIOR, "s", mode="key_supervised", reason="督查组交办")
    await signal(desk, case_no, above, above)
    assert (await desk.show(case_no))["mode"] == "key_supervised"
    assert await desk.cases.act(case_no, above) == await desk.cases.act(case_no, above)
    assert (await verify(desk.client, desk.engine))["differences"] == []


@pytest.mark.long
async def test_a_signal_that_may_not_be_is_ignored(desk: Desk) -> None:
    case_no = await desk.open(*UNDECIDED)
    wrong = [
        order("escalate", HEAD, "a", mode="supervised", reason="自己督办自己"),
        order("escalate", "creditor", "b", mode="taken_over", reason="请省里办"),
        order("escalate", SUPERIOR, "c", mode="transferred", reason="降级"),
        order("escalate", "system", "d", mode="referred", reason="移交"),
        order("escalate", "head:何@990000", "e", mode="supervised", reason="外省"),
    ]
    before = await desk.journal(case_no)
    await signal(desk, case_no, *wrong)
    handle = desk.handle(case_no)
    for name in ("escalate", "bond_news"):
        await handle.signal(name)
        for nonsense in (None, {}, {"do": name, "mode": "harder"}, {"do": "accept"}):
            await handle.signal(name, nonsense)
    for nonsense in (None, {}, {"do": "cheer"}):
        for name in ("act", "adopt"):
            with pytest.raises(WorkflowUpdateFailedError):
                await handle.execute_update(name, nonsense)
    await desk.history_length(case_no)
    assert await desk.journal(case_no) == before
    await signal(desk, case_no, HOTLINE)
    assert (await desk.show(case_no))["mode"] == "supervised"


@pytest.mark.long
async def test_a_flood_of_signals_is_one_escalation_and_leaves_the_case_answering(desk: Desk) -> None:
    case_no = await desk.open(*UNDECIDED)
    flood = [HOTLINE.model_copy(update={"command_id": f"12345-{no}"}) for no in range(300)]
    before = await desk.show(case_no)
    await asyncio.gather(
        signal(desk, case_no, *flood, *flood[:100]),
        desk.cases.act(case_no, STATED_AGAIN),
    )
    shown = await desk.show(case_no)
    assert (shown["mode"], shown["duties"][0]["duty"]) == ("supervised", "endorsement")
    kinds = (await desk.kinds(case_no))[before["seq"] :]
    assert Counter(kinds) == {"escalated": 1, "notice_issued": 1, "recognised": 1}
    assert (await verify(desk.client, desk.engine))["differences"] == []


async def test_a_suspended_case_can_be_escalated_and_stays_suspended(desk: Desk) -> None:
    case_no = await desk.open(*UNDECIDED, suspend("2023-05-24"), rules=PROMPT)
    await signal(desk, case_no, HOTLINE)
    take = order("escalate", SUPERIOR, "take", mode="taken_over", reason="久拖不决")
    answer = await desk.cases.act(case_no, take)
    assert (answer["suspended"], answer["mode"], answer["holder"]) == (True, "taken_over", CITY)
    assert await refused(desk, case_no, order("resume", CLERK, reason="恢复")) is Code.NOT_YOURS
    answer = await desk.cases.act(case_no, order("resume", "clerk:陈@620100", reason="恢复"))
    assert not answer["suspended"]


@pytest.mark.long
@pytest.mark.parametrize("commands_per_run", [1500, 1])
async def test_suspension_escalation_and_money_at_once_leave_one_story(
    desk: Desk, commands_per_run: int
) -> None:
    """Whatever comes first: what is acknowledged is on record, and what is refused is not."""
    alive = until_closed()[:7]
    case_no = await desk.open(*alive, rules=PROMPT, commands_per_run=commands_per_run)
    before = (await desk.show(case_no))["seq"]
    given = [
        suspend("2023-05-24"),
        order("resume", CLERK, reason="恢复"),
        order("escalate", SUPERIOR, "up", mode="supervised", reason="催办"),
        order("escalate", SUPERIOR, "take", mode="taken_over", reason="直办"),
        order("relieve", "head:高@620100", reason="已支付"),
        until_closed()[7],
        order("extend", "head:高@620100", duty="instalment", days=5, reason="年底"),
    ]

    async def is_done(command: AnyCommand) -> bool:
        try:
            await desk.cases.act(case_no, command)
        except Refusal:
            return False
        return True

    twice = [*given, *given]
    _, *done = await asyncio.gather(signal(desk, case_no, HOTLINE), *(is_done(command) for command in twice))
    answered = {command.command_id for command, ok in zip(twice, done, strict=True) if ok}
    await desk.history_length(case_no)
    events = (await desk.journal(case_no))[before:]
    recorded = {event.command_id for event in events if event.command_id}
    assert recorded - {HOTLINE.command_id} == answered
    assert (await verify(desk.client, desk.engine))["differences"] == []
