"""The page of a case: what an office knows of it, exactly what its people may do, and what becomes of what they send."""

import re
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest
from sqlalchemy import insert, select

from domain.actors import Actor, Role
from domain.case.possible import possible
from schema import casefiles, rulebook
from schema.tables import delivery, outbox, reading
from tests.portal.visits import Browser, opened, sign_in
from tests.stack import (
    CITY,
    CLERK,
    PRESSED,
    RECEIVED_ON,
    order,
    paid,
    until_closed,
    until_planned,
    until_recognised,
)

STRANGER: Final = "620302"
_FORM: Final = re.compile(r'(?:<details class="act card" id|data-form)="([a-z]+)-([a-z_]+)"')


async def forms_on(client: Browser, case_no: str) -> list[tuple[str, str]]:
    """The commands that the page offers: as whom, and which."""
    answer = await client.get(f"/desk/cases/{case_no}")
    assert answer.status_code == 200, answer.text
    return _FORM.findall(answer.text)


async def send(client: Browser, case_no: str, do: str, by: str = "clerk", **fields: Any) -> Any:
    """Send the form of a command."""
    return await client.submit(f"/desk/cases/{case_no}/commands", {"do": do, "as": by, **fields})


async def test_the_page_tells_everything_an_office_knows(portal: Browser) -> None:
    case = await opened(portal.desk, *until_planned(), note="先电话联系", contract={"no": "甘建(2023)15号:A"})
    await sign_in(portal)
    page = (await portal.get(f"/desk/cases/{case.case_no}")).text
    for told in (
        *("道路工程款", "安宁区环卫局", "八冶集团", "先电话联系", "安宁区清欠办"),
        *("300.00万元", "3,000,000.00元", "一般债券", "债券资金到位", "这个日期怎么来的"),
        *("若无人办理", "办理流水", "清偿计划", "申请纳入一般债券", "安宁区清欠办经办人 李敏"),
        "甘建(2023)15号:A",
    ):
        assert told in page, told


@pytest.mark.parametrize(
    ("orders", "role", "offered"),
    [
        ([], "clerk", ["refuse", "request_correction", "go_judicial", "suspend"]),
        (until_recognised()[:2], "clerk", ["go_judicial", "suspend"]),
        (until_planned(source="budget"), "finance", ["fund"]),
        (until_closed()[:-1], "head", ["close"]),
    ],
)
async def test_the_page_offers_exactly_what_the_decider_would_accept(
    portal: Browser, orders: list[Any], role: str, offered: list[str]
) -> None:
    case = await opened(portal.desk, *orders)
    await sign_in(portal, roles=[role], person="周")
    shown = [do for by, do in await forms_on(portal, case.case_no) if by == role]
    assert set(offered) <= set(shown)
    async with portal.window.engine.connect() as connection:
        loaded = await casefiles.load_case(connection, case.case_no)
        rules = await rulebook.of_case(connection, case.case_no)
    assert loaded is not None
    now_possible = possible(loaded[0], Actor(Role(role), "周", "620105"), rules, portal.desk.now)
    assert sorted(shown) == sorted(one.do for one in now_possible if one.do != "attach"), (
        "which has a form of its own"
    )


async def test_what_the_case_waits_for_is_offered_first_and_the_rest_is_folded(portal: Browser) -> None:
    case = await opened(portal.desk)
    await sign_in(portal, person="周")
    page = (await portal.get(f"/desk/cases/{case.case_no}")).text
    first, _, rest = page.partition('id="others"')
    assert {do for _, do in _FORM.findall(first)} == {"accept", "refuse", "request_correction"}
    assert {"suspend", "remark"} <= {do for _, do in _FORM.findall(rest)}
    assert page.index('id="duties"') < page.index('id="acts"') < page.index('id="money"')
    answer = await send(portal, case.case_no, "suspend")
    seen, _, _ = answer.text.partition('id="others"')
    assert 'id="clerk-suspend" open>' in seen, "a form that was refused is not among the links"
    asked = (await portal.get(f"/desk/cases/{case.case_no}?form=clerk-remark")).text
    assert 'id="clerk-remark" open>' in asked.partition('id="others"')[0]


async def test_every_fault_is_linked_above_the_page(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised())
    await sign_in(portal)
    typed = {"sources.0.kind": "budget", "sources.0.amount": "三百万", "reason": "资金变化"}
    page = (await send(portal, case.case_no, "plan", "debtor", **typed)).text
    summary = page[page.index('id="fault"') : page.index("</header>", page.index('id="fault"'))]
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary)
    assert ("field-debtor-plan-sources-0-amount", "资金来源第 1 行金额") in links
    for target, _ in links:
        assert f'id="{target}"' in page


async def test_every_registered_fact_is_shown_with_who_registered_it(portal: Browser) -> None:
    facts: dict[str, Any] = {
        "contract": {"no": "HT-2018-7", "signed_on": "2018-11-01", "agreed_term_days": 30},
        "migrant_wages": True,
        "wage_amount": "10万元",
        "spending": "capital",
    }
    case = await opened(portal.desk, **facts)
    await sign_in(portal)
    page = (await portal.get(f"/desk/cases/{case.case_no}")).text
    shown = page[page.index('id="registered"') : page.index('id="enterprise"')]
    for told in ("HT-2018-7", "2018-11-01", "10.00万元", "工程", "机关", "资本性支出", "安宁区清欠办"):
        assert told in shown, told
    assert "系统" not in shown


@pytest.mark.long
async def test_a_head_reads_the_call_back_before_striking_off(portal: Browser) -> None:
    case = await opened(portal.desk, *until_closed()[:-1], order("remark", CLERK, text="周三再催"))
    await sign_in(portal, roles=["head"])
    page = (await portal.get(f"/desk/cases/{case.case_no}")).text
    notes = page[page.index('id="notes"') : page.index('id="money"')]
    assert "回访" in notes
    assert "周三再催" in notes


async def test_a_command_is_carried_out_and_named(portal: Browser) -> None:
    case = await opened(portal.desk)
    await sign_in(portal)
    answer = await send(portal, case.case_no, "accept")
    here = f"/desk/cases/{case.case_no}"
    assert (answer.status_code, answer.headers["location"]) == (303, here)
    assert "已办理：受理" in (await portal.get(here)).text
    assert "已办理：" not in (await portal.get(here)).text, "it is said once"
    assert "已办理：" not in (await portal.get(f"{here}?done=accept")).text, "no address says it"
    assert (await portal.desk.journal(case.case_no))[-1].kind == "accepted"


async def test_what_is_refused_says_so_marks_the_field_and_keeps_what_was_typed(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised()[:3])
    await sign_in(portal)
    typed = {"settled": "300万元", "paid": "0", "undisputed": "299万元", "as_of": "2023-04-26"}
    answer = await send(portal, case.case_no, "recognise", "debtor", **typed)
    assert answer.status_code == 409
    page = answer.text
    assert "结算额减已付额为 300.00万元，各部分合计为 299.00万元" in page
    assert (
        'aria-describedby="field-debtor-recognise-undisputed-hint field-debtor-recognise-undisputed-fault"'
        in page
    )
    assert 'value="299万元"' in page
    assert re.search(r'id="debtor-recognise" open>', page)


async def test_every_fault_of_a_form_is_at_its_field(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised())
    await sign_in(portal)
    typed = {
        "sources.0.kind": "budget",
        "sources.0.amount": "三百万",
        "sources.2.kind": "loan",
        "sources.2.amount": "1.005元",
        "instalments.0.due_on": "2023-13-01",
        "instalments.0.amount": "300万元",
    }
    answer = await send(portal, case.case_no, "plan", "debtor", **typed)
    assert answer.status_code == 422
    for place in ("sources-0-amount", "sources-1-amount", "instalments-0-due_on"):
        assert f'id="field-debtor-plan-{place}-fault"' in answer.text, place
    assert "金额须精确到分" in answer.text
    assert 'value="三百万"' in answer.text


async def test_more_rows_are_offered_without_a_script(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised())
    await sign_in(portal)
    typed = {"instalments.0.amount": "300万元", "more": "instalments"}
    answer = await send(portal, case.case_no, "plan", "debtor", **typed)
    assert answer.status_code == 200
    assert 'name="instalments.5.amount"' in answer.text
    assert 'name="sources.3.amount"' not in answer.text
    assert 'value="300万元"' in answer.text


async def test_a_form_that_is_sent_twice_counts_once(portal: Browser) -> None:
    case = await opened(portal.desk, *until_planned(source="budget"))
    await sign_in(portal, roles=["finance"])
    fields = {"source": "budget", "amount": "100万元", "reference": "安财预1号", "command_id": "web-1"}
    for _ in range(2):
        answer = await send(portal, case.case_no, "fund", "finance", **fields)
        assert answer.status_code == 303
    assert (await portal.desk.kinds(case.case_no)).count("funds_arrived") == 1
    answer = await send(portal, case.case_no, "fund", "finance", **fields | {"reference": "安财预2号"})
    assert answer.status_code == 409
    assert "已用于另一内容" in answer.text


async def test_every_form_has_an_id_of_its_own(portal: Browser) -> None:
    case = await opened(portal.desk)
    await sign_in(portal)
    pages = [(await portal.get(f"/desk/cases/{case.case_no}")).text for _ in range(2)]
    ids = [one for page in pages for one in re.findall(r'name="command_id" value="([^"]+)"', page)]
    assert len(ids) == len(set(ids)) > 6


async def test_what_the_debtor_does_is_entered_by_a_clerk_of_the_holder_and_marked(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised()[:2])
    await sign_in(portal)
    assert ("debtor", "acknowledge") in await forms_on(portal, case.case_no)
    assert (await send(portal, case.case_no, "acknowledge", "debtor")).status_code == 303
    event = (await portal.desk.journal(case.case_no))[-1]
    assert (str(event.by), str(event.entered_by)) == ("debtor", "clerk:李敏@620105")
    assert event.account is not None
    assert "债务人（由安宁区清欠办经办人 李敏代录）" in (await portal.get(f"/desk/cases/{case.case_no}")).text


async def test_what_a_creditor_says_on_paper_is_entered_by_another_clerk_than_the_debtor_s_statement(
    portal: Browser,
) -> None:
    case = await opened(portal.desk, *until_recognised()[:2])
    await sign_in(portal)
    stated = {"settled": "1000万元", "paid": "600万元", "undisputed": "400万元", "as_of": str(RECEIVED_ON)}
    assert (await send(portal, case.case_no, "recognise", "debtor", **stated)).status_code == 303
    assert ("creditor", "endorse") not in await forms_on(portal, case.case_no)
    answer = await send(portal, case.case_no, "endorse", "creditor")
    assert (answer.status_code, "同一人不得代录双方" in answer.text) == (409, True)
    await sign_in(portal, person="马明")
    assert ("creditor", "endorse") in await forms_on(portal, case.case_no)
    assert (await send(portal, case.case_no, "endorse", "creditor")).status_code == 303
    event = (await portal.desk.journal(case.case_no))[-1]
    assert (str(event.by), str(event.entered_by)) == ("creditor", "clerk:马明@620105")
    assert "债权人（由安宁区清欠办经办人 马明代录）" in (await portal.get(f"/desk/cases/{case.case_no}")).text


@pytest.mark.parametrize(("office", "roles"), [(CITY, ["clerk"]), ("620105", ["head", "finance"])])
async def test_nobody_else_enters_what_a_party_does(portal: Browser, office: str, roles: list[str]) -> None:
    case = await opened(portal.desk, *until_recognised()[:2])
    await sign_in(portal, office, roles)
    assert {by for by, _ in await forms_on(portal, case.case_no)}.isdisjoint({"debtor", "creditor"})
    for do, party in (("acknowledge", "debtor"), ("withdraw", "creditor")):
        assert (await send(portal, case.case_no, do, party)).status_code == 403


@pytest.mark.parametrize("by", ["head", "creditor", "system", "", "clerk:李敏@620105"])
async def test_nobody_acts_as_somebody_else(portal: Browser, by: str) -> None:
    case = await opened(portal.desk)
    await sign_in(portal)
    answer = await send(portal, case.case_no, "accept", by)
    assert answer.status_code == 403
    assert (await portal.desk.kinds(case.case_no)) == ["received"]


@pytest.mark.long
async def test_whoever_called_back_is_not_offered_to_strike_off(portal: Browser) -> None:
    case = await opened(portal.desk, *until_closed()[:-1])
    await sign_in(portal, roles=["clerk", "head"], person="李敏")
    assert ("head", "close") not in await forms_on(portal, case.case_no)
    answer = await send(portal, case.case_no, "close", "head", report="全额清偿")
    assert answer.status_code == 409
    assert "回访人不得审批销号" in answer.text


async def test_a_head_says_how_hard_a_case_is_pressed_and_a_clerk_is_not_asked(portal: Browser) -> None:
    case = await opened(portal.desk)
    await sign_in(portal, roles=["clerk", "head"], person="李敏")
    assert [by for by, do in await forms_on(portal, case.case_no) if do == "accept"] == ["clerk", "head"]
    page = (await portal.get(f"/desk/cases/{case.case_no}")).text
    assert "受理（分级办理）" in page
    assert page.count('name="mode"') == 1
    answer = await send(portal, case.case_no, "accept", "head", mode="key_supervised")
    assert answer.status_code == 303
    shown = await portal.desk.show(case.case_no)
    assert (shown["stage"], shown["mode"]) == ("transfer", "key_supervised")


async def test_a_superior_escalates_and_does_not_handle(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised()[:2])
    await sign_in(portal, CITY, ["clerk", "head", "finance"])
    assert await forms_on(portal, case.case_no) == [
        ("head", "reassign"),
        ("head", "escalate"),
        ("head", "summon"),
        ("head", "interview_held"),
    ]
    answer = await send(portal, case.case_no, "escalate", "head", mode="supervised", reason="社会关注")
    assert answer.status_code == 303
    page = (await portal.get(f"/desk/cases/{case.case_no}")).text
    assert "督办函" in page


async def test_a_foreign_case_is_not_there(portal: Browser) -> None:
    case = await opened(portal.desk)
    await sign_in(portal, STRANGER)
    shown = await portal.get(f"/desk/cases/{case.case_no}")
    missing = await portal.get("/desk/cases/QQ-620105-2023-9999")
    assert shown.status_code == missing.status_code == 404
    assert shown.text == missing.text.replace("9999", "0001")
    for path in ("commands", "contact", "code"):
        answer = await portal.submit(f"/desk/cases/{case.case_no}/{path}", {"do": "accept", "as": "clerk"})
        assert answer.status_code == 404
    assert (await portal.desk.kinds(case.case_no)) == ["received"]


async def test_an_enterprise_is_sent_to_sign_in(portal: Browser) -> None:
    case = await opened(portal.desk)
    answer = await portal.get(f"/desk/cases/{case.case_no}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


async def test_a_form_of_another_site_changes_nothing(portal: Browser) -> None:
    case = await opened(portal.desk)
    await sign_in(portal)
    answer = await portal.post(f"/desk/cases/{case.case_no}/commands", data={"do": "accept", "as": "clerk"})
    assert answer.status_code == 403
    assert (await portal.desk.kinds(case.case_no)) == ["received"]


async def test_the_contact_is_shown_on_demand_and_whoever_looked_is_noted(portal: Browser) -> None:
    case = await opened(portal.desk, contact="赵经理 13900000000")
    login = await sign_in(portal)
    assert "13900000000" not in (await portal.get(f"/desk/cases/{case.case_no}")).text
    answer = await portal.submit(f"/desk/cases/{case.case_no}/contact")
    assert "赵经理 13900000000" in answer.text
    async with portal.window.engine.connect() as connection:
        noted = (await connection.execute(select(reading.c.who, reading.c.case_no, reading.c.what))).all()
    assert [tuple(row) for row in noted] == [(login, case.case_no, "contact")]


async def test_an_office_that_does_not_work_on_the_case_does_not_see_the_contact(portal: Browser) -> None:
    case = await opened(portal.desk, contact="13900000000")
    await sign_in(portal, CITY, ["head"])
    answer = await portal.submit(f"/desk/cases/{case.case_no}/contact")
    assert answer.status_code == 403
    assert "13900000000" not in answer.text
    async with portal.window.engine.connect() as connection:
        assert (await connection.execute(select(reading))).all() == []


async def test_another_code_is_shown_once_and_the_old_one_is_void(portal: Browser) -> None:
    case = await opened(portal.desk)
    await sign_in(portal)
    answer = await portal.submit(f"/desk/cases/{case.case_no}/code")
    (code,) = re.findall(r'id="access-code">([^<]+)<', answer.text)
    enterprise = portal.another()
    asked = {"case_no": case.case_no, "code": case.access_code}
    assert (await enterprise.post("/enquiries", data=asked)).status_code == 401
    assert (await enterprise.post("/enquiries", data=asked | {"code": code})).status_code == 303


@pytest.mark.long
async def test_notices_are_listed_and_downloaded_by_whoever_sees_the_case(portal: Browser) -> None:
    case = await opened(portal.desk, PRESSED)
    await sign_in(portal)
    page = (await portal.get(f"/desk/cases/{case.case_no}")).text
    (link,) = set(re.findall(r'href="(/desk/notices/[^"]+)/preview"', page))
    document = await portal.get(link)
    assert document.status_code == 200
    assert document.content[:2] == b"PK"
    assert "filename*=UTF-8''%E6%B8%85" in document.headers["content-disposition"]
    listed = (await portal.get("/desk/notices?notice=supervision_letter")).text
    assert link in listed
    assert link not in (await portal.get("/desk/notices?notice=takeover")).text
    stranger = portal.another()
    await sign_in(stranger, STRANGER)
    assert (await stranger.get(link)).status_code == 404
    assert link not in (await stranger.get("/desk/notices")).text


async def test_what_became_of_a_notice_is_shown_where_notices_are(portal: Browser) -> None:
    case = await opened(portal.desk, PRESSED)
    await sign_in(portal)
    letter = select(outbox.c.ref, outbox.c.office).limit(1)
    async with portal.desk.engine.begin() as connection:
        number, office = (await connection.execute(letter)).one()
        sent = {
            "office": office,
            "since": datetime.now(UTC),
            "attempts": 1,
            "digest_id": "1",
            "address": "a@b",
        }
        await connection.execute(
            insert(delivery).values(
                ref=number, next_try_at=None, channel="email", state="unknown", last_error="", **sent
            )
        )
    for address in (f"/desk/cases/{case.case_no}", "/desk/notices"):
        assert "不明 1" in (await portal.get(address)).text
        assert "unknown 1" in (await portal.get(f"{address}?lang=en")).text
        await portal.get(f"{address}?lang=zh")


async def test_the_page_speaks_english_by_a_switch(portal: Browser) -> None:
    case = await opened(portal.desk, *until_planned(source="budget"))
    await sign_in(portal)
    page = (await portal.get(f"/desk/cases/{case.case_no}?lang=en")).text
    for told in (
        "What you may do now",
        "Entered for the debtor",
        "Who owes what",
        "If nobody acts",
        "Registered: ",
    ):
        assert told in page


@pytest.mark.parametrize(
    ("policy", "told"),
    [("/etc/x.toml", "规则包写名称"), ("./gansu", "规则包写名称"), ("atlantis", "规则包 atlantis 不能用")],
)
async def test_a_rule_pack_is_a_name_and_no_path(portal: Browser, policy: str, told: str) -> None:
    case = await opened(portal.desk)
    await sign_in(portal, roles=["head"])
    answer = await send(portal, case.case_no, "adopt_policy", "head", policy=policy, reason="试试")
    assert answer.status_code == 422
    assert told in answer.text


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "nothing"},
        {"do.x": "accept", "do": "accept"},
        {"do": "accept", "reason.a.b.c": "x"},
        {"do": "refuse", "ground": "\0"},
        {"do": "refuse", "ground": "因" * 2001},
        {"do": "accept", "by": "head:高@620100"},
        {"do": "request_correction", "items.²": "x"},
    ],
)
async def test_a_form_that_is_none_of_ours_gets_an_answer(portal: Browser, fields: dict[str, str]) -> None:
    case = await opened(portal.desk)
    await sign_in(portal)
    answer = await portal.submit(f"/desk/cases/{case.case_no}/commands", {"as": "clerk", **fields})
    assert answer.status_code in (303, 422)
    if answer.status_code == 303:
        assert str((await portal.desk.journal(case.case_no))[-1].by) == CLERK


@pytest.mark.long
async def test_a_receipt_is_disputed_and_answered(portal: Browser) -> None:
    case = await opened(
        portal.desk,
        *until_planned(source="budget"),
        order("fund", "finance:钱@620105", source="budget", amount="300万元", reference="安财预1号"),
        *paid("100万元", "PZ-1"),
        order("report_payment", "debtor:王强", voucher="PZ-2", amount="200万元", paid_on="2023-04-26"),
    )
    await sign_in(portal)
    page = (await portal.get(f"/desk/cases/{case.case_no}?form=debtor-bounce")).text
    bounce = page[page.index('id="debtor-bounce"') :]
    assert '<option value="PZ-2"' in bounce[: bounce.index("</form>")]
    assert '<option value="PZ-1"' not in bounce[: bounce.index("</form>")]


@pytest.mark.long
async def test_what_is_wrong_with_a_whole_row_is_said_in_it_and_led_to(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised()[:-1])
    await portal.desk.move_to(date(2023, 5, 8))
    await sign_in(portal)
    answer = await send(portal, case.case_no, "deem_endorsed", **{"attempts.0.how": "phone"})
    assert answer.status_code == 422
    ((to, label), *_) = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', answer.text)
    assert label == "联系记录（至少两日）第 1 行"
    (marked,) = re.findall(rf'<[^>]*id="{to}"[^>]*>', answer.text)
    assert 'aria-invalid="true"' in marked
    assert f'id="{to}-fault">联系记录填日期' in answer.text
