"""The enterprise's page: its own case and nothing else, and what it may do about it."""

import re
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from domain.actors import Role
from domain.value import PartySide
from office.away import ServerAway
from portal.gate.access import reissue
from portal.gate.visitors import Staff, hashed
from portal.problems import Forbidden, NotFound
from schema.tables import reading
from schema.window import codes, people
from schema.window.readings import CODE_OF
from tests.portal.visits import Browser, enquire, opened, sign_in
from tests.stack import (
    CITY,
    CLERK,
    DISTRICT,
    FINANCE,
    HEAD,
    RECEIVED_ON,
    SUPERIOR,
    order,
    paid,
    until_closed,
    until_planned,
    until_recognised,
)

PROVINCE = "620000"


def form_of(page: str, do: str) -> dict[str, str]:
    """The hidden fields of the first form on a page that gives a command."""
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
        if fields.get("do") == do:
            return fields
    raise AssertionError(f"the page has no form for {do}")


async def seen(portal: Browser, **query: str) -> str:
    """The page as the enterprise has it."""
    answer = await portal.get("/case", params=query)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.long
async def test_an_enterprise_sees_where_its_case_and_its_money_are(portal: Browser) -> None:
    case = await opened(
        portal.desk,
        *until_planned("300万元", "budget"),
        order("fund", FINANCE, source="budget", amount="300万元", reference="安财预〔2023〕1号"),
        *paid("120.000001万元", "PZ-1"),
    )
    await enquire(portal, case.case_no, case.access_code)
    page = await seen(portal)
    for said in (
        "分期支付",
        "120.000001万元",
        "1,200,000.01元",
        "179.999999万元",
        "安宁区环卫局",
        "按期付款",
        "2023-12-29",
    ):
        assert said in page
    english = await seen(portal, lang="en")
    for said in (
        "How far it is",
        "Pay the instalment",
        "Cleared",
        "The enterprise confirms the receipt of 120.000001万元",
    ):
        assert said in english
    assert 'lang="en"' in (await seen(portal))[:60], "the language chosen is kept"


@pytest.mark.long
async def test_an_enterprise_never_reads_what_offices_weigh_among_themselves(portal: Browser) -> None:
    desk = portal.desk
    case = await opened(desk, order("accept", CLERK), contact="13800000000", note="暗语一")
    await desk.move_to(date(2023, 7, 20))
    number = case.case_no
    assert {"step_proposed", "notice_issued", "escalated"} <= set(await desk.kinds(number))
    await desk.cases.act(
        number, order("approve_step", f"head:高@{PROVINCE}", step="referred", reason="暗语二")
    )
    await enquire(portal, number, case.access_code)
    for page in (await seen(portal), await seen(portal, lang="en")):
        for hidden in (
            "暗语",
            "13800000000",
            "约谈",
            "移交",
            "纪检",
            "审批",
            "高",
            "李敏",
            "interview",
            "discipline",
        ):
            assert hidden not in page, hidden
    page = await seen(portal, lang="zh")
    assert "由兰州市清欠办直接办理" in page
    assert "本案正在督办" in page


async def test_why_a_superior_office_raises_or_relieves_a_case_is_not_told(portal: Browser) -> None:
    raised = order("escalate", SUPERIOR, mode="key_supervised", reason="暗语三")
    case = await opened(portal.desk, order("accept", CLERK), raised)
    await enquire(portal, case.case_no, case.access_code)
    page = await seen(portal)
    for said in ("本案正在督办：", "兰州市清欠办", "列入督办"):
        assert said in page
    await portal.desk.cases.act(case.case_no, order("relieve", HEAD, reason="暗语四"))
    page += (after := await seen(portal))
    assert "暗语" not in page
    assert "重点督办" not in page
    assert "解除督办" in after
    assert "本案正在督办" not in after


@pytest.mark.long
async def test_the_notes_of_a_call_back_and_of_the_report_stay_with_the_office(portal: Browser) -> None:
    told = [
        *until_closed()[:-2],
        order("call_back", CLERK, "first", satisfied="no", note="暗语五", voucher="PZ-1"),
        order("confirm_receipt", "creditor", "again", voucher="PZ-1"),
        order("call_back", CLERK, "second", satisfied="basically", note="暗语六"),
        order("close", HEAD, report="暗语七"),
        order("reopen", SUPERIOR, reason="暗语八", voucher="PZ-1"),
    ]
    case = await opened(portal.desk, *told)
    await enquire(portal, case.case_no, case.access_code)
    page = await seen(portal)
    assert "暗语" not in page
    for said in ("不满意", "基本满意", "销号，案件办结", "已确认的到账 300.00万元 重新核对"):
        assert said in page


async def test_a_form_sent_twice_counts_once_and_a_form_shown_again_is_another_act(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised()[:-1])
    await enquire(portal, case.case_no, case.access_code)
    first = form_of(await seen(portal), "object") | {"reason": "少算了质保金"}
    for _ in range(2):
        answer = await portal.post("/case/commands", data=first)
        assert (answer.status_code, answer.headers["location"]) == (303, "/case")
    again = order(
        "recognise",
        "debtor:王强",
        "again",
        settled="310万元",
        paid="0",
        undisputed="310万元",
        as_of=RECEIVED_ON,
    )
    await portal.desk.cases.act(case.case_no, again)
    second = form_of(await seen(portal), "object") | {"reason": "少算了质保金"}
    assert second["command_id"] != first["command_id"]
    assert (await portal.post("/case/commands", data=second)).status_code == 303
    assert (await portal.desk.kinds(case.case_no)).count("objected") == 2


async def test_what_was_written_is_kept_when_it_cannot_be_done(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised()[:-1])
    await enquire(portal, case.case_no, case.access_code)
    objection = form_of(await seen(portal), "object") | {"reason": "少算了<质保金>"}
    await portal.desk.cases.act(case.case_no, order("endorse", "creditor"))
    late = await portal.post("/case/commands", data=objection)
    assert late.status_code == 409
    assert 'role="alert"' in late.text
    blank = await portal.post(
        "/case/commands", data=form_of(await seen(portal), "withdraw") | {"reason": "  "}
    )
    assert blank.status_code == 422
    told = {"do": "go_judicial", "court": "安宁区人民法院", "reference": "x" * 3000, "csrf": portal.csrf}
    long = await portal.post("/case/commands", data=told)
    assert long.status_code == 422
    assert "安宁区人民法院" in long.text
    assert (await portal.desk.show(case.case_no))["stage"] == "funding"


async def test_a_page_says_that_the_workflow_is_gone_and_keeps_what_was_written(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised()[:-1])
    await enquire(portal, case.case_no, case.access_code)
    sent = form_of(await seen(portal), "endorse")
    await portal.desk.handle(case.case_no).terminate()
    answer = await portal.post("/case/commands", data=sent)
    assert answer.status_code == 503
    assert f"{case.case_no} 的流程已被终止" in answer.text
    assert sent["command_id"] in answer.text


async def test_a_form_that_may_have_been_carried_out_keeps_its_id(
    portal: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await opened(portal.desk, *until_recognised()[:-1])
    await enquire(portal, case.case_no, case.access_code)
    sent = form_of(await seen(portal), "endorse")

    async def away(*asked: Any) -> None:
        raise ServerAway("Temporal is away")

    with monkeypatch.context() as patched:
        patched.setattr(type(portal.window.cases), "carry_out", away)
        answer = await portal.post("/case/commands", data=sent)
    assert answer.status_code == 503
    assert form_of(answer.text, "endorse")["command_id"] == sent["command_id"]
    assert form_of(answer.text, "object")["command_id"] != sent["command_id"]


async def test_an_enterprise_gives_no_other_orders_than_its_own(portal: Browser) -> None:
    case = await opened(portal.desk, order("accept", CLERK))
    await enquire(portal, case.case_no, case.access_code)
    forged = {"do": "forward", "to": "debtor", "by": CLERK, "command_id": "web-forged", "csrf": portal.csrf}
    assert (await portal.post("/case/commands", data=forged)).status_code in (403, 422)
    forged.pop("by")
    assert (await portal.post("/case/commands", data=forged)).status_code == 403
    for policy, status in (("gansu", 403), ("nowhere", 422), ("/etc/passwd", 422), ("./gansu", 422)):
        other = {"do": "adopt_policy", "policy": policy, "reason": "x", "csrf": portal.csrf}
        assert (await portal.post("/case/commands", data=other | {"command_id": "p"})).status_code == status
    without = {"do": "withdraw", "reason": "x", "csrf": "guessed"}
    assert (await portal.post("/case/commands", data=without)).status_code == 403
    assert (await portal.desk.show(case.case_no))["stage"] == "transfer"


async def test_the_items_of_a_correction_are_shown_and_supplied(portal: Browser) -> None:
    asked = order("request_correction", CLERK, items=["施工合同", "结算书<原件>"])
    case = await opened(portal.desk, asked)
    await enquire(portal, case.case_no, case.access_code)
    page = await seen(portal)
    assert "<li>施工合同</li><li>结算书&lt;原件&gt;</li>" in page
    supplied = form_of(page, "supply_correction") | {"note": "已送达窗口"}
    assert (await portal.post("/case/commands", data=supplied)).status_code == 303
    assert "已补正：已送达窗口" in await seen(portal)


@pytest.mark.long
async def test_a_wrong_code_is_answered_like_a_wrong_number(portal: Browser) -> None:
    case = await opened(portal.desk)

    async def ask(number: str, code: str) -> httpx.Response:
        return await portal.another().post("/enquiries", data={"case_no": number, "code": code})

    wrong_code = await ask(case.case_no, "2222-2222-2222-2222")
    wrong_number = await ask("QQ-620105-2023-9999", case.access_code)
    assert wrong_code.status_code == wrong_number.status_code == 401
    assert wrong_code.text.replace(case.case_no, "…") == wrong_number.text.replace("QQ-620105-2023-9999", "…")
    assert case.access_code not in wrong_number.text
    for _ in range(9):
        await ask(case.case_no, "3333-3333-3333-3333")
    locked = await ask(case.case_no, case.access_code)
    assert (locked.status_code, "retry-after" in locked.headers) == (429, True)


@pytest.mark.parametrize("typing", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
async def test_a_code_may_be_typed_as_people_type(portal: Browser, typing: Any) -> None:
    case = await opened(portal.desk)
    wide = case.case_no.translate({ord("-"): "－", ord("Q"): "Ｑ"})
    await enquire(portal, wide, typing(case.access_code))
    assert case.case_no in await seen(portal)


async def test_another_code_ends_the_one_before_and_whoever_came_in_with_it(portal: Browser) -> None:
    case = await opened(portal.desk)
    await enquire(portal, case.case_no, case.access_code)
    clerk = await staff(portal, DISTRICT, "clerk")
    _, code = await reissue(portal.window, case.case_no, clerk, PartySide.CREDITOR)
    assert (await portal.get("/case")).headers["location"] == "/"
    other = portal.another()
    wrong = await other.post("/enquiries", data={"case_no": case.case_no, "code": case.access_code})
    assert wrong.status_code == 401
    await enquire(other, case.case_no, code)
    async with portal.window.engine.connect() as connection:
        assert await codes.access_code_hash(connection, case.case_no) == hashed(code)
        noted = (await connection.execute(select(reading.c.who, reading.c.what))).all()
    assert (clerk.login, CODE_OF[PartySide.CREDITOR]) in [tuple(row) for row in noted]


async def test_only_clerks_and_heads_of_the_office_at_work_give_another_code(portal: Browser) -> None:
    case = await opened(portal.desk)
    for office, role, answer in (
        (CITY, "clerk", Forbidden),
        (DISTRICT, "finance", Forbidden),
        ("620102", "head", NotFound),
    ):
        with pytest.raises(answer):
            await reissue(portal.window, case.case_no, await staff(portal, office, role), PartySide.CREDITOR)
    head = await staff(portal, DISTRICT, "head")
    with pytest.raises(NotFound):
        await reissue(portal.window, "QQ-620105-2023-9999", head, PartySide.CREDITOR)
    await enquire(portal, case.case_no, case.access_code)


async def staff(portal: Browser, office: str, role: str) -> Staff:
    """Somebody of an office."""
    login = await sign_in(portal.another(), office, (role,))
    async with portal.window.engine.connect() as connection:
        found = await people.staff_by_login(connection, login)
    assert found is not None
    return Staff(found.id, found.login, found.person, found.office, tuple(map(Role, found.roles)), "")


@pytest.mark.long
async def test_the_code_of_a_case_that_was_merged_opens_the_one_in_which_it_goes_on(portal: Browser) -> None:
    """Whoever registered twice keeps both numbers and both codes, also when they came in before."""
    desk = portal.desk
    merged, middle, last = [await opened(desk, title=f"第{no}次登记") for no in range(3)]
    before = portal.another()
    await enquire(before, merged.case_no, merged.access_code)
    for case, into in ((merged, middle), (middle, last)):
        await desk.cases.act(case.case_no, order("merge", CLERK, into=into.case_no, reason="重复登记"))
        await desk.cases.act(case.case_no, order("approve", HEAD))
    for case in (merged, middle, last):
        browser = portal.another()
        await enquire(browser, case.case_no, case.access_code)
        assert last.case_no in (await browser.get("/case")).text
    page = (await before.get("/case")).text
    assert last.case_no in page
    assert "第2次登记" in page
