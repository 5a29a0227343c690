"""The interface for programs: what it answers, to whom, and the same again under the same key."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import text

from domain.actors import parse_actor
from portal.api.documents import (
    BatchDocument,
    BatchList,
    CaseAfterCommand,
    CaseList,
    CaseLookedAt,
    EventList,
    ProblemDocument,
)
from portal.api.parties import EnterpriseCase
from schema.window import codes, people
from tests.portal.visits import Browser, add_token, employ, opened
from tests.stack import CLERK, DISTRICT, FINANCE, HEAD, Servers, order, until_planned

CASES, BATCHES = "/api/v1/cases", "/api/v1/bond-batches"
ACCEPT = {"do": "accept", "by": CLERK}
NEW: Final[dict[str, Any]] = {
    "title": "道路工程款",
    "project": "北滨河路维修",
    "creditor": {
        "name": "八冶集团",
        "size": "small",
        "ownership": "private",
        "contact": "王经理 13800000000",
    },
    "debtor": {"name": "安宁区环卫局", "kind": "organ"},
    "office": DISTRICT,
    "channel": "hotline",
    "kind": "works",
    "claimed": "４00万元",
    "received_on": "2023-04-26",
}
BATCH = {
    "name": "2023年第一批一般债券",
    "office": DISTRICT,
    "quota": "2500万元",
    "opens_on": "2023-04-26",
    "allocates_on": "2023-05-26",
}


@pytest.fixture
async def program(portal: Browser) -> Browser:
    """A program of Anning that may do everything."""
    portal.headers.update(await add_token(portal.window))
    await employ(portal.window, CLERK, HEAD, FINANCE)
    return portal


async def _post(browser: Browser, path: str, body: Any, key: str | None = None) -> Any:
    return await browser.post(path, json=body, headers={"Idempotency-Key": key} if key else None)


def _is_problem(answer: Any, status: int, code: str | None = None) -> ProblemDocument:
    """An answer as a problem document."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = ProblemDocument.model_validate(answer.json())
    assert (problem.status, problem.code) == (status, code)
    assert problem.message.strip()
    assert problem.detail.strip()
    return problem


async def test_a_case_is_opened_acted_on_and_read(program: Browser) -> None:
    made = await _post(program, CASES, NEW)
    assert made.status_code == 201
    case_no, code = made.json()["case_no"], made.json()["access_code"]
    case = (await program.get(f"{CASES}/{case_no}")).json()
    CaseLookedAt.model_validate(case)
    assert (case["claimed_fen"], case["stage"], case.get("contact")) == (400_000_000, "intake", None)

    accepted = await _post(program, f"{CASES}/{case_no}/commands", ACCEPT, "k1")
    assert (accepted.status_code, accepted.json()["stage"]) == (200, "transfer")

    events = (await program.get(f"{CASES}/{case_no}/events")).json()
    EventList.model_validate(events)
    assert [event["kind"] for event in events["events"]] == ["received", "accepted"]
    assert "13800000000" not in str(events)

    asked = await _post(program, "/api/v1/enquiries", {"case_no": case_no, "access_code": code})
    assert asked.status_code == 201
    bearer = {"Authorization": f"Bearer {asked.json()['token']}"}
    own = (await program.get("/api/v1/enquiries/current", headers=bearer)).json()
    EnterpriseCase.model_validate(own)
    assert (own["case_no"], own["supervised_by"]) == (case_no, None)
    await program.desk.cases.act(
        case_no, order("escalate", "head:周@620100", mode="key_supervised", reason="督办")
    )
    own = (await program.get("/api/v1/enquiries/current", headers=bearer)).json()
    assert (own["mode"], own["supervised_by"]) == ("supervised", "620100")
    assert {"note", "route", "policy", "contact"}.isdisjoint(own)
    _is_problem(await program.get(f"{CASES}/{case_no}", headers=bearer), 401)
    _is_problem(await program.get("/api/v1/enquiries/current"), 401)


async def test_a_case_is_registered_by_a_clerk_of_the_token_s_office(program: Browser) -> None:
    for by, said in ((None, "clerk@620105"), (CLERK, CLERK)):
        body = NEW | {"distinct": True} | ({"by": by} if by else {})
        case_no = (await _post(program, CASES, body)).json()["case_no"]
        (received,) = await program.desk.journal(case_no)
        assert (str(received.by), received.account is None) == (said, by is None)
    for by in ("clerk:陈@620100", "clerk:无此人@620105"):
        _is_problem(await _post(program, CASES, NEW | {"by": by}), 403, "not_yours")
    _is_problem(await _post(program, CASES, NEW | {"by": "head:孙@620105"}), 403, "not_yours")
    assert _is_problem(await _post(program, CASES, NEW | {"by": "李敏"}), 422, "malformed").field == "by"


async def test_a_double_is_a_conflict_with_its_candidates(program: Browser) -> None:
    case_no = (await _post(program, CASES, NEW)).json()["case_no"]
    problem = _is_problem(await _post(program, CASES, NEW | {"claimed": "398万元"}), 409, "duplicate")
    assert problem.field == "distinct"
    assert problem.candidates is not None
    assert [(one.case_no, one.stage, one.holder) for one in problem.candidates] == [
        (case_no, "intake", DISTRICT)
    ]
    assert (await _post(program, CASES, NEW | {"distinct": True})).status_code == 201


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"creditor": NEW["creditor"] | {"code": "9" * 2700}}, "creditor.code"),
        ({"creditor": NEW["creditor"] | {"code": "0" * 18}}, "creditor.code"),
        ({"creditor": NEW["creditor"] | {"code": "91350100M000100Y44"}}, "creditor.code"),
        ({"creditor": NEW["creditor"] | {"contact": "1" * 201}}, "creditor.contact"),
        ({"debtor": {"name": "局" * 201, "kind": "organ"}}, "debtor.name"),
        ({"note": "长" * 2001}, "note"),
        ({"received_on": "0023-04-26"}, "received_on"),
        ({"contract_signed_on": "1023-04-26"}, "contract.signed_on"),
        ({"contract": {"settled_on": "2099-04-26"}}, "contract"),
        ({"claimed": "100.01万亿元"}, "claimed"),
    ],
)
async def test_what_is_too_much_opens_nothing_and_costs_no_number(
    program: Browser, changes: dict[str, Any], field: str
) -> None:
    assert _is_problem(await _post(program, CASES, NEW | changes, "k"), 422, "malformed").field == field
    made = await _post(program, CASES, NEW, "k")
    assert made.json()["case_no"] == f"QQ-{DISTRICT}-2023-0001"


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2060-01-01", "9999-12-31"])
async def test_a_batch_is_opened_for_no_day_beyond_sight(program: Browser, day: str) -> None:
    answer = await _post(program, BATCHES, BATCH | {"opens_on": min(day, "2023-04-26"), "allocates_on": day})
    assert _is_problem(answer, 422, "malformed").field in ("opens_on", "allocates_on")


@pytest.mark.parametrize(
    ("command", "field"),
    [
        ({"do": "refuse", "by": CLERK, "ground": "长" * 2001}, "ground"),
        ({"do": "request_correction", "by": CLERK, "items": ["合同"] * 21}, "items"),
        ({"do": "suspend", "by": CLERK, "reason": "等待", "until": "2060-01-01"}, "until"),
        ({"do": "suspend", "by": CLERK, "reason": "等待", "until": "9999-12-31"}, "until"),
    ],
)
async def test_a_command_of_too_much_is_malformed(
    program: Browser, command: dict[str, Any], field: str
) -> None:
    case_no = (await _post(program, CASES, NEW)).json()["case_no"]
    answer = await _post(program, f"{CASES}/{case_no}/commands", command, "k")
    assert _is_problem(answer, 422, "malformed").field == field


@pytest.mark.long
async def test_every_document_is_exactly_as_described_at_every_stage(program: Browser) -> None:
    case = await opened(program.desk, *until_planned())
    batch_no = await program.desk.open_batch("200万元")
    for do, by, fields in (
        ("suspend", CLERK, {"reason": "等待"}),
        ("resume", CLERK, {"reason": "继续"}),
    ):
        told = await _post(
            program, f"{CASES}/{case.case_no}/commands", {"do": do, "by": by, **fields}, f"{do}-1"
        )
        CaseAfterCommand.model_validate(told.json())
    EventList.model_validate((await program.get(f"{CASES}/{case.case_no}/events")).json())
    listed = (await program.get(CASES)).json()
    CaseList.model_validate(listed)
    assert listed["cases"] == [(await program.get(f"{CASES}/{listed['cases'][0]['case_no']}")).json()]
    BatchList.model_validate((await program.get(BATCHES)).json())
    BatchDocument.model_validate((await program.get(f"{BATCHES}/{batch_no}")).json())


async def test_a_program_opens_a_batch_for_one_of_its_people_or_for_its_finance(program: Browser) -> None:
    told = []
    for by in ({}, {"by": FINANCE}):
        batch_no = (await _post(program, BATCHES, BATCH | by)).json()["batch_no"]
        (entry,) = await program.desk.cases.entries(batch_no)
        told.append((str(entry.event.by), entry.event.account is not None))
    assert told == [("finance@620105", False), (FINANCE, True)]
    _is_problem(await _post(program, BATCHES, BATCH | {"by": "finance:无@620105"}), 403, "not_yours")
    assert _is_problem(await _post(program, BATCHES, BATCH | {"by": CLERK}), 422, "malformed").field == "by"


@pytest.mark.long
async def test_the_same_key_and_body_get_the_same_answer_for_ever_and_another_body_is_refused(
    program: Browser,
) -> None:
    made = await asyncio.gather(*(_post(program, CASES, NEW, "open-1") for _ in range(5)))
    assert {answer.status_code for answer in made} == {201}
    assert len({str(answer.json()) for answer in made}) == 1
    case_no = made[0].json()["case_no"]
    path = f"{CASES}/{case_no}/commands"

    first = await _post(program, path, ACCEPT, "accept-1")
    await _post(program, path, {"do": "forward", "by": CLERK, "to": "debtor"}, "forward-1")
    again = await _post(program, path, ACCEPT, "accept-1")
    in_body = await _post(program, path, ACCEPT | {"command_id": "accept-1"})
    assert first.json() == again.json() == in_body.json()
    assert [one["title"] for one in again.json()["documents"]] == ["受理通知书"]
    assert (await _post(program, CASES, NEW, "open-1")).json() == made[0].json()

    _is_problem(await _post(program, CASES, NEW | {"title": "另一个"}, "open-1"), 409, "command_reused")
    other = {"do": "suspend", "by": CLERK, "reason": "等待"}
    _is_problem(await _post(program, path, other, "accept-1"), 409, "command_reused")
    async with program.window.engine.connect() as connection:
        cases = await connection.execute(text("SELECT count(*) FROM registration"))
        assert cases.scalar_one() == 1


async def test_a_key_answers_no_code_that_no_longer_opens_the_case(program: Browser) -> None:
    made = (await _post(program, CASES, NEW, "k")).json()
    async with program.window.engine.begin() as connection:
        await codes.reissue(connection, made["case_no"], "another")
    assert (await _post(program, CASES, NEW, "k")).json() == made | {"access_code": None}


async def test_batches_are_opened_once_and_acted_on(program: Browser) -> None:
    made = await asyncio.gather(*(_post(program, BATCHES, BATCH, "b1") for _ in range(3)))
    assert {(answer.status_code, answer.json()["batch_no"]) for answer in made} == {
        (201, "BB-620105-2023-01")
    }
    path = f"{BATCHES}/BB-620105-2023-01"
    _is_problem(await _post(program, f"{path}/commands", {"do": "approve", "by": HEAD}), 409, "wrong_stage")
    _is_problem(await _post(program, f"{path}/commands", {"do": "approve", "by": FINANCE}), 403, "not_yours")
    _is_problem(await _post(program, BATCHES, BATCH | {"quota": "1元"}, "b1"), 409, "command_reused")
    _is_problem(await _post(program, BATCHES, BATCH | {"office": "620100"}), 403, "not_yours")


async def test_what_is_malformed_is_said_by_its_field_and_nothing_is_opened(program: Browser) -> None:
    wrong: dict[str, dict[str, Any]] = {
        "claimed": NEW | {"claimed": "0.001元"},
        "office": NEW | {"office": "999999"},
        "received_on": NEW | {"received_on": "2023-04-27"},
        "creditor.size": NEW | {"creditor": {"name": "x", "size": "huge", "ownership": "private"}},
        "ref": NEW | {"ref": "x"},
        "": NEW | {"title": "nul \0"},
    }
    for field, body in wrong.items():
        assert _is_problem(await _post(program, CASES, body), 422, "malformed").field == field
    half = b'{"title": "\\ud800"}'
    for content in (half, b"[]", b"{", b"\xff", b"1e999", b'{"a": NaN}'):
        answer = await program.post(CASES, content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 422), content
    async with program.window.engine.connect() as connection:
        cases = await connection.execute(text("SELECT count(*) FROM registration"))
        assert cases.scalar_one() == 0


async def test_commands_are_read_as_strictly_as_everywhere(program: Browser) -> None:
    case = await opened(program.desk)
    path = f"{CASES}/{case.case_no}/commands"
    for body in (
        {"do": "nothing", "by": CLERK},
        {"do": "accept"},
        {"do": "accept", "by": "nobody"},
        {"do": "accept", "by": CLERK, "more": 1},
        {"do": "refuse", "by": CLERK, "ground": "\x07"},
        {"do": "adopt_policy", "by": CLERK, "policy": "/etc/passwd.toml", "reason": "x"},
        {"do": "adopt_policy", "by": CLERK, "policy": "../../x", "reason": "x"},
        {"do": "accept", "by": CLERK, "command_id": "news/x"},
    ):
        _is_problem(await _post(program, path, body), 422, "malformed")
    _is_problem(await _post(program, path, ACCEPT | {"command_id": "a"}, "b"), 422, "malformed")
    refused = await _post(program, path, {"do": "close", "by": HEAD, "report": "完"})
    assert _is_problem(refused, 409, "wrong_stage").message


async def test_a_token_speaks_for_people_of_its_own_office_who_have_an_account(program: Browser) -> None:
    case = await opened(program.desk)
    path = f"{CASES}/{case.case_no}/commands"
    await employ(program.window, "clerk:周@620100")
    invited = people.Invitation("x", datetime.now(UTC) + timedelta(days=1))
    async with program.window.engine.begin() as connection:
        added = (connection, "chen", "陈", DISTRICT, ["clerk"], invited, people.COMMAND_LINE)
        await people.add_staff(*added)
    for by in (
        "clerk:周@620100",
        "head:高@620000",
        "clerk@620105",
        "clerk:孙@620105",
        "clerk:没有此人@620105",
        "clerk:陈@620105",
        "system",
    ):
        _is_problem(await _post(program, path, ACCEPT | {"by": by}), 403, "not_yours")
    told = await _post(program, path, ACCEPT | {"by": " clerk:李 敏@620105"})
    assert told.status_code == 200
    event = (await program.get(f"{CASES}/{case.case_no}/events")).json()["events"][-1]
    async with program.window.engine.connect() as connection:
        found = await people.account_of(connection, parse_actor(CLERK))
    assert found is not None
    assert (event["by"], event["account"], event["entered_by"]) == (CLERK, found.id, None)
    async with program.window.engine.begin() as connection:
        await people.change_active(connection, found.login, False, people.COMMAND_LINE)
    _is_problem(await _post(program, path, {"do": "forward", "by": CLERK, "to": "debtor"}), 403, "not_yours")


async def test_scopes_let_do_what_they_say_and_no_more(portal: Browser) -> None:
    case = await opened(portal.desk, order("accept", CLERK), order("forward", CLERK, to="debtor"))
    await employ(portal.window, CLERK)
    asks = {
        "read": ("GET", f"{CASES}/{case.case_no}", None),
        "open": ("POST", CASES, NEW),
        "act": ("POST", f"{CASES}/{case.case_no}/commands", ACCEPT),
        "batches": ("GET", BATCHES, None),
    }
    on_paper = {"do": "acknowledge", "by": "debtor", "entered_by": CLERK}
    commands = f"{CASES}/{case.case_no}/commands"
    for scopes, status in ((["act"], 403), (["parties"], 403), (["act", "parties"], 200)):
        bearer = await add_token(portal.window, scopes=scopes)
        assert (await portal.post(commands, json=on_paper, headers=bearer)).status_code == status
    for scope in asks:
        bearer = await add_token(portal.window, scopes=[scope])
        for asked, (method, path, body) in asks.items():
            answer = await portal.request(method, path, json=body, headers=bearer)
            assert (answer.status_code != 403) == (asked == scope), (scope, asked, answer.text)


async def test_other_offices_cases_are_not_there(portal: Browser) -> None:
    case = await opened(portal.desk)
    batch_no = await portal.desk.open_batch("200万元")
    beside = await add_token(portal.window, "620102")
    for path in (f"{CASES}/{case.case_no}", f"{CASES}/{case.case_no}/events", f"{BATCHES}/{batch_no}"):
        _is_problem(await portal.get(path, headers=beside), 404)
        commands = path.removesuffix("/events") + "/commands"
        _is_problem(await portal.post(commands, headers=beside, json=ACCEPT), 404)
    assert (await portal.get(CASES, headers=beside)).json() == {"cases": []}
    above = await add_token(portal.window, "620000")
    assert len((await portal.get(CASES, headers=above)).json()["cases"]) == 1
    for number in ("QQ-620105-2023-9999", "x", "%20", "QQ-620105-2023-0001%0a"):
        _is_problem(await portal.get(f"{CASES}/{number}", headers=above), 404)


async def test_the_contact_is_for_the_office_at_work_and_its_reading_is_noted(portal: Browser) -> None:
    case = await opened(portal.desk, contact="王经理 13800000000")
    own = await add_token(portal.window)
    path = f"{CASES}/{case.case_no}?contact=true"
    assert (await portal.get(path, headers=own)).json()["contact"] == "王经理 13800000000"
    _is_problem(await portal.get(path, headers=await add_token(portal.window, "620100")), 403, "not_yours")
    async with portal.window.engine.connect() as connection:
        noted = (await connection.execute(text("SELECT who, case_no, what FROM reading"))).all()
    assert [tuple(row)[1:] for row in noted] == [(case.case_no, "contact")]
    assert noted[0].who.endswith("@620105")


async def test_lists_are_filtered_and_paged_by_key(program: Browser) -> None:
    numbers = [await program.desk.open(title=f"工程{no}") for no in range(5)]
    await program.desk.cases.act(numbers[0], order("accept", CLERK))
    seen: list[str] = []
    page: str | None = ""
    while page is not None:
        told = (await program.get(CASES, params={"size": 2} | ({"page": page} if page else {}))).json()
        seen += [case["case_no"] for case in told["cases"]]
        page = told.get("next")
    assert sorted(seen) == numbers
    assert len(seen) == len(set(seen))
    for query, found in {
        "stage=transfer": numbers[:1],
        "q=工程3": numbers[3:4],
        "light=red": [],
        "mode=transferred&office=620105&stage=transfer": numbers[:1],
        "office=620102": [],
    }.items():
        told = (await program.get(f"{CASES}?{query}")).json()
        assert [case["case_no"] for case in told["cases"]] == found, query
    for query in ("page=nonsense", "size=0", "stage=x", "office=62", "light=green"):
        _is_problem(await program.get(f"{CASES}?{query}"), 422, "malformed")


async def test_a_record_that_is_away_is_answered_with_when_to_come_back(
    program: Browser, servers: Servers
) -> None:
    async with program.window.engine.connect() as connection:
        name = (await connection.execute(text("SELECT current_database()"))).scalar_one()
    async with servers.closed(name):
        answer = await program.get(CASES)
        assert answer.headers["retry-after"] == "5"
        _is_problem(answer, 503)
    assert (await program.get(CASES)).status_code == 200


async def test_a_case_without_its_workflow_is_the_servers_fault_and_says_so(program: Browser) -> None:
    case = await opened(program.desk)
    await program.desk.handle(case.case_no).terminate()
    answer = await _post(program, f"{CASES}/{case.case_no}/commands", ACCEPT, "accept-1")
    problem = _is_problem(answer, 503)
    assert f"the workflow of {case.case_no} was terminated" in problem.detail
    assert f"{case.case_no} 的流程已被终止" in problem.message


async def test_a_program_asks_what_somebody_may_do(program: Browser) -> None:
    case = await opened(program.desk, order("accept", CLERK), order("forward", CLERK, to="debtor"))
    path = f"{CASES}/{case.case_no}?possible=true"
    answer = await program.get(path)
    assert answer.status_code == 200, answer.text
    told = answer.json()["possible"]
    assert {(one["do"], one["on_paper_for"]) for one in told} >= {
        ("suspend", None),
        ("recognise", "debtor"),
        ("withdraw", "creditor"),
    }
    await program.desk.cases.act(
        case.case_no, order("hand_out", CLERK, to="国资委", kind="ministry", reference="收1号")
    )
    (approve,) = [
        one
        for one in (await program.get(f"{path}&by={HEAD}")).raise_for_status().json()["possible"]
        if one["do"] == "approve"
    ]
    assert approve["submissions"] == [1]
    _is_problem(await program.get(f"{path}&by=head:高@620100"), 403, "not_yours")
    _is_problem(await program.get(f"{path}&by=mayor"), 422, "malformed")
    assert "possible" not in (await program.get(f"{CASES}/{case.case_no}")).json()


async def test_a_program_is_told_what_happens_if_nobody_acts(portal: Browser) -> None:
    case = await opened(portal.desk, order("accept", CLERK))
    token = await add_token(portal.window, DISTRICT)
    found = (await portal.get(f"/api/v1/cases/{case.case_no}/forecast", headers=token)).json()
    assert found["case_no"] == case.case_no
    days = [one["on"] for one in found["events"]]
    assert days == sorted(days)
    assert {"deadline_near", "deadline_lapsed", "escalated"} <= {one["kind"] for one in found["events"]}
    elsewhere = await add_token(portal.window, "620102")
    assert (await portal.get(f"/api/v1/cases/{case.case_no}/forecast", headers=elsewhere)).status_code == 404
