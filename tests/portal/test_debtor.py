"""The debtor's door: it comes in with its own code, sees what it owes and nothing of the creditor's, and acts for itself."""

import asyncio
import re
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote, unquote

import pytest
from sqlalchemy import select

from domain.money import PEOPLE
from domain.receipt import Receipt
from domain.value import PartySide
from office.cases import Opened
from portal.pages.debtor import story
from schema.tables import reading
from schema.window.readings import CODE_OF
from tests.domain.story import CASE_NO, RECEIPT, Story, bonds_of, story_at
from tests.portal.test_documents import LINK
from tests.portal.test_evidence import PDF, put
from tests.portal.visits import Browser, enquire, opened, sign_in
from tests.stack import (
    CLERK,
    FINANCE,
    HEAD,
    PRESSED,
    RECEIVED_ON,
    order,
    paid,
    until_planned,
    until_recognised,
)

FUND: Final = order("fund", FINANCE, source="budget", amount="300万元", reference="安财预〔2023〕1号")
CODE: Final = re.compile(r'id="access-code">([^<]+)<')
FORWARDED: Final = until_recognised()[:2]


async def code_for(portal: Browser, case: Opened, side: str = "debtor") -> Any:
    """What the office is answered that gives a party a code."""
    await sign_in(portal)
    return await portal.submit(f"/desk/cases/{case.case_no}/code", {"side": side})


async def debtor_of(portal: Browser, case: Opened) -> Browser:
    """Its debtor, at its door."""
    answer = await code_for(portal, case)
    (code,) = CODE.findall(answer.text)
    debtor = portal.another()
    await enquire(debtor, case.case_no, code)
    return debtor


async def test_the_slip_says_who_gives_it_for_which_case_and_where_to_come_in(portal: Browser) -> None:
    case = await opened(portal.desk, *FORWARDED)
    slip = (await code_for(portal, case)).text
    for said in ("安宁区清欠办", "安宁区环卫局", "道路工程款", case.case_no, 'class="qr"'):
        assert said in slip, said
    (link,) = re.findall(r'href="(http[^"]+)"', slip)
    assert link.endswith(f"/?case={case.case_no}")
    (code,) = CODE.findall(slip)
    assert code not in link
    stranger = portal.another()
    assert f'value="{case.case_no}"' in (await stranger.get(f"/?case={case.case_no}")).text
    async with portal.desk.engine.connect() as connection:
        noted = set((await connection.execute(select(reading.c.case_no, reading.c.what))).all())
    assert (case.case_no, CODE_OF[PartySide.DEBTOR]) in noted


async def test_the_slip_leads_to_the_public_address_where_one_is_set(portal: Browser) -> None:
    object.__setattr__(portal.window, "public_address", "https://qingqian.example.cn/w/")
    case = await opened(portal.desk, *FORWARDED)
    (link,) = re.findall(r'href="(http[^"]+)"', (await code_for(portal, case)).text)
    assert link == f"https://qingqian.example.cn/w/?case={case.case_no}"


async def test_a_debtor_gets_a_code_once_it_has_been_told_of_the_case(portal: Browser) -> None:
    case = await opened(portal.desk, order("accept", CLERK))
    assert (await code_for(portal, case)).status_code == 403
    page = (await portal.get(f"/desk/cases/{case.case_no}")).text
    assert "发给债务人查询码" not in page
    stranger = portal.another()
    await sign_in(stranger, "620102")
    assert (await stranger.submit(f"/desk/cases/{case.case_no}/code", {"side": "debtor"})).status_code == 404


async def test_each_code_opens_its_own_door_and_the_other_stays_shut(portal: Browser) -> None:
    case = await opened(portal.desk, *FORWARDED)
    debtor, enterprise = await debtor_of(portal, case), portal.another()
    await enquire(enterprise, case.case_no, case.access_code)
    assert (await debtor.get("/")).headers["location"] == "/debtor"
    assert (await enterprise.get("/")).headers["location"] == "/case"
    for door, other in ((debtor, "/case"), (enterprise, "/debtor")):
        assert (await door.get(other)).headers["location"] == "/"
        assert (await door.post(f"{other}/commands", data={"csrf": door.csrf})).headers["location"] == "/"
        assert (await door.get("/desk")).status_code == 303
    assert (await enterprise.get("/case")).status_code == 200
    again = await code_for(portal, case)
    assert again.status_code == 200
    assert (await debtor.get("/debtor")).status_code == 303, "the code of before opens nothing any more"
    assert (await enterprise.get("/case")).status_code == 200


async def test_the_debtor_chooses_among_what_it_owes_in_words(portal: Browser) -> None:
    case = await opened(portal.desk, *FORWARDED)
    page = (await (await debtor_of(portal, case)).get("/debtor?form=debtor-ask_time")).text
    assert re.search(r'<option value="response"[^>]*>\s*书面答复', page)


@pytest.mark.long
async def test_the_debtor_states_plans_and_pays_by_itself(portal: Browser) -> None:
    case = await opened(portal.desk, *FORWARDED)
    debtor = await debtor_of(portal, case)
    page = (await debtor.get("/debtor")).text
    for said in ("签收", "答复", "核实", "2023-05-11"):
        assert said in page, said
    stated = {"do": "recognise", "settled": "300万元", "paid": "0", "undisputed": "300万元"}
    for fields in ({"do": "acknowledge"}, stated | {"as_of": str(RECEIVED_ON)}):
        answer = await debtor.submit("/debtor/commands", fields)
        assert answer.status_code == 303, answer.text
    page = (await debtor.get(answer.headers["location"])).text
    assert "已办理：" in page
    assert "待核实" not in page, "it has just said how much"
    await portal.desk.cases.act(case.case_no, order("endorse", "creditor:赵"))
    page = (await debtor.get("/debtor")).text
    assert re.search(r"合计都应为\s*<strong>300.00万元</strong>", page)
    plan = {
        "do": "plan",
        "sources.0.kind": "budget",
        "sources.0.amount": "300万元",
        "instalments.0.due_on": str(RECEIVED_ON + timedelta(days=30)),
        "instalments.0.amount": "200万元",
    }
    wrong = await debtor.submit("/debtor/commands", plan)
    assert wrong.status_code == 409
    assert "待清偿 300.00万元，计划合计 200.00万元" in wrong.text
    assert 'value="200万元"' in wrong.text, "what was written stays"
    more = await debtor.submit("/debtor/commands", plan | {"more": "instalments"})
    assert more.status_code == 200
    assert (
        await debtor.submit("/debtor/commands", plan | {"instalments.0.amount": "300万元"})
    ).status_code == 303
    await portal.desk.cases.act(case.case_no, FUND)
    report = {"do": "report_payment", "voucher": "PZ-1", "amount": "300万元", "paid_on": str(RECEIVED_ON)}
    assert (await debtor.submit("/debtor/commands", report)).status_code == 303
    journal = await portal.desk.journal(case.case_no)
    by_the_debtor = [event.kind for event in journal if event.by.role == "debtor"]
    assert by_the_debtor == ["acknowledged", "recognised", "planned", "payment_reported"]
    assert all(event.entered_by is None for event in journal)


@pytest.mark.long
async def test_the_debtor_puts_its_papers_on_file_and_reads_only_its_own(portal: Browser) -> None:
    case = await opened(portal.desk, *until_planned(source="budget"), FUND, *paid("300万元", "PZ-1"))
    enterprise = portal.another()
    await enquire(enterprise, case.case_no, case.access_code)
    assert (await put(enterprise, "/case", PDF, "企业.pdf")).status_code == 303
    debtor = await debtor_of(portal, case)
    assert (await put(debtor, "/debtor", PDF, "回单.pdf", **{"for": "PZ-1"})).status_code == 303
    page = (await debtor.get("/debtor")).text
    assert "回单.pdf" in page
    assert "企业.pdf" not in page
    assert (await debtor.get("/debtor/attachments/1")).status_code == 404
    assert (await debtor.get("/debtor/attachments/2")).content == PDF
    assert (await enterprise.get("/case/attachments/2")).status_code == 404
    refused = await put(debtor, "/debtor", b"MZ\x90", "a.exe")
    assert refused.status_code == 422
    assert "需要贵单位办理" in refused.text


@pytest.mark.long
async def test_the_debtor_reads_what_is_for_it(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised(), PRESSED)
    debtor = await debtor_of(portal, case)
    links = LINK.findall((await debtor.get("/debtor")).text)
    assert [unquote(link).rpartition("/")[2][:3] for link in links] == ["清欠确", "清欠转"]
    assert "转办函" in (await debtor.get(f"{links[1]}/preview")).text
    assert (await debtor.get(links[1])).content[:2] == b"PK"
    await sign_in(portal)
    ours = LINK.findall((await portal.get(f"/desk/cases/{case.case_no}")).text)
    for number in {link.rpartition("/")[2] for link in ours} - {link.rpartition("/")[2] for link in links}:
        assert (await debtor.get(f"/debtor/documents/{number}")).status_code == 404
        assert (await debtor.get(f"/debtor/documents/{number}/preview")).status_code == 404


@pytest.mark.long
async def test_what_is_between_the_office_and_the_creditor_is_not_the_debtors(portal: Browser) -> None:
    noted = [
        order("remark", CLERK, text="秘备注"),
        order("contact", CLERK, **{"with": "秘联系"}, how="电话", what="秘内容"),
        order("extend", HEAD, duty="instalment", subject="1", days=5, reason="延期理由"),
    ]
    case = await opened(
        portal.desk,
        *until_planned(source="budget"),
        *noted,
        PRESSED,
        contact="13800000000",
        note="秘内部",
        creditor={"name": "八冶集团", "size": "small", "ownership": "private", "code": "91620000MA7CDEF01K"},
    )
    debtor = await debtor_of(portal, case)
    page = (await debtor.get("/debtor")).text
    for secret in ("秘", "13800000000", "91620000MA7CDEF01K", "李敏", "孙", case.access_code, "销号"):
        assert secret not in page, secret
    for said in ("八冶集团", "本案正在督办：", "兰州市清欠办</span>", "延期", "清偿计划", "第 1 期"):
        assert said in page, said
    english = (await debtor.get("/debtor?lang=en")).text
    assert "What you are asked to do" in english


@pytest.mark.long
async def test_a_new_debtor_comes_in_by_a_new_code_and_the_old_one_is_out(portal: Browser) -> None:
    case = await opened(portal.desk, *until_planned(source="budget"))
    debtor = await debtor_of(portal, case)
    substitute = order(
        "substitute",
        CLERK,
        side="debtor",
        party={"name": "安宁区市政局", "kind": "organ"},
        why="succession",
        reference="安政发〔2023〕1号",
    )
    await portal.desk.cases.act(case.case_no, substitute)
    assert (await debtor.get("/debtor")).status_code == 200, "it waits for its second person"
    await portal.desk.cases.act(case.case_no, order("approve", HEAD, submission="substitute"))
    assert (await debtor.get("/debtor")).status_code == 303
    successor = await debtor_of(portal, case)
    page = (await successor.get("/debtor")).text
    assert "安宁区市政局" in page
    assert LINK.findall(page) == []
    assert "债务人陈述" not in page


async def test_a_debtors_program_comes_in_and_acts(portal: Browser) -> None:
    case = await opened(portal.desk, *FORWARDED)
    (code,) = CODE.findall((await code_for(portal, case)).text)
    door = "/api/v1/doors/debtor"
    asked = {"case_no": case.case_no, "access_code": code}
    for wrong in (asked | {"access_code": case.access_code}, asked | {"case_no": "QQ-620105-2023-9999"}):
        assert (await portal.post(door, json=wrong)).status_code == 401
    assert (await portal.post("/api/v1/enquiries", json=asked)).status_code == 401
    token = (await portal.post(door, json=asked)).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    shown = (await portal.get(f"{door}/current", headers=headers)).json()
    assert (shown["stage"], shown["creditor"]) == ("verification", {"name": "八冶集团"})
    assert {duty["duty"] for duty in shown["duties"]} == {"acknowledgement", "response"}
    assert [one["title"] for one in shown["documents"]] == ["转办函"]
    stated = {"do": "recognise", "settled": "300万元", "paid": "0", "undisputed": "300万元"}
    answer = await portal.post(
        f"{door}/current/commands", headers=headers, json=stated | {"as_of": str(RECEIVED_ON)}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["undisputed_fen"] == 300_000_000
    for body, status in (
        ({"do": "accept", "by": "clerk:李敏@620105"}, 403),
        ({"do": "endorse", "by": "creditor"}, 403),
        ({"do": "plan", "sources": [], "instalments": []}, 422),
        ({"do": "acknowledge", "entered_by": CLERK}, 403),
        ({"do": "attach", "what": "other"}, 422),
        ({"do": "endorse"}, 403),
    ):
        refused = await portal.post(f"{door}/current/commands", headers=headers, json=body)
        assert refused.status_code == status, (body, refused.text)
    number = quote(shown["documents"][0]["number"])
    letter = await portal.get(f"{door}/current/documents/{number}", headers=headers)
    assert letter.content[:2] == b"PK"
    assert (await portal.get(f"{door}/current/documents/x", headers=headers)).status_code == 404
    assert (await portal.get("/api/v1/enquiries/current", headers=headers)).status_code == 401
    assert (await portal.get(f"/api/v1/cases/{case.case_no}", headers=headers)).status_code == 401


async def test_what_was_before_it_was_told_is_not_the_debtors(portal: Browser) -> None:
    before = [
        order("accept", CLERK),
        order("suspend", CLERK, reason="秘:拟起诉"),
        order("resume", CLERK, reason="秘:不起诉"),
    ]
    case = await opened(portal.desk, *before, FORWARDED[1])
    page = (await (await debtor_of(portal, case)).get("/debtor")).text
    assert "秘" not in page
    assert "转交债务人办理" in page


def test_a_debtor_of_a_case_that_was_taken_in_reads_nothing_from_before_it_was_told() -> None:
    """Taken in before it was forwarded: nobody had told the debtor of it."""
    taken_in = RECEIPT.model_dump(mode="json") | {
        "taken_in": {"as_of": "2023-04-26", "source": "区台账", "stage": "transfer"}
    }
    told = Story(Receipt.model_validate(taken_in, context=PEOPLE))
    told.do("suspend", "clerk:周@620100", reason="秘:拟起诉")
    told.do("resume", "clerk:周@620100", reason="秘:不起诉")
    told.do("forward", "clerk:周@620100")
    assert "秘" not in str(story(CASE_NO, told.journal, told.rules.offices))


def test_a_judgment_takes_nothing_from_what_a_debtor_has_read() -> None:
    told = story_at("partly_disputed")
    told.approved("substitute", side="debtor", party={"name": "安宁区城管局", "kind": "organ"})
    told.do("plan", **bonds_of("390万元"))
    before = story(CASE_NO, told.journal, told.rules.offices)
    assert before
    told.do("go_judicial", part="disputed")
    told.approved("judgment")
    after = story(CASE_NO, told.journal, told.rules.offices)
    assert after[-len(before) :] == before
    assert len(after) > len(before)


async def test_one_person_gives_only_one_party_its_code(portal: Browser) -> None:
    case = await opened(portal.desk, *FORWARDED)
    await sign_in(portal)
    here = f"/desk/cases/{case.case_no}/code"
    assert 'id="code-debtor"' in (await portal.get(f"/desk/cases/{case.case_no}")).text
    assert (await portal.submit(here, {"side": "creditor"})).status_code == 200
    refused = await portal.submit(here, {"side": "debtor"})
    assert refused.status_code == 403
    assert "由两个人分别发给" in refused.text
    page = (await portal.get(f"/desk/cases/{case.case_no}")).text
    assert 'id="code-debtor"' not in page
    assert "由两个人分别发给" in page
    assert (await portal.submit(here, {"side": "creditor"})).status_code == 200
    assert (await code_for(portal.another(), case)).status_code == 200


async def test_one_person_gets_no_second_code_by_asking_twice_at_once(portal: Browser) -> None:
    case = await opened(portal.desk, *FORWARDED)
    await sign_in(portal)
    here = f"/desk/cases/{case.case_no}/code"
    answers = await asyncio.gather(*(portal.submit(here, {"side": side}) for side in PartySide))
    assert sorted(answer.status_code for answer in answers) == [200, 403]


@pytest.mark.long
async def test_the_code_of_a_merged_case_counts_as_that_of_the_other(portal: Browser) -> None:
    first, second = [await opened(portal.desk, *FORWARDED) for _ in range(2)]
    await sign_in(portal)
    given = await portal.submit(f"/desk/cases/{first.case_no}/code", {"side": "creditor"})
    assert given.status_code == 200
    await portal.desk.cases.act(
        first.case_no, order("merge", CLERK, "merge", into=second.case_no, reason="同一笔账")
    )
    await portal.desk.cases.act(first.case_no, order("approve", HEAD, "merged", submission="merge"))
    for case in (first, second):
        refused = await portal.submit(f"/desk/cases/{case.case_no}/code", {"side": "debtor"})
        assert refused.status_code == 403, case.case_no


@pytest.mark.long
async def test_the_codes_of_merged_cases_are_dead_once_another_is_given(portal: Browser) -> None:
    first, second = [await opened(portal.desk, *FORWARDED) for _ in range(2)]
    (code,) = CODE.findall((await code_for(portal, first)).text)
    await portal.desk.cases.act(
        first.case_no, order("merge", CLERK, "merge", into=second.case_no, reason="同一笔账")
    )
    await portal.desk.cases.act(first.case_no, order("approve", HEAD, "merged", submission="merge"))
    debtor = portal.another()
    await enquire(debtor, first.case_no, code)
    assert second.case_no in (await debtor.get("/debtor")).text
    assert (await code_for(portal.another(), second)).status_code == 200
    assert (await debtor.get("/debtor")).status_code == 303
    again = await debtor.post("/enquiries", data={"case_no": first.case_no, "code": code})
    assert again.status_code == 401


@pytest.mark.long
async def test_nobody_of_an_office_is_named_to_a_party(portal: Browser) -> None:
    case = await opened(
        portal.desk,
        *until_planned(source="budget"),
        FUND,
        order(
            "report_payment",
            "debtor:王强",
            "on paper",
            voucher="PZ-1",
            amount="300万元",
            paid_on=RECEIVED_ON,
            entered_by=CLERK,
        ),
    )
    (code,) = CODE.findall((await code_for(portal, case)).text)
    for door, secret in (("doors/debtor", code), ("enquiries", case.access_code)):
        asked = {"case_no": case.case_no, "access_code": secret}
        token = (await portal.post(f"/api/v1/{door}", json=asked)).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        shown = await portal.get(f"/api/v1/{door}/current", headers=headers)
        assert "李敏" not in shown.text
        assert shown.json()["payments"][0]["voucher"] == "PZ-1"
