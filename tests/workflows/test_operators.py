"""Operators find workflows by office and mode, and see the state of each; a light changes by itself on its day."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.sdk.v1 import WorkflowMetadata

from domain.calendar import SHANGHAI, business_date
from domain.commands import AnyCommand
from domain.duty import DutyKind
from domain.receipt import Contacts
from domain.refusal import Refusal
from office.calendar.loading import calendar_of
from office.cases import Casework
from office.packs import load_pack
from tests.stack import (
    CLERK,
    DISTRICT,
    PROMPT,
    RECEIVED_ON,
    SUPERIOR,
    Desk,
    eventually,
    order,
    receipt,
    until_closed,
    until_planned,
)


async def listed(desk: Desk, query: str) -> set[str]:
    """The ids of the workflows that an operator's query finds."""
    return {run.id async for run in desk.client.list_workflows(query)}


async def finds(desk: Desk, query: str, *case_nos: str) -> None:
    """Wait until a query finds exactly these cases: visibility is eventually consistent."""

    async def holds() -> bool:
        return await listed(desk, query) == set(case_nos)

    await eventually(holds)


async def attributes(desk: Desk, case_no: str) -> dict[str, object]:
    """The search attributes of a case by name; `BuildIds` is the server's own."""
    described = await desk.handle(case_no).describe()
    values = {pair.key.name: pair.value for pair in described.typed_search_attributes}
    return {name: value for name, value in values.items() if name != "BuildIds"}


async def details(desk: Desk, stream: str) -> str:
    """The state of a workflow that Temporal's page displays."""
    told = await desk.handle(stream).query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    return str(told.current_details)


@pytest.mark.long
async def test_a_case_is_listed_by_who_handles_it_and_how_far_it_is_pressed(desk: Desk) -> None:
    case_no = await desk.open(order("accept", "clerk:陈@620100"), office="620100")
    await finds(desk, "Office = '620100' AND `Mode` = 'transferred'", case_no)
    await desk.cases.act(case_no, order("forward", "clerk:陈@620100", to="620105"))
    await finds(desk, "Office = '620105'", case_no)
    await finds(desk, "Office = '620100'")
    await desk.cases.act(case_no, order("escalate", SUPERIOR, mode="taken_over", reason="久拖不决"))
    await finds(desk, "Office = '620100' AND `Mode` = 'taken_over'", case_no)
    assert await details(desk, case_no) == "transfer · taken_over · 620100"


@pytest.mark.long
async def test_of_several_cases_each_is_listed_by_itself(desk: Desk) -> None:
    received = await desk.open()
    planned = await desk.open(*until_planned())
    ended = await desk.open(*until_closed())
    await finds(desk, "WorkflowType = 'ArrearsCase'", received, planned, ended)
    await finds(desk, "Office = '620105' AND ExecutionStatus = 'Completed'", ended)
    await finds(desk, "ExecutionStatus = 'Running'", received, planned)


async def test_search_attributes_hold_no_names_and_change_with_few_commands(desk: Desk) -> None:
    case_no = await desk.open(*until_planned())
    assert await attributes(desk, case_no) == {"Office": "620105", "Mode": "transferred"}
    changes = EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES
    assert (await desk.history_events(case_no))[changes] == 0


@pytest.mark.long
async def test_the_light_changes_when_its_day_comes_and_goes_out_when_the_duty_is_met(desk: Desk) -> None:
    """受理 is due ten working days after Wednesday 2023-04-26: 1 to 3 May are a holiday, Saturday 6 May is worked."""
    case_no = await desk.open(rules=PROMPT)
    assert (await desk.show(case_no))["duties"][0]["due_on"] == "2023-05-12"
    for day, light in (
        (date(2023, 5, 8), "none"),
        (date(2023, 5, 9), "blue"),
        (date(2023, 5, 12), "blue"),
        (date(2023, 5, 13), "yellow"),
        (date(2023, 5, 16), "yellow"),
        (date(2023, 5, 17), "red"),
        (date(2023, 5, 24), "red"),
    ):
        await desk.move_to(day)
        assert (await desk.show(case_no))["light"] == light
    answer = await desk.cases.act(case_no, order("accept", CLERK))
    assert answer["light"] == "none"


async def test_a_duty_is_late_when_the_next_day_begins_not_before(desk: Desk) -> None:
    case_no = await desk.open(rules=PROMPT)
    await desk.move_to(date(2023, 5, 12), hour=23)
    assert (await desk.show(case_no))["light"] == "blue"
    length = await desk.history_length(case_no)
    await desk.move_to(date(2023, 5, 13), hour=0)
    assert (await desk.show(case_no))["light"] == "yellow"
    assert await desk.history_length(case_no) > length


@pytest.mark.long
async def test_the_worst_light_of_several_duties_shows(desk: Desk) -> None:
    """The first of two instalments turns blue while the bond is far from late."""
    plan = order(
        "plan",
        "debtor:王强",
        sources=[{"kind": "bond", "amount": "300万元"}],
        instalments=[
            {"due_on": "2023-05-31", "amount": "1万元"},
            {"due_on": "2023-12-29", "amount": "299万元"},
        ],
    )
    case_no = await desk.open(*until_planned()[:-1], plan)
    await desk.move_to(date(2023, 5, 29))
    assert (await desk.show(case_no))["light"] == "blue"
    await desk.move_to(date(2023, 6, 1))
    assert (await desk.show(case_no))["light"] == "yellow"


@pytest.mark.long
async def test_a_case_that_nobody_touches_wakes_only_when_something_happens(desk: Desk) -> None:
    """Ten times in a year. Other days cost nothing."""

    async def wakings() -> int:
        kinds = [event.event_type async for event in desk.handle(case_no).fetch_history_events()]
        return kinds.count(EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)

    case_no = await desk.open(rules=PROMPT)
    before = await wakings()
    for months in range(1, 13):
        await desk.move_to(RECEIVED_ON + timedelta(days=30 * months))
    happened = {event.at for event in (await desk.journal(case_no))[1:]}
    assert len(happened) == len(PROMPT.rungs(DutyKind.INTAKE)) + 2 * len(PROMPT.rungs(DutyKind.GATE))
    assert await wakings() == before + len(happened)


@pytest.mark.parametrize("is_late", [False, True])
async def test_a_live_case_goes_by_the_real_clock(desk: Desk, is_late: bool) -> None:
    live = Casework(desk.client, desk.engine)
    began = datetime.now(SHANGHAI)
    received_on = business_date(began) - timedelta(days=60 if is_late else 0)
    rules = load_pack("gansu").for_case(await calendar_of(desk.engine, received_on))
    opened = await live.open(receipt(received_on=received_on), rules, contacts=Contacts("13800000000"))
    answer = await live.act(opened.case_no, order("accept", CLERK))
    events = await desk.journal(opened.case_no)
    assert all(began <= event.at <= datetime.now(SHANGHAI) for event in events)
    assert all(event.on == business_date(event.at) for event in (events[0], events[-1]))
    assert ("late_on_entry" in [event.kind for event in events]) == is_late
    assert answer["received_on"] == received_on.isoformat()
    assert (answer["holder"], answer["light"]) == (DISTRICT, "none")
    shown = await live.show(opened.case_no, received_on)
    assert shown["contact"] == "13800000000"
    assert re.fullmatch(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){2,}", opened.access_code)


async def test_a_contact_that_is_put_right_goes_to_the_register_alone(desk: Desk) -> None:
    case_no = await desk.open()

    async def reached() -> tuple[str, str]:
        shown = await desk.cases.show(case_no, RECEIVED_ON)
        return shown["contact"], shown["debtor_contact"]

    def given(command_id: str, **facts: Any) -> AnyCommand:
        return order("correct", CLERK, command_id, facts=facts, reason="来电更正")

    both = given("c1", creditor={"contact": "王 13800000000"}, debtor={"contact": "李 13900000000"})
    for _ in range(2):
        await desk.cases.act(case_no, both)
    assert await reached() == ("王 13800000000", "李 13900000000")
    await desk.cases.act(case_no, given("c2", creditor={"contact": "赵 13700000000"}))
    await desk.cases.act(case_no, both)  # Sent again long after: a later correction stays.
    assert await reached() == ("赵 13700000000", "李 13900000000")
    for facts in ({"creditor": {"contact": "钱", "size": "micro"}}, {"creditor": {"contact": "***"}}):
        with pytest.raises(Refusal, match="contact"):
            await desk.cases.act(case_no, given("c3", **facts))
    assert await reached() == ("赵 13700000000", "李 13900000000")
    history = await desk.handle(case_no).fetch_history()
    told = b"".join(event.SerializeToString() for event in history.events).decode(errors="replace")
    told += "".join(event.model_dump_json() for event in await desk.journal(case_no))
    assert told.count("***") >= 4
    assert not re.search("1[378]00000000|13900000000", told)
