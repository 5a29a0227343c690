"""Registering a case: the fields of a receipt, faults at their fields, one case for one form, and the code shown once."""

import re
from typing import Any, Final

import pytest
from sqlalchemy import func, select

from schema.tables import registration
from schema.window import people
from tests.portal.visits import Browser, enquire, opened, sign_in
from tests.stack import DISTRICT

WRITTEN: Final = {
    "title": "道路工程款",
    "project": "北滨河路维修",
    "creditor.name": "八冶集团",
    "creditor.code": "91350100m000100y43",
    "creditor.size": "small",
    "creditor.ownership": "private",
    "creditor.contact": "赵经理 13900000000",
    "debtor.contact": "钱科长 13700000000",
    "debtor.name": "安宁区环卫局",
    "debtor.kind": "organ",
    "channel": "hotline",
    "kind": "works",
    "claimed": "４００万元",
    "received_on": "2023-04-26",
    "migrant_wages": "true",
    "distinct": "true",
}


async def register(client: Browser, **changes: str) -> Any:
    """Send the form."""
    written = {name.replace("__", "."): value for name, value in changes.items()}
    return await client.submit("/desk/register", WRITTEN | written)


async def count(client: Browser) -> int:
    """How many cases have a number."""
    async with client.window.engine.connect() as connection:
        return (await connection.execute(select(func.count()).select_from(registration))).scalar_one()


def codes(page: str) -> list[str]:
    """The access codes that a page shows."""
    return re.findall(r'id="access-code">([^<]+)<', page)


async def test_a_case_is_registered_and_its_code_opens_the_enterprise_s_view(portal: Browser) -> None:
    await sign_in(portal)
    answer = await register(portal)
    assert answer.status_code == 201, answer.text
    (code,) = codes(answer.text)
    case_no = "QQ-620105-2023-0001"
    assert case_no in answer.text
    case = await portal.desk.show(case_no)
    assert (case["claimed_fen"], case["office"], case["migrant_wages"]) == (400 * 10**6, DISTRICT, True)
    assert case["creditor"]["code"] == "91350100M000100Y43"
    assert (case["contact"], case["debtor_contact"]) == ("赵经理 13900000000", "钱科长 13700000000")
    journal = str(await portal.desk.journal(case_no))
    assert "13900000000" not in journal
    assert "13700000000" not in journal
    await enquire(portal.another(), case_no, code)


async def test_the_same_form_sent_twice_registers_one_case(portal: Browser) -> None:
    await sign_in(portal)
    first, second = [await register(portal, command_id="web-once") for _ in range(2)]
    assert codes(first.text) == codes(second.text) != []
    assert await count(portal) == 1
    other = await register(portal, command_id="web-once", title="另一案件")
    assert other.status_code == 409
    assert "已用于另一内容" in other.text
    assert 'value="另一案件"' in other.text


async def test_another_session_that_sends_the_form_again_sees_no_code(portal: Browser) -> None:
    await sign_in(portal)
    await register(portal, command_id="web-once")
    later = portal.another()
    await sign_in(later)
    answer = await register(later, command_id="web-once")
    assert (answer.status_code, codes(answer.text)) == (201, [])
    assert "查询码不再显示" in answer.text
    assert await count(portal) == 1


async def test_a_code_that_a_form_gave_is_not_the_same_as_another_form_s(portal: Browser) -> None:
    await sign_in(portal)
    found = {code for number in range(3) for code in codes((await register(portal, note=str(number))).text)}
    assert len(found) == 3
    assert all(re.fullmatch(r"([2-9A-HJKMNP-Z]{4}-){3}[2-9A-HJKMNP-Z]{4}", code) for code in found)


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"title": "  "}, "title", "此项必填"),
        ({"claimed": "四百万"}, "claimed", "金额写作"),
        ({"kind": "nothing"}, "kind", "请从列表中选择"),
        ({"received_on": "2023-04-27"}, "received_on", "登记日在今天"),
        ({"received_on": "26.4.2023"}, "received_on", "日期写作"),
        ({"contract__signed_on": "2023-05-01"}, "contract-signed_on", "合同的签订、交付、验收、结算日"),
        ({"contract__settled_on": "2023-05-01"}, "contract-signed_on", "合同的签订、交付、验收、结算日"),
        ({"contract__agreed_term_days": "三十"}, "contract-agreed_term_days", "须为整数"),
        ({"contract__agreed_rate": "三厘"}, "contract-agreed_rate", "利率写作"),
        ({"creditor__code": "91350100M000100Y44"}, "creditor-code", "校验位不符"),
        ({"debtor__code": "1162010"}, "debtor-code", "现为 7 位"),
        ({"debtor__code": "0" * 18}, "debtor-code", "占位代码"),
        ({"debtor__code": "9" * 2700}, "debtor-code", "内容过长"),
        ({"received_on": "0023-04-26"}, "received_on", "请核对年份"),
        ({"debtor__name": ""}, "debtor-name", "此项必填"),
        ({"debtor__name": "长" * 201}, "debtor-name", "内容过长"),
        ({"note": "长" * 2001}, "note", "内容过长"),
        ({"creditor__contact": "1" * 201}, "creditor-contact", "内容过长"),
        ({"debtor__contact": "1" * 201}, "debtor-contact", "内容过长"),
    ],
)
async def test_a_fault_is_said_at_its_field_and_nothing_is_registered(
    portal: Browser, changes: dict[str, str], field: str, told: str
) -> None:
    await sign_in(portal)
    answer = await register(portal, **changes)
    assert answer.status_code == 422
    (said,) = re.findall(rf'<p class="fault" id="new-{field}-fault">([^<]+)<', answer.text)
    assert told in said
    assert 'value="八冶集团"' in answer.text
    assert await count(portal) == 0


@pytest.mark.parametrize("claimed", ["", "0"])
async def test_an_anonymous_lead_is_registered_without_an_amount(portal: Browser, claimed: str) -> None:
    await sign_in(portal)
    unknown = {
        "creditor__name": "匿名",
        "creditor__code": "",
        "creditor__size": "unknown",
        "creditor__ownership": "unknown",
    }
    assert (await register(portal, claimed=claimed, **unknown)).status_code == 201
    case = await portal.desk.show("QQ-620105-2023-0001")
    assert (case["claimed_fen"], case["creditor"]["size"]) == (None, "unknown")
    answer = await portal.get("/desk/cases/QQ-620105-2023-0001")
    assert "待核实" in answer.text
    overview = (await portal.get("/desk/overview")).text
    assert "金额待核实 1" in overview


async def test_a_double_is_shown_with_its_candidates_and_registered_when_ticked(portal: Browser) -> None:
    await sign_in(portal)
    foreign = await opened(portal.desk, office="620102")
    await register(portal)
    answer = await register(portal, creditor__name="八冶 集团", distinct="")
    assert answer.status_code == 409
    assert 'href="/desk/cases/QQ-620105-2023-0001"' in answer.text
    assert foreign.case_no in answer.text
    assert f'href="/desk/cases/{foreign.case_no}"' not in answer.text
    assert 'name="distinct"' in answer.text
    assert 'value="八冶 集团"' in answer.text
    assert await count(portal) == 2
    assert (await register(portal, creditor__name="八冶 集团")).status_code == 201
    assert 'name="distinct"' not in (await portal.get("/desk/register")).text


async def test_a_case_is_registered_by_whoever_has_signed_in(portal: Browser) -> None:
    login = await sign_in(portal)
    await register(portal)
    (received,) = await portal.desk.journal("QQ-620105-2023-0001")
    assert str(received.by) == "clerk:李敏@620105"
    async with portal.window.engine.connect() as connection:
        found = await people.staff_by_login(connection, login)
    assert found is not None
    assert received.account == found.id


async def test_all_faults_are_said_at_once(portal: Browser) -> None:
    await sign_in(portal)
    answer = await portal.submit("/desk/register", {"creditor.code": "1", "note": "只有备注"})
    assert answer.status_code == 422
    faults = re.findall(r'<p class="fault" id="new-([a-z_-]+)-fault">', answer.text)
    assert {"title", "creditor-name", "creditor-code", "debtor-kind", "received_on"} <= set(faults)
    assert "只有备注</textarea>" in answer.text


@pytest.mark.parametrize("name", ["office", "creditor.phone", "by", "creditor", "x y"])
async def test_a_field_that_is_not_on_the_form_is_not_taken(portal: Browser, name: str) -> None:
    await sign_in(portal)
    answer = await portal.submit("/desk/register", WRITTEN | {name: "620302"})
    assert answer.status_code in (201, 422)
    if answer.status_code == 201:
        assert (await portal.desk.show("QQ-620105-2023-0001"))["office"] == DISTRICT


@pytest.mark.parametrize("roles", [["head"], ["finance"], ["head", "finance"]])
async def test_only_clerks_register(portal: Browser, roles: list[str]) -> None:
    await sign_in(portal, roles=roles)
    assert (await portal.get("/desk/register")).status_code == 403
    assert (await register(portal)).status_code == 403
    assert "/desk/register" not in (await portal.get("/desk")).text


async def test_the_form_names_every_field_of_the_contract(portal: Browser) -> None:
    await sign_in(portal)
    page = (await portal.get("/desk/register")).text
    names = set(re.findall(r' name="([a-z_.]+)"', page))
    assert (set(WRITTEN) - {"distinct"}) | {
        "contract.signed_on",
        "contract.no",
        "livelihood",
        "note",
        "debtor.code",
    } <= names
    assert 'name="received_on" required' in page
    assert 'value="2023-04-26"' in page
