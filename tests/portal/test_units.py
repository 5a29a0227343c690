"""A debtor unit with an account: invited by a head, signed in once, it sees and handles all of its own cases, and no others."""

import re
from datetime import date
from typing import Any, Final

import pytest
from sqlalchemy import text

from domain.value import PartySide
from portal.showing.qr import qr_of
from tests.portal.test_debtor import CODE
from tests.portal.test_documents import LINK
from tests.portal.test_evidence import PDF, put
from tests.portal.visits import Browser, csrf_of, opened, sign_in, sign_in_unit
from tests.stack import CLERK, HEAD, RECEIVED_ON, order, until_planned, until_recognised

FORWARDED: Final = until_recognised()[:2]
UNIT, CREDIT_CODE = "安宁区环卫局", "11620105013890029N"
PASSWORD: Final = "环卫 2026 年自己的密码"
SECRET: Final = re.compile(r'id="secret">([^<]+)<')
INVITED: Final = {"name": UNIT, "code": "", "person": "王强", "login": "huanwei"}


@pytest.fixture
async def head(portal: Browser) -> Browser:
    """The browser of the head of Anning, who registers nothing."""
    await sign_in(portal, roles=["head"], person="孙")
    return portal


async def _invite(head: Browser, **changes: str) -> str:
    """An account for a unit; returns the code of the invitation."""
    answer = await head.submit("/people/units", INVITED | changes)
    assert answer.status_code == 200, answer.text
    (code,) = SECRET.findall(answer.text)
    return str(code)


async def _set_password(browser: Browser, login: str, code: str) -> Any:
    given = {"login": login, "code": code, "new": PASSWORD, "again": PASSWORD}
    answer = await browser.post("/invitation", data=given)
    if answer.status_code == 303:
        browser.csrf = await csrf_of(browser)
    return answer


async def _listed(unit: Browser, **asked: str) -> list[str]:
    page = await unit.get("/unit", params=asked)
    assert page.status_code == 200, page.text
    return re.findall(r'href="/unit/cases/([^"]+)"', page.text)


def _other(name: str, **more: str) -> dict[str, Any]:
    return {"debtor": {"name": name, "kind": "organ", **more}}


@pytest.mark.long
async def test_a_head_invites_a_unit_which_sets_its_password_and_signs_in_once(head: Browser) -> None:
    cases = [await opened(head.desk, *FORWARDED) for _ in range(2)]
    asked = (await head.get(f"/people/units?case={cases[0].case_no}")).text
    assert f'value="{UNIT}"' in asked
    assert (
        f'href="/people/units?case={cases[0].case_no}"'
        in (await head.get(f"/desk/cases/{cases[0].case_no}")).text
    )
    slip = (await head.submit("/people/units", INVITED)).text
    (code,) = SECRET.findall(slip)
    (link,) = re.findall(r'href="(http[^"]+)"', slip)
    assert link.endswith("/invitation?login=huanwei")
    assert code not in link
    assert str(qr_of(link)) in slip
    for said in ("安宁区清欠办", UNIT, "王强", "现在看得到 2 件案件"):
        assert said in slip, said
    assert code not in (await head.get("/people/units")).text, "it is shown once"
    unit = head.another()
    assert 'value="huanwei"' in (await unit.get("/invitation?login=huanwei")).text
    assert (await _set_password(unit, "huanwei", code)).headers["location"] == "/unit"
    assert (await _set_password(head.another(), "huanwei", code)).status_code == 422, "it works once"
    assert sorted(await _listed(unit)) == sorted(case.case_no for case in cases)
    again = head.another()
    signed_in = {"login": "huanwei", "password": PASSWORD}
    assert (await again.post("/sign-in?next=/unit", data=signed_in)).headers["location"] == "/unit"
    assert (await again.get("/")).headers["location"] == "/unit"
    assert "单位登录" in (await head.another().get("/sign-in?next=/unit")).text


async def test_a_unit_without_a_login_of_its_own_has_its_credit_code(head: Browser) -> None:
    code = await _invite(head, login="", code=CREDIT_CODE, person="")
    unit = head.another()
    assert (await _set_password(unit, CREDIT_CODE.lower(), code)).status_code == 303
    assert UNIT in (await unit.get("/account")).text


async def test_what_is_wrong_with_an_invitation_is_said_at_its_field_and_nothing_typed_is_lost(
    head: Browser,
) -> None:
    await _invite(head)
    for wrong, said in (
        ({"name": " "}, "请填写单位名称"),
        ({"code": "11620105013890029A"}, "校验位不符"),
        ({"person": "a@b"}, "姓名为 1 至 40 个字"),
        ({"login": ""}, "请填写登录名"),
        ({"login": "A B"}, "登录名为 2 至 40 个小写字母"),
        ({"name": "别的单位"}, "该登录名已被使用"),
        ({"login": "huanwei2"}, "该登录名已被使用"),
    ):
        answer = await head.submit("/people/units", INVITED | wrong)
        assert (answer.status_code, said in answer.text) == (422, True), (wrong, answer.text)
        assert f'value="{(INVITED | wrong)["person"]}"' in answer.text
    assert (
        await head.submit("/people/units", INVITED | {"login": "huanwei2", "person": "李强"})
    ).status_code == 200


@pytest.mark.long
async def test_accounts_of_units_are_for_the_head_of_the_office_or_of_one_above(head: Browser) -> None:
    code = await _invite(head)
    forms = {"": INVITED, "/invitation": {}, "/active": {"active": "no"}, "/second-factor": {}}
    for office, roles, listed, changed in (
        ("620105", ["clerk", "finance"], 403, 403),
        ("620102", ["head"], 200, 404),
    ):
        other = head.another()
        await sign_in(other, office, roles)
        assert (await other.get("/people/units")).status_code == listed
        assert "huanwei" not in (await other.get("/people/units")).text
        for path, fields in list(forms.items())[1:]:
            answer = await other.submit(f"/people/units{path}", {"login": "huanwei", **fields})
            assert answer.status_code == changed, (office, path)
    for path in ("roles", "active", "invitation", "second-factor"):
        of_all = {"login": "huanwei", "roles": ["clerk", "head"], "active": "no"}
        assert (await head.submit(f"/people/{path}", of_all)).status_code == 404, "it is nobody of the office"
    assert "huanwei" not in re.sub("变更记录.*", "", (await head.get("/people")).text, flags=re.DOTALL)
    assert (await _set_password(head.another(), "huanwei", code)).status_code == 303
    above = head.another()
    await sign_in(above, "620100", ["head"])
    assert "安宁区清欠办" in (await above.get("/people/units")).text
    again = await above.submit("/people/units/invitation", {"login": "huanwei"})
    (fresh,) = SECRET.findall(again.text)
    assert (await _set_password(head.another(), "huanwei", fresh)).status_code == 303


@pytest.mark.long
async def test_resetting_and_ending_an_account_ends_its_sessions_at_once(head: Browser) -> None:
    case = await opened(head.desk, *FORWARDED)
    unit = head.another()
    await _set_password(unit, "huanwei", await _invite(head))
    here = f"/unit/cases/{case.case_no}"
    assert (await unit.get(here)).status_code == 200
    (fresh,) = SECRET.findall((await head.submit("/people/units/invitation", {"login": "huanwei"})).text)
    assert (await unit.get(here)).status_code == 303
    assert (await _set_password(unit, "huanwei", fresh)).status_code == 303
    assert (
        await head.submit("/people/units/active", {"login": "huanwei", "active": "no"})
    ).status_code == 303
    for path in ("/unit", here, "/account"):
        assert (await unit.get(path)).headers["location"].startswith("/sign-in"), path
    assert (await unit.submit(f"{here}/commands", {"do": "acknowledge"})).status_code == 403
    entering = {"login": "huanwei", "password": PASSWORD}
    assert (await head.another().post("/sign-in", data=entering)).status_code == 401
    await head.submit("/people/units/active", {"login": "huanwei", "active": "yes"})
    assert (await head.another().post("/sign-in", data=entering)).status_code == 303
    done = (await head.get("/people")).text
    for said in ("增加人员", "重置密码", "停用", "恢复"):
        assert said in done, said


async def test_a_unit_looks_after_its_own_account(head: Browser) -> None:
    unit, elsewhere = head.another(), head.another()
    await _set_password(unit, "huanwei", await _invite(head))
    await elsewhere.post("/sign-in", data={"login": "huanwei", "password": PASSWORD})
    for path in ("/account", "/account?lang=en"):
        page = (await unit.get(path)).text
        assert UNIT in page
        assert 'href="/desk' not in page
    ended = await unit.submit("/account/sessions/end")
    assert ended.headers["location"] == "/account"
    assert (await elsewhere.get("/unit")).status_code == 303
    fresh = {"old": PASSWORD, "new": "另一个很长很长的密码", "again": "另一个很长很长的密码"}
    assert (await unit.submit("/account/password", fresh | {"new": "安宁区环卫局王强"})).status_code == 422
    assert (await unit.submit("/account/password", fresh)).status_code == 303
    unit.csrf = await csrf_of(unit)
    offered = await unit.submit("/account/second-factor", {"password": fresh["new"]})
    assert offered.headers["location"] == "/account/second-factor"
    assert 'id="key"' in (await unit.get("/account/second-factor")).text


@pytest.mark.parametrize(
    "path", ["/desk", "/desk/overview", "/people", "/people/units", "/desk/import", "/case", "/debtor"]
)
async def test_a_unit_sees_no_page_of_others_and_nobody_sees_its_pages(head: Browser, path: str) -> None:
    case = await opened(head.desk, *FORWARDED)
    unit = head.another()
    await sign_in_unit(unit, UNIT)
    answer = await unit.get(path)
    assert answer.status_code == 303, "turned away"
    assert not answer.headers["location"].startswith("/desk")
    assert (await unit.get("/sign-in?next=/desk")).headers["location"] == "/unit"
    for here in ("/unit", f"/unit/cases/{case.case_no}"):
        assert (await head.get(here)).status_code == 303
        assert (await head.get(f"/sign-in?next={here}")).headers["location"] == "/desk"
        assert (await head.another().get(here)).headers["location"].startswith("/sign-in?next=%2Funit")


@pytest.mark.long
async def test_the_cases_are_those_of_the_debtor_by_its_code_or_else_by_its_name(head: Browser) -> None:
    desk = head.desk
    same = [
        await opened(desk, *FORWARDED, **_other("安宁区环卫局")),
        await opened(desk, *FORWARDED, **_other("安宁区 (环卫局)")),
        await opened(desk, *FORWARDED, **_other("安宁区环境卫生局", code=CREDIT_CODE)),
    ]
    others = [
        await opened(desk, *FORWARDED, **_other("安宁区环卫局", code="12620100438001234M")),
        await opened(desk, *FORWARDED, **_other("安宁区环卫局二队")),
        await opened(desk, order("accept", CLERK), **_other("安宁区环卫局")),
        await opened(
            desk,
            *(order("accept", "clerk:周@620102"), order("forward", "clerk:周@620102", to="debtor")),
            office="620102",
        ),
    ]
    unit = head.another()
    await sign_in_unit(unit, UNIT, CREDIT_CODE)
    assert sorted(await _listed(unit)) == sorted(case.case_no for case in same)
    for case in others:
        assert (await unit.get(f"/unit/cases/{case.case_no}")).status_code == 404
    for forged in ("QQ-620105-2023-9999", "x", "%00", "QQ-620105-2023-0001'--", "9" * 300):
        assert (await unit.get(f"/unit/cases/{forged}")).status_code in (404, 422), forged
    unnamed, above = head.another(), head.another()
    await sign_in_unit(unnamed, UNIT)
    assert len(await _listed(unnamed)) == 3, "without a code it goes by the name alone"
    await sign_in_unit(above, UNIT, CREDIT_CODE, office="620100")
    assert len(await _listed(above)) == 4, "and the one of the other district, where nobody knows its code"


@pytest.mark.long
async def test_cases_come_and_go_without_anybody_doing_anything(head: Browser) -> None:
    case = await opened(head.desk, *FORWARDED)
    unit = head.another()
    await sign_in_unit(unit, UNIT)
    here = f"/unit/cases/{case.case_no}"
    assert (await unit.get(here)).status_code == 200
    new = await opened(head.desk, *FORWARDED)
    assert sorted(await _listed(unit)) == sorted((case.case_no, new.case_no))
    corrected = order("correct", CLERK, facts={"debtor": {"name": "安宁区城管局"}}, reason="录错")
    await head.desk.cases.act(case.case_no, corrected)
    assert (await unit.get(here)).status_code == 200, "it waits for its second person"
    await head.desk.cases.act(case.case_no, order("approve", HEAD, submission="correct"))
    assert await _listed(unit) == [new.case_no]
    assert (await unit.get(here)).status_code == 404
    for path in ("commands", "attachments"):
        assert (await unit.submit(f"{here}/{path}", {"do": "acknowledge"})).status_code == 404


@pytest.mark.long
async def test_a_unit_handles_a_case_as_its_debtor_and_the_journal_names_it(head: Browser) -> None:
    case = await opened(head.desk, *FORWARDED)
    unit = head.another()
    await sign_in_unit(unit, UNIT, person="王强")
    here = f"/unit/cases/{case.case_no}"
    page = (await unit.get(here)).text
    for said in ("签收", "2023-05-11", 'href="/unit"', f'action="{here}/commands"'):
        assert said in page, said
    stated = {
        "do": "recognise",
        "settled": "300万元",
        "paid": "0",
        "undisputed": "200万元",
        "as_of": str(RECEIVED_ON),
    }
    wrong = await unit.submit(f"{here}/commands", stated)
    assert wrong.status_code == 409
    assert 'value="200万元"' in wrong.text, "what was written stays"
    for fields in ({"do": "acknowledge"}, stated | {"undisputed": "300万元"}):
        answer = await unit.submit(f"{here}/commands", fields)
        assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == here
    assert "已办理：" in (await unit.get(answer.headers["location"])).text
    assert (await put(unit, here, PDF, "对账单.pdf")).status_code == 303
    assert (await unit.get(f"{here}/attachments/1")).content == PDF
    (letter,) = LINK.findall((await unit.get(here)).text)
    assert (await unit.get(letter)).content[:2] == b"PK"
    assert 'href="/unit"' in (await unit.get(f"{letter}/preview")).text
    own = [event for event in await head.desk.journal(case.case_no) if event.by.role == "debtor"]
    assert [event.kind for event in own] == ["acknowledged", "recognised", "attached"]
    assert {(event.by.person, event.by.party) for event in own} == {("王强", UNIT)}
    assert len({event.account for event in own} - {None}) == 1
    assert f"债务人 {UNIT} 王强" in (await head.get(f"/desk/cases/{case.case_no}")).text


@pytest.mark.long
async def test_it_has_no_more_than_a_visitor_with_the_code_of_the_case(head: Browser) -> None:
    noted = [order("remark", CLERK, text="秘备注"), order("suspend", CLERK, reason="秘中止")]
    case = await opened(
        head.desk, *until_planned(source="budget"), *noted, contact="13800000000", note="秘内部"
    )
    clerk, by_code, unit = head.another(), head.another(), head.another()
    await sign_in(clerk)
    answer = await clerk.submit(f"/desk/cases/{case.case_no}/code", {"side": "debtor"})
    (code,) = CODE.findall(answer.text)
    await by_code.post("/enquiries", data={"case_no": case.case_no, "code": code})
    await sign_in_unit(unit, UNIT, person="")
    pages = []
    for browser, path in ((by_code, "/debtor"), (unit, f"/unit/cases/{case.case_no}")):
        main = (await browser.get(path)).text.partition("<main")[2].partition("</main>")[0]
        pages.append(re.sub(r'value="[^"]*"', "", main).replace(path, ""))
    assert pages[0] == pages[1]
    for secret in ("秘备注", "秘内部", "13800000000", "李敏"):
        assert secret not in pages[1], secret
    again = await clerk.submit(f"/desk/cases/{case.case_no}/code", {"side": "debtor"})
    assert again.status_code == 200
    assert (await by_code.get("/debtor")).status_code == 303
    assert (await unit.get(f"/unit/cases/{case.case_no}")).status_code == 200, "the account is not the code"


@pytest.mark.long
async def test_the_page_says_what_is_due_first_and_how_much_is_owed_in_all(head: Browser) -> None:
    desk = head.desk
    planned = await opened(desk, *until_planned(source="budget"), title="已定计划")
    unknown = await opened(desk, *FORWARDED, title="尚未答复")
    asleep = await opened(desk, *FORWARDED, order("suspend", CLERK, reason="等待"), title="已经中止")
    ended = await opened(desk, *FORWARDED, title="已经结束")
    await desk.cases.act(ended.case_no, order("withdraw", "creditor:赵", reason="已付"))
    await desk.cases.act(ended.case_no, order("confirm_withdrawal", CLERK, voluntary=True, note="自愿"))
    unit = head.another()
    await sign_in_unit(unit, UNIT)
    assert await _listed(unit) == [case.case_no for case in (unknown, planned, asleep, ended)]
    await desk.move_to(date(2023, 4, 28))
    figures = r'class="figure ?(?:late)?">\s*(?:<span class="amount"[^>]*>)?([^<]+)<'
    page = (await unit.get("/unit")).text
    assert [said.strip() for said in re.findall(figures, page)] == ["300.00万元", "1", "0", "3"]
    assert "共 4 件" in page
    assert "停算" in page
    await desk.move_to(date(2023, 5, 12))
    page = (await unit.get("/unit")).text
    assert re.findall(figures, page)[-3:-1] == ["0", "2"]
    assert "红灯" in page
    assert "已超过" in page
    english = (await unit.get("/unit?lang=en")).text
    for said in ("Our cases", "Outstanding in all", "to be verified", "days over"):
        assert said in english, said
    for q, found in (("尚未", [unknown]), ("八冶", [unknown, planned, asleep, ended]), ("没有", [])):
        assert await _listed(unit, q=q) == [case.case_no for case in found], q
    assert await _listed(unit, q=planned.case_no) == [planned.case_no]
    assert await _listed(unit, q=str(int(planned.case_no[-4:]))) == [planned.case_no]


@pytest.mark.long
async def test_a_page_has_fifty_cases_and_each_is_on_one_of_them(head: Browser) -> None:
    for _ in range(53):
        await opened(head.desk, *FORWARDED)
    unit = head.another()
    await sign_in_unit(unit, UNIT)
    first = (await unit.get("/unit")).text
    (further,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = (await unit.get(further.replace("&amp;", "&"))).text
    listed = [re.findall(r'href="/unit/cases/([^"]+)"', page) for page in (first, second)]
    assert [len(page) for page in listed] == [50, 3]
    assert len({*listed[0], *listed[1]}) == 53
    for key in ("x", "0.", "9" * 30):
        assert (await unit.get("/unit", params={"after": key})).status_code == 422


@pytest.mark.long
async def test_nobody_who_knows_a_creditors_code_lets_its_debtor_in_and_the_other_way_round(
    head: Browser,
) -> None:
    case = await opened(head.desk, *FORWARDED)
    here, creditors = f"/desk/cases/{case.case_no}/code", {"side": PartySide.CREDITOR.value}
    assert (await head.submit(here, creditors)).status_code == 200
    refused = await head.submit("/people/units", INVITED)
    assert refused.status_code == 403
    assert "另一位负责人" in refused.text
    other = head.another()
    await sign_in(other, roles=["head"], person="许")
    await _invite(other)
    assert (await head.submit("/people/units/invitation", {"login": "huanwei"})).status_code == 403
    assert (await other.submit(here, creditors)).status_code == 403
    assert (await other.submit(here, {"side": "debtor"})).status_code == 200
    elsewhere = await opened(head.desk, *FORWARDED, **_other("安宁区城管局"))
    answer = await other.submit(f"/desk/cases/{elsewhere.case_no}/code", creditors)
    assert answer.status_code == 200, "the unit is nobody there"


async def test_guesses_at_an_account_are_paced_as_those_at_others(head: Browser) -> None:
    await _set_password(head.another(), "huanwei", await _invite(head))
    guesser = head.another("203.0.113.7")
    wrong = {"login": "huanwei", "password": "不是这个密码"}
    answers = [(await guesser.post("/sign-in", data=wrong)).status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]
    assert (await head.another().post("/sign-in", data=wrong | {"password": PASSWORD})).status_code == 303


async def test_an_account_of_a_unit_has_no_role_of_an_office_in_the_record(head: Browser) -> None:
    await _invite(head)
    for change in ("roles = '{clerk}'", "unit = NULL"):
        with pytest.raises(Exception, match="staff_check"):
            async with head.window.engine.begin() as connection:
                await connection.execute(text(f"UPDATE staff SET {change} WHERE login = 'huanwei'"))


async def test_a_case_leaves_with_the_office_that_handles_it(head: Browser) -> None:
    case = await opened(head.desk, *FORWARDED)
    unit, above = head.another(), head.another()
    await sign_in_unit(unit, UNIT)
    await sign_in_unit(above, UNIT, office="620100")
    moved = order("reassign", "head:高@620100", to="620102", reason="项目在城关区")
    await head.desk.cases.act(case.case_no, moved)
    assert await _listed(unit) == []
    assert (await unit.get(f"/unit/cases/{case.case_no}")).status_code == 404
    assert await _listed(above) == [case.case_no]


@pytest.mark.long
async def test_a_case_that_was_merged_goes_on_under_the_other_number(head: Browser) -> None:
    first, second = [await opened(head.desk, *FORWARDED) for _ in range(2)]
    assert (await head.submit(f"/desk/cases/{first.case_no}/code", {"side": "creditor"})).status_code == 200
    unit = head.another()
    await sign_in_unit(unit, UNIT)
    await head.desk.cases.act(first.case_no, order("merge", CLERK, into=second.case_no, reason="同一笔账"))
    await head.desk.cases.act(first.case_no, order("approve", HEAD, submission="merge"))
    assert await _listed(unit) == [second.case_no]
    assert (await unit.get(f"/unit/cases/{first.case_no}")).status_code == 404
    assert (await head.submit("/people/units", INVITED)).status_code == 403, "its code opens the other"
