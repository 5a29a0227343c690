"""Scenarios are rehearsed on real servers, and their expectations are checked."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from domain.value import Light
from office.faults import Faults
from office.verification.verifying import verify
from rehearsal.run import rehearse, rehearse_on
from rehearsal.scenario import Scenario, read_scenario
from runtime.working import worker_for
from schema.journal import Entry
from tests.stack import fen

QINGSHIGOU = Path(__file__).parents[2] / "examples" / "qingshigou.toml"

SMALL = """
title = "小案"
starts_on = 2023-04-20
ends_on = 2023-05-20

[[case]]
ref = "a"
title = "道路工程款"
project = "北滨河路维修"
office = "620105"
channel = "hotline"
kind = "works"
claimed = "40万元"
received_on = 2023-04-26
creditor = { name = "八冶集团", size = "small", ownership = "private", contact = "13800000000" }
debtor = { name = "安宁区环卫局", kind = "organ" }

[[bond_batch]]
ref = "b"
name = "一般债券"
office = "620105"
quota = "10万元"
opens_on = 2023-04-22
allocates_on = 2023-05-08

[[step]]
on = 2023-05-15
case = "a"
by = "clerk:李敏@620105"
do = "accept"

[[step]]
on = 2023-05-16
case = "a"
by = "clerk:李敏@620105"
do = "accept"
refused = "wrong_stage"

[expect.case.a]
stage = "transfer"
claimed = "40万元"
light = "none"

[expect.batch.b]
stage = "allocated"
allocated = "0元"
"""

ENDING = """
title = "纳入以后、到位以前撤回"
starts_on = 2023-04-26
ends_on = 2023-07-31

[[case]]
ref = "w"
title = "工程款"
project = "道路"
office = "620105"
channel = "platform"
kind = "works"
claimed = "30万元"
received_on = 2023-04-26
creditor = { name = "某公司", size = "small", ownership = "private" }
debtor = { name = "某单位", kind = "organ" }

[[bond_batch]]
ref = "b1"
name = "第一批"
office = "620105"
quota = "100万元"
opens_on = 2023-05-04
allocates_on = 2023-05-31
{steps}
[expect.case.w]
stage = "withdrawn"
included = "0元"
available = "0元"
outstanding = "30万元"
events = [{ kind = "bond_included" }, { kind = "funds_returned", batch_no = "BB-620105-2023-01" }, { kind = "withdrawn" }]

[expect.batch.b1]
stage = "closed"
allocated = "30万元"
included = "0元"
remaining = "0元"
"""

UNTIL_WITHDRAWN = [
    ("05-04", 'case = "w"', "clerk:李敏@620105", "accept", ""),
    ("05-04", 'case = "w"', "clerk:李敏@620105", "forward", 'to = "debtor"'),
    ("05-04", 'case = "w"', "debtor", "acknowledge", ""),
    (
        *("05-04", 'case = "w"', "debtor", "recognise"),
        'settled = "30万元"\npaid = "0"\nundisputed = "30万元"\ndisputed = "0"\nas_of = "2023-05-04"',
    ),
    ("05-04", 'case = "w"', "creditor", "endorse", ""),
    (
        *("05-04", 'case = "w"', "debtor", "plan"),
        'sources = [{kind="bond",amount="30万元"}]\ninstalments = [{due_on="2023-12-29",amount="30万元"}]',
    ),
    ("06-02", 'batch = "b1"', "head:孙@620105", "approve", ""),
    ("06-05", 'case = "w"', "creditor", "withdraw", 'reason = "自行和解"'),
    ("06-06", 'case = "w"', "clerk:李敏@620105", "confirm_withdrawal", 'voluntary = true\nnote = "自愿"'),
    ("06-08", 'batch = "b1"', "finance:钱@620105", "close_batch", ""),
]

REOPENING = """
[[step]]
on = 2023-11-10
case = "qsg"
by = "head:高@620100"
do = "reopen"
reason = "回头看:第二笔未到账"
voucher = "PZ-2023-1023"

[[step]]
on = 2023-11-13
case = "qsg"
by = "debtor:王强"
do = "bounce"
voucher = "PZ-2023-1007"
reason = "没有这笔付款"
refused = "unknown_voucher"

[expect.case.qsg]
stage = "payment"
light = "red"
cleared = "2500万元"
in_transit = "1716万元"
"""


class Seen:
    """What a rehearsal reports to its watcher."""

    def __init__(self) -> None:
        self.stops: list[date] = []
        self.entries: list[tuple[str, str, Light]] = []

    def __call__(self, day: date, entry: Entry | None, light: Light) -> None:
        if entry is None:
            self.stops.append(day)
        else:
            self.entries.append((entry.stream, entry.event.kind, light))


UNTIL_ANSWERED = [
    ("05-08", "clerk:李敏@620105", "refuse", 'ground = "不属于受理范围"\napproved_by = "head:孙@620105"'),
    ("05-10", "creditor:赵", "appeal", 'reason = "属于受理范围"'),
    ("06-20", "head:高@620100", "reopen", 'reason = "属于受理范围"'),
]


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return written(tmp_path, SMALL)


def written(folder: Path, text: str) -> Scenario:
    """A scenario, read from a file like a person's."""
    path = folder / "scenario.toml"
    path.write_text(text, "utf-8")
    return read_scenario(path)


async def live(
    client: Client, engine: AsyncEngine, scenario: Scenario, seen: Seen | None = None
) -> dict[str, Any]:
    """Rehearse on the servers of the test session."""
    async with worker_for(client):
        return await rehearse_on(client, engine, scenario, seen or Seen())


async def test_qingshigou_is_paid_to_the_last_fen_with_a_short_history() -> None:
    """The whole life, on servers that the rehearsal starts and stops itself."""
    seen = Seen()
    result = await rehearse(read_scenario(QINGSHIGOU), seen)
    assert (result["ok"], result["failures"], result["days"]) == (True, [], 188)
    case = result["cases"]["qsg"]
    assert case["history_events"] <= 340
    assert (case["stage"], case["cleared_fen"], case["outstanding_fen"]) == ("closed", fen("4216万元"), 0)
    assert case["ended_on"] == "2023-10-27"
    confirmed = [event["on"] for event in case["events"] if event["kind"] == "receipt_confirmed"]
    assert confirmed == ["2023-09-28", "2023-10-23"]
    assert [event["seq"] for event in case["events"]] == list(range(1, len(case["events"]) + 1))
    assert {ref: batch["stage"] for ref, batch in result["batches"].items()} == {
        "b1": "closed",
        "b2": "closed",
    }
    assert seen.stops == sorted(seen.stops)
    assert [kind for stream, kind, _ in seen.entries if stream == case["case_no"]] == [
        event["kind"] for event in case["events"]
    ]


@pytest.mark.long
async def test_months_pass_between_the_stops_and_every_day_is_right(
    client: Client, engine: AsyncEngine, scenario: Scenario
) -> None:
    seen = Seen()
    result = await live(client, engine, scenario, seen)
    assert (result["ok"], result["failures"]) == (True, [])
    assert [(event["on"], event["kind"]) for event in result["cases"]["a"]["events"]] == [
        ("2023-04-26", "received"),
        ("2023-05-09", "deadline_near"),
        ("2023-05-09", "notice_issued"),
        ("2023-05-13", "deadline_lapsed"),
        ("2023-05-13", "notice_issued"),
        ("2023-05-15", "accepted"),
    ]
    batch_no = result["batches"]["b"]["batch_no"]
    assert {kind for stream, kind, _ in seen.entries if stream == batch_no} == {
        "batch_opened",
        "batch_allocated",
    }
    assert seen.entries[-1] == (result["cases"]["a"]["case_no"], "accepted", Light.NONE)
    assert result["cases"]["a"]["contact"] == "13800000000"
    assert (await verify(client, engine))["ok"]


@pytest.mark.long
async def test_what_is_not_as_expected_is_told_with_its_place(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    wrong = SMALL.replace('claimed = "40万元"\nlight', 'claimed = "41万元"\nlight')
    wrong = wrong.replace('stage = "allocated"', 'stage = "open"').replace("wrong_stage", "not_yours")
    wrong = wrong.replace('by = "clerk:李敏@620105"\ndo = "accept"\n\n', 'by = "creditor"\ndo = "accept"\n\n')
    result = await live(client, engine, written(tmp_path, wrong))
    assert not result["ok"]
    first, second, *expectations = result["failures"]
    assert first.startswith("step[1]: refused with not_yours:")
    assert second == "step[2]: should have been refused with not_yours"
    assert expectations == [
        "expect.batch.b.stage: expected open, got allocated",
        "expect.case.a.claimed: expected 41.00万元, got 40.00万元",
    ]
    assert result["cases"]["a"]["stage"] == "transfer"


TWICE = """
[[case]]
ref = "twice"
distinct = false
refused = "duplicate"
title = "再次登记"
project = "北滨河路 维修"
office = "620105"
channel = "platform"
kind = "works"
claimed = "40.3万元"
received_on = 2023-04-26
creditor = { name = "八冶集团" }
debtor = { name = "安宁区环卫局", kind = "organ" }
"""


ON_IT = """
[[step]]
on = 2023-05-17
case = "twice"
by = "clerk:李敏@620105"
do = "accept"

[expect.case.twice]
stage = "transfer"
"""


@pytest.mark.long
async def test_a_case_that_must_be_refused_as_a_double_is_none(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    result = await live(client, engine, written(tmp_path, SMALL + TWICE))
    assert (result["failures"], set(result["cases"])) == ([], {"a"})
    with pytest.raises(Faults) as wrong:
        written(tmp_path, SMALL + TWICE + ON_IT)
    assert wrong.value.faults[0] == "step[3].case: there is no case with the ref 'twice'"
    result = await live(client, engine, written(tmp_path, SMALL + TWICE.replace("北滨河路 维修", "另一道路")))
    assert result["failures"] == ["case twice: should have been refused with duplicate"]


@pytest.mark.long
async def test_nothing_is_done_with_a_case_that_could_not_be_registered(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    foreign = TWICE.replace('distinct = false\nrefused = "duplicate"', 'by = "clerk:陈@620100"')
    result = await live(client, engine, written(tmp_path, SMALL + foreign + ON_IT))
    (failure,) = result["failures"]
    assert failure.startswith("case twice: refused with not_yours:")


LISTS = """
[expect.case.a]
events = [
    { on = 2023-04-26, kind = "received", by = "clerk@620105" },
    { on = 2023-05-10, kind = "deadline_near" },
    { kind = "deadline_lapsed", duty = "intake", due_on = 2023-05-12, late = false },
    { kind = "deadline_near" },
    { kind = "accepted", by = "clerk:李敏@620105" },
]
duties = [{ duty = "transfer", owner = "clerk", light = "none" }, { duty = "transfer" }]
"""


@pytest.mark.long
async def test_of_an_expected_list_just_what_is_not_there_in_its_order_is_told(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    """The near deadline comes on another day and before the lapse; the transfer occurs once."""
    before, _, _ = SMALL.partition("[expect")
    result = await live(client, engine, written(tmp_path, before + LISTS))
    assert result["failures"] == [
        "expect.case.a.duties[2]: not found: {'duty': 'transfer'}",
        "expect.case.a.events[2]: not found: {'on': '2023-05-10', 'kind': 'deadline_near'}",
        "expect.case.a.events[4]: not found: {'kind': 'deadline_near'}",
    ]


PLAIN_LISTS = """
[expect.case.a]
channels = ["hotline"]
route = []
parts = []
duties = []
"""


@pytest.mark.long
async def test_an_expected_list_without_anything_is_empty_and_one_of_words_is_the_same(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    before, _, _ = SMALL.partition("[expect")
    result = await live(client, engine, written(tmp_path, before + PLAIN_LISTS))
    duties, route = result["failures"]
    assert duties.startswith("expect.case.a.duties: expected [], got [{'duty': 'transfer'")
    assert route == "expect.case.a.route: expected [], got ['620105']"


@pytest.mark.long
async def test_before_a_case_is_opened_everything_due_has_happened_to_the_others(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    """The first is forgotten, and rises to 督办 on 2023-05-17; the other one arrives later, as the last event."""
    _, first, rest = SMALL.partition("[[case]]")
    case = first + rest.partition("[[bond_batch]]")[0]
    later = case.replace('ref = "a"', 'ref = "later"').replace("2023-04-26", "2023-05-24")
    text = f'title = "二"\nstarts_on = 2023-04-20\n{case}{later}[expect.case.a]\nlight = "red"\nmode = "supervised"\n'
    assert (await live(client, engine, written(tmp_path, text)))["failures"] == []


@pytest.mark.long
async def test_a_light_is_that_of_the_day_on_which_the_scenario_ends(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    """受理 is due on 2023-05-12 and nobody does it: yellow from the 13th, red from the 17th."""
    head, _, rest = SMALL.partition("[[step]]")
    forgotten = head + "[expect" + rest.partition("[expect")[2]
    forgotten = forgotten.replace('stage = "transfer"', 'stage = "intake"')
    late = forgotten.replace('light = "none"', 'light = "red"')
    assert (await live(client, engine, written(tmp_path, late)))["failures"] == []


@pytest.mark.long
async def test_time_goes_on_for_a_case_that_is_reopened(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    """The answer to a denied receipt is due five working days after the re-opening, so it is red by the end of the year."""
    text = QINGSHIGOU.read_text("utf-8").replace("ends_on = 2023-10-31", "ends_on = 2023-12-29")
    before, _, _ = text.partition("[expect")
    scenario = written(tmp_path, before + REOPENING)
    result = await live(client, engine, scenario)
    assert result["failures"] == []
    duties = {duty["duty"]: duty for duty in result["cases"]["qsg"]["duties"]}
    assert (duties["answer"]["opened_on"], duties["answer"]["due_on"]) == ("2023-11-10", "2023-11-17")
    assert duties["answer"]["lapsed_on"] == "2023-11-18"
    assert (await verify(client, engine))["differences"] == []


@pytest.mark.long
async def test_time_goes_on_for_a_case_whose_appeal_was_answered_after_weeks(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    """The run that waited for the answer continues: 受理 is due ten working days after it, and is red in July."""
    head, _, _ = SMALL.replace("ends_on = 2023-05-20", "ends_on = 2023-07-31").partition("[[bond_batch]]")
    steps = "".join(
        f'\n[[step]]\non = 2023-{on}\ncase = "a"\nby = "{by}"\ndo = "{do}"\n{fields}\n'
        for on, by, do, fields in UNTIL_ANSWERED
    )
    result = await live(client, engine, written(tmp_path, head + steps))
    assert result["failures"] == []
    case = result["cases"]["a"]
    intake = next(duty for duty in case["duties"] if duty["duty"] == "intake")
    assert (intake["opened_on"], intake["due_on"]) == ("2023-06-20", "2023-07-05")
    assert (case["mode"], case["light"]) == ("key_supervised", "red")


@pytest.mark.long
async def test_a_batch_can_be_closed_when_its_case_ended_before_the_money_came(
    client: Client, engine: AsyncEngine, tmp_path: Path
) -> None:
    steps = "".join(
        f'\n[[step]]\non = 2023-{on}\n{whom}\nby = "{by}"\ndo = "{do}"\n{fields}\n'
        for on, whom, by, do, fields in UNTIL_WITHDRAWN
    )
    result = await live(client, engine, written(tmp_path, ENDING.replace("{steps}", steps)))
    assert result["failures"] == []
    assert (await verify(client, engine))["differences"] == []
