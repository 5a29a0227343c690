"""What takes two persons, through the window: submitted by one, shown to the other, approved or returned; never both by one."""

import re
from datetime import date
from typing import Any

import pytest

from domain.calendar import business_instant
from portal.api.documents import CaseAfterCommand
from tests.portal.test_desk_case import forms_on, send
from tests.portal.visits import Browser, add_token, employ, enquire, opened, sign_in
from tests.stack import CITY, CLERK, DISTRICT, HEAD, REFUSED, order, until_planned, until_recognised

REFUSE = order("refuse", CLERK, ground="不属受理范围")


async def test_what_takes_two_persons_is_submitted_and_says_so(portal: Browser) -> None:
    case = await opened(portal.desk)
    await sign_in(portal, person="李敏")
    before = (await portal.get(f"/desk/cases/{case.case_no}")).text
    assert "送审：不予受理" in before
    assert "须两人办理" in before
    answer = await send(portal, case.case_no, "refuse", ground="不属受理范围")
    page = (await portal.get(answer.headers["location"])).text
    for told in ("已送审：不予受理", "送审待批", "不予受理的理由", "不属受理范围", "审批送审 1"):
        assert told in page, told
    assert (await portal.desk.show(case.case_no))["stage"] == "intake"


@pytest.mark.long
async def test_another_person_approves_it_and_the_same_one_is_not_asked(portal: Browser) -> None:
    case = await opened(portal.desk, REFUSE)
    await sign_in(portal, roles=["clerk", "head"], person="李敏")
    assert ("head", "approve") not in await forms_on(portal, case.case_no)
    answer = await send(portal, case.case_no, "approve", "head", submission="1")
    assert answer.status_code == 409
    assert "送审人不得审批本人送审的事项" in answer.text
    await sign_in(portal, roles=["head"], person="孙")
    assert ("head", "approve") in await forms_on(portal, case.case_no)
    answer = await send(portal, case.case_no, "approve", "head", submission="1", reason="同意")
    page = (await portal.get(answer.headers["location"])).text
    for told in ("已办理：批准送审", "批准第 1 项：不予受理（同意）", "经安宁区清欠办负责人 孙批准"):
        assert told in page, told
    assert (await portal.desk.show(case.case_no))["stage"] == "refused"


async def test_whoever_submitted_it_may_take_it_back(portal: Browser) -> None:
    case = await opened(portal.desk, REFUSE)
    await sign_in(portal, person="李敏")
    assert ("clerk", "return_submission") in await forms_on(portal, case.case_no)
    await send(portal, case.case_no, "return_submission", submission="1", reason="写错了")
    assert (await portal.desk.show(case.case_no))["submissions"][0]["state"] == "returned"


async def test_an_enterprise_hears_nothing_of_what_offices_weigh(portal: Browser) -> None:
    case = await opened(portal.desk, REFUSE)
    await enquire(portal, case.case_no, case.access_code)
    page = (await portal.get("/case")).text
    assert "送审" not in page
    assert "不属受理范围" not in page
    await portal.desk.cases.act(case.case_no, order("approve", HEAD))
    page = (await portal.get("/case")).text
    assert "送审" not in page
    assert "不予受理：不属受理范围" in page


async def test_a_program_is_told_that_a_command_waits(portal: Browser) -> None:
    case = await opened(portal.desk)
    portal.headers.update(await add_token(portal.window))
    await employ(portal.window, CLERK, HEAD)
    address = f"/api/v1/cases/{case.case_no}/commands"

    async def post(key: str, **command: Any) -> Any:
        return await portal.post(address, json=command, headers={"Idempotency-Key": key})

    for _ in range(2):
        answer = await post("1", do="refuse", by=CLERK, ground="不属受理范围")
        told = CaseAfterCommand.model_validate(answer.json())
        assert (answer.status_code, told.submissions[0].state) == (202, "waiting")
    answer = await post("2", do="approve", by=HEAD, submission=1)
    assert (answer.status_code, answer.json()["stage"]) == (200, "refused")


@pytest.mark.long
async def test_an_appeal_waits_on_the_desk_of_the_head_above_and_on_no_other(portal: Browser) -> None:
    appeal = order("appeal", "creditor:赵", reason="属于受理范围")
    case = await opened(portal.desk, *REFUSED, appeal)
    portal.desk.now = business_instant(date(2023, 5, 8), 9)
    for office, roles, waits in (
        (CITY, ["head"], True),
        (CITY, ["clerk"], False),
        (DISTRICT, ["head"], False),
    ):
        await sign_in(portal, office=office, roles=roles)
        page = (await portal.get("/desk")).text
        assert (f"{case.case_no}" in page and "答复申诉" in page) is waits
    await sign_in(portal, office=CITY, roles=["head"])
    assert {("head", "uphold"), ("head", "reopen")} <= set(await forms_on(portal, case.case_no))
    await enquire(portal, case.case_no, case.access_code)
    assert "申诉" in (await portal.get("/case")).text


@pytest.mark.long
async def test_a_new_creditor_s_code_is_shown_once_and_the_old_one_opens_nothing(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised())
    await enquire(portal, case.case_no, case.access_code)
    assert "八冶集团" in (await portal.get("/case")).text
    portal.headers.update(await add_token(portal.window))
    await employ(portal.window, CLERK, HEAD)
    commands = f"/api/v1/cases/{case.case_no}/commands"
    assignment = {
        "do": "substitute",
        "by": CLERK,
        "side": "creditor",
        "party": {"name": "兰州银行"},
        "why": "assignment",
        "reference": "债权转让通知书",
    }
    assert (await portal.post(commands, json=assignment)).status_code == 202
    approval = {"do": "approve", "by": HEAD, "command_id": "同意变更"}
    told = await portal.post(commands, json=approval)
    assert (told.status_code, told.json()["creditor"]["name"]) == (200, "兰州银行")
    code = told.json()["access_code"]
    assert (await portal.get("/case")).status_code == 303, "who came in with the old code is out"
    again = await portal.post(commands, json=approval)
    assert again.json()["access_code"] == code, "the same program asks again"
    enquiries = "/api/v1/enquiries"
    asked = {"case_no": case.case_no, "access_code": case.access_code}
    assert (await portal.post(enquiries, json=asked)).status_code == 401
    assert (await portal.post(enquiries, json=asked | {"access_code": code})).status_code == 201


@pytest.mark.long
@pytest.mark.parametrize("side", ["creditor", "debtor"])
async def test_whoever_approves_on_the_page_is_shown_the_new_party_s_code_once(
    portal: Browser, side: str
) -> None:
    case = await opened(portal.desk, *until_recognised())
    party = {"name": "兰州银行"} | ({"kind": "soe"} if side == "debtor" else {})
    change: dict[str, Any] = {"side": side, "party": party, "why": "succession", "reference": "通知书1号"}
    await portal.desk.cases.act(case.case_no, order("substitute", CLERK, **change))
    await sign_in(portal, roles=["head"], person="孙")
    answer = await send(portal, case.case_no, "approve", "head", submission="1")
    (code,) = re.findall(r'id="access-code">([^<]+)<', answer.text)
    assert (answer.status_code, "兰州银行" in answer.text) == (200, True)
    party_s = portal.another()
    await enquire(party_s, case.case_no, code)
    assert "兰州银行" in (await party_s.get("/case" if side == "creditor" else "/debtor")).text


@pytest.mark.long
async def test_a_head_who_knows_the_other_party_s_code_is_not_shown_it(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised())
    await sign_in(portal, roles=["head"], person="孙")
    here = f"/desk/cases/{case.case_no}"
    page = (await portal.get(here)).text
    (csrf, *_) = re.findall(r'name="csrf" value="([^"]+)"', page)
    assert (await portal.post(f"{here}/code", data={"csrf": csrf, "side": "debtor"})).status_code == 200
    change: dict[str, Any] = {
        "side": "creditor",
        "party": {"name": "兰州银行"},
        "why": "assignment",
        "reference": "通知书1号",
    }
    await portal.desk.cases.act(case.case_no, order("substitute", CLERK, **change))
    answer = await send(portal, case.case_no, "approve", "head", submission="1")
    assert answer.status_code == 303
    assert "access-code" not in (await portal.get(answer.headers["location"])).text


@pytest.mark.long
async def test_what_one_person_put_right_is_done_though_another_correction_waits(portal: Browser) -> None:
    case = await opened(portal.desk)
    await sign_in(portal, person="李敏")
    here = f"/desk/cases/{case.case_no}"
    for told, facts in (
        ("已送审：", {"facts.creditor.size": "large"}),
        ("已办理：", {"facts.title": "新名称"}),
    ):
        answer = await send(portal, case.case_no, "correct", reason="录错", **facts)
        assert answer.status_code == 303, answer.text
        assert f"{told}更正登记" in (await portal.get(here)).text


@pytest.mark.long
async def test_a_debtor_is_told_that_its_revision_waits(portal: Browser) -> None:
    case = await opened(portal.desk, *until_planned("300万元", "budget"))
    await sign_in(portal, person="李敏")
    page = (await portal.submit(f"/desk/cases/{case.case_no}/code", {"side": "debtor"})).text
    (code,) = re.findall(r'id="access-code">([^<]+)', page)
    debtor = portal.another()
    await enquire(debtor, case.case_no, code)
    for on, told in (("2024-01-19", "已办理：清偿计划"), ("2024-02-23", "已送审：清偿计划")):
        revised = {
            "do": "plan",
            "reason": "资金变化",
            "sources.0.kind": "budget",
            "sources.0.amount": "300万元",
        }
        revised |= {"instalments.0.due_on": on, "instalments.0.amount": "300万元"}
        answer = await debtor.submit("/debtor/commands", revised)
        assert answer.status_code == 303, answer.text
        assert told in (await debtor.get("/debtor")).text
