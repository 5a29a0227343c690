"""A running case adopts other rules, or the calendar of a new notice."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from domain.calendar import business_instant
from domain.commands import AnyCommand
from domain.facts import PolicyAdopted, Redated
from domain.refusal import Code, Refusal
from office.calendar.files import NoticeFile, read_notice
from office.calendar.loading import load
from office.packs import load_pack, use_packs_in
from office.redating import redate_all, waiting
from office.verification.verifying import verify
from schema import rulebook
from tests.known import fact
from tests.stack import (
    CLERK,
    HEAD,
    PROMPT,
    REFUSED,
    SUPERIOR,
    Desk,
    agreed,
    eventually,
    order,
    outline,
    until_closed,
    until_objected,
)

GANSU = files("policies").joinpath("gansu.toml").read_text("utf-8")
UNDECIDED = until_objected()

Write = Callable[[str, str], None]


@pytest.fixture
def policies(tmp_path: Path) -> Iterator[Write]:
    """Rule packs of a test's own, by name."""

    def write(name: str, text: str) -> None:
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
        use_packs_in(str(tmp_path))

    yield write
    use_packs_in(None)


def another(name: str, *changes: tuple[str, str]) -> str:
    """The Gansu pack under another name, with changes."""
    text = GANSU.replace('name = "gansu"', f'name = "{name}"').replace("spread = 50", "spread = 0")
    for was, now in changes:
        assert was in text
        text = text.replace(was, now, 1)
    return text


STRICT = another(
    "strict",
    ('term = "30d"\nceiling = "90d"', 'term = "20d"\nceiling = "60d"'),
    ('against = "office"\nat = "3wd"', 'against = "office"\nat = "2wd"'),
)


def adopt(policy: str = "strict", command_id: str = "adopt", by: str = HEAD) -> AnyCommand:
    return order("adopt_policy", by, command_id, policy=policy, reason="省里新规")


async def refused(desk: Desk, case_no: str, given: AnyCommand) -> Code:
    with pytest.raises(Refusal) as refusal:
        await desk.cases.act(case_no, given)
    return refusal.value.code


@pytest.mark.parametrize("commands_per_run", [1500, 1])
async def test_a_case_lives_by_the_rules_that_it_has_adopted(
    desk: Desk, policies: Write, commands_per_run: int
) -> None:
    """20 days after 2023-04-26 are Tuesday 2023-05-16: two days before the day on which the rules are adopted."""
    policies("strict", STRICT)
    case_no = await desk.open(*UNDECIDED, rules=PROMPT, commands_per_run=commands_per_run)
    await desk.move_to(date(2023, 5, 18))
    answer = await desk.cases.act(case_no, adopt())
    assert (answer["policy"], answer["mode"]) == ("strict@2026.1", "supervised")
    (duty,) = answer["duties"]
    assert (duty["due_on"], duty["term"], duty["rules"]) == ("2023-05-16", "20d", "strict@2026.1")
    events = await desk.journal(case_no)
    adopted = next(event for event in events if event.kind == "policy_adopted")
    told = fact(adopted, PolicyAdopted)
    assert (str(adopted.by), told.was, told.reason) == (HEAD, "gansu@2026.1", "省里新规")
    (moved,) = told.moved
    assert (moved.duty, moved.was, moved.due_on) == ("verification", date(2023, 5, 26), date(2023, 5, 16))
    assert outline(events[events.index(adopted) :]) == [
        ("2023-05-18", "policy_adopted"),
        ("2023-05-11", "deadline_near"),
        ("2023-05-17", "deadline_lapsed"),
        ("2023-05-18", "escalated"),
        ("2023-05-18", "notice_issued"),
    ]
    assert (len(await desk.runs(case_no)) > 1) == (commands_per_run == 1)
    await desk.move_to(date(2023, 5, 29), hour=23)
    assert await desk.journal(case_no) == events
    await desk.move_to(date(2023, 5, 30))
    shown = await desk.show(case_no)
    assert (shown["mode"], shown["policy"]) == ("key_supervised", "strict@2026.1")
    foreseen = await desk.cases.forecast(case_no, desk.now)
    taken = next(event for event in foreseen["events"] if event["data"].get("mode") == "taken_over")
    assert taken["on"] == "2023-06-13"
    await desk.move_to(date(2023, 6, 13))

    async def is_taken_over() -> bool:
        return str((await desk.show(case_no))["mode"]) == "taken_over"

    await eventually(is_taken_over)
    assert await verify(desk.client, desk.engine) == agreed(1)


@pytest.mark.long
async def test_rules_are_adopted_once_and_answered_alike(desk: Desk, policies: Write) -> None:
    policies("strict", STRICT)
    case_no = await desk.open(*UNDECIDED, rules=PROMPT, commands_per_run=1)
    answers = await asyncio.gather(*(desk.cases.act(case_no, adopt()) for _ in range(4)))
    assert all(answer == answers[0] for answer in answers)
    policies("strict", another("strict", ('version = "2026.1"', 'version = "2026.2"')))
    assert await desk.cases.act(case_no, adopt()) == answers[0]
    assert (await desk.kinds(case_no)).count("policy_adopted") == 1
    answer = await desk.cases.act(case_no, adopt(command_id="again"))
    assert (answer["policy"], answer["duties"][0]["due_on"]) == ("strict@2026.2", "2023-05-26")
    async with desk.engine.connect() as connection:
        assert (await rulebook.of_case(connection, case_no)).pack == "strict@2026.2"
    assert (await verify(desk.client, desk.engine))["differences"] == []


@pytest.mark.long
async def test_rules_that_cannot_be_adopted_change_nothing(desk: Desk, policies: Write) -> None:
    policies("strict", STRICT)
    policies("elsewhere", another("elsewhere", ('620105 = "安宁区清欠办"\n', "")))
    lax = GANSU.index("[[ladder]]", GANSU.index('level = "lapsed"'))
    end = GANSU.index("[[ladder]]", lax + 1)
    policies("lax", another("lax", (GANSU[lax:end], "")))
    policies("wrong", "name = wrong")
    case_no = await desk.open(*UNDECIDED, rules=PROMPT)
    await desk.move_to(date(2023, 5, 31))
    before = await desk.journal(case_no)
    length = await desk.history_length(case_no)
    for policy, by, code in (
        ("strict", CLERK, Code.NOT_YOURS),
        ("strict", "head:高@620100", Code.NOT_YOURS),
        ("elsewhere", HEAD, Code.MALFORMED),
        ("lax", HEAD, Code.MALFORMED),
        ("wrong", HEAD, Code.MALFORMED),
        ("atlantis", HEAD, Code.MALFORMED),
    ):
        assert await refused(desk, case_no, adopt(policy, by=by)) is code
    assert await desk.journal(case_no) == before
    assert await desk.history_length(case_no) == length
    await desk.cases.act(case_no, order("suspend", CLERK, "hold", reason="等待批复"))
    assert await refused(desk, case_no, adopt()) is Code.SUSPENDED
    await desk.cases.act(case_no, order("resume", CLERK, reason="恢复"))
    assert (await desk.cases.act(case_no, adopt()))["policy"] == "strict@2026.1"
    ended = await desk.open(*REFUSED)
    await desk.handle(ended).result()
    assert await refused(desk, ended, adopt()) is Code.CASE_ENDED


@pytest.mark.long
async def test_an_office_whose_head_is_to_decide_cannot_vanish(desk: Desk, policies: Write) -> None:
    """Without the city the district's superior would be the province; but the interview waits for the city's head."""
    policies("flat", another("flat", ('620100 = "兰州市清欠办"\n', "")))
    case_no = await desk.open(*UNDECIDED, rules=PROMPT)
    await desk.move_to(date(2023, 6, 9))
    assert await refused(desk, case_no, adopt("flat")) is Code.MALFORMED
    await desk.cases.act(case_no, order("decline_step", SUPERIOR, step="interview", reason="已约谈"))
    assert (await desk.cases.act(case_no, adopt("flat")))["policy"] == "flat@2026.1"
    await desk.move_to(date(2023, 6, 26))
    assert (await desk.show(case_no))["holder"] == "620000"


@pytest.mark.long
async def test_a_case_that_is_reopened_lives_by_what_it_had_adopted(desk: Desk, policies: Write) -> None:
    policies("strict", STRICT)
    case_no = await desk.open(*until_closed()[:3], adopt(), *until_closed()[3:], rules=PROMPT)
    assert await desk.handle(case_no).result() == "closed"
    answer = await desk.cases.act(case_no, order("reopen", SUPERIOR, reason="金额有误"))
    assert (answer["policy"], answer["duties"][0]["term"]) == ("strict@2026.1", "20d")


NOTICE = "国办发明电〔2026〕9号"
RECEIVED = date(2026, 12, 21)


@pytest.fixture
def notice(tmp_path: Path) -> NoticeFile:
    """An invented notice of 2027: off from the 1st to the 4th, and the weekend of the 9th is worked."""
    path = tmp_path / "2027.toml"
    path.write_text(
        'year = 2027\noff = ["2027-01-01..2027-01-04"]\nwork = [2027-01-09, 2027-01-10]\n', "utf-8"
    )
    return read_notice(path, NOTICE)


@pytest.fixture
def year_end(desk: Desk) -> Desk:
    """The desk at a time from which terms reach into a year without a published notice."""
    desk.now = business_instant(RECEIVED, 9)
    return desk


async def received(desk: Desk, *orders: AnyCommand, **changes: Any) -> str:
    rules = load_pack("gansu").for_case(await desk.cases.calendar(RECEIVED))
    rules = rules.model_copy(update={"spread": 0})
    return await desk.open(*orders, rules=rules, received_on=RECEIVED, **changes)


@pytest.mark.long
@pytest.mark.parametrize("commands_per_run", [1500, 1])
async def test_a_notice_makes_provisional_days_final_in_every_open_case(
    year_end: Desk, notice: NoticeFile, commands_per_run: int
) -> None:
    """From Friday 2026-12-25 on, by the law and by the notice: ten working days for 转办, five for 补正."""
    desk, engine = year_end, year_end.engine
    await desk.move_to(date(2026, 12, 25))
    moved = await received(desk, order("accept", CLERK), commands_per_run=commands_per_run)
    waits = await received(desk, order("request_correction", CLERK, items=["合同"]))
    held = await received(desk, order("accept", CLERK), order("suspend", CLERK, reason="等待批复"))
    ended = await received(desk, *REFUSED)
    open_cases = (moved, waits, held)
    for case_no in open_cases:
        shown = await desk.show(case_no)
        assert [duty["provisional"] for duty in shown["duties"]] == [True]
    async with engine.begin() as connection:
        loaded = await load(connection, notice)
    assert (loaded.year, loaded.horizon) == (2027, date(2027, 12, 31))
    found = await waiting(engine)
    assert [one.case.case_no for one in found] == list(open_cases)
    assert await redate_all(desk.cases, found) == await redate_all(desk.cases, found) == (3, [])
    for case_no in open_cases:
        events = await desk.journal(case_no)
        (event,) = [event for event in events if event.kind == "redated"]
        assert (str(event.by), event.on, fact(event, Redated).notice) == (
            "system",
            date(2026, 12, 25),
            NOTICE,
        )
        shown = await desk.show(case_no)
        assert [(duty["provisional"], duty["calendar"]) for duty in shown["duties"]] == [(False, NOTICE)]
        (one,) = fact(event, Redated).moved
        assert (one.was.isoformat(), one.due_on.isoformat()) == (
            ("2027-01-04", "2027-01-05") if case_no == waits else ("2027-01-11", "2027-01-10")
        )
        assert shown["duties"][0]["due_on"] == one.due_on.isoformat()
    assert "redated" not in await desk.kinds(ended)
    assert await waiting(engine) == []
    assert (await verify(desk.client, engine))["differences"] == []


@pytest.mark.long
async def test_a_notice_loaded_twice_at_once_and_beside_commands_redates_once(
    year_end: Desk, notice: NoticeFile
) -> None:
    desk, engine = year_end, year_end.engine
    case_nos = [await received(desk, order("accept", CLERK), title=f"第{no}件") for no in range(6)]
    async with engine.begin() as connection:
        await load(connection, notice)
    found = await waiting(engine)
    await asyncio.gather(
        redate_all(desk.cases, found),
        *(desk.cases.act(case_no, order("forward", CLERK, to="debtor")) for case_no in case_nos),
        redate_all(desk.cases, found),
    )
    for case_no in case_nos:
        assert Counter(await desk.kinds(case_no))["redated"] == 1
        assert (await desk.show(case_no))["duties"][0]["calendar"] == NOTICE
    assert (await verify(desk.client, engine))["differences"] == []


async def test_the_calendar_does_not_outlive_an_adoption_of_rules(
    year_end: Desk, notice: NoticeFile, policies: Write
) -> None:
    """Rules that are adopted after the notice come with its calendar."""
    desk, engine = year_end, year_end.engine
    case_no = await received(desk, order("accept", CLERK))
    async with engine.begin() as connection:
        await load(connection, notice)
    policies("strict", STRICT)
    await desk.cases.act(case_no, adopt())
    assert await waiting(engine) == []
    assert (await desk.show(case_no))["duties"][0]["calendar"] == NOTICE


async def test_a_notice_names_the_cases_that_it_could_not_reach(year_end: Desk, notice: NoticeFile) -> None:
    desk, engine = year_end, year_end.engine
    lost, other = [await received(desk, order("accept", CLERK)) for _ in range(2)]
    async with engine.begin() as connection:
        await load(connection, notice)
    await desk.handle(lost).terminate()
    brought = await redate_all(desk.cases, await waiting(engine))
    (unreached,) = brought.to_json()["unreached"]
    assert (brought.cases, unreached["case_no"]) == (1, lost)
    assert "已被终止" in unreached["message"]
    assert "was terminated" in unreached["detail"]
    assert [one.case.case_no for one in await waiting(engine)] == [lost]
    assert "redated" in await desk.kinds(other)
