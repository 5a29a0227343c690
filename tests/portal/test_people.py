"""A head administers people and tokens: of the own office and of those below it, and nobody else's."""

import asyncio
import re
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from schema.window import people
from tests.portal.visits import Browser, add_person, sign_in

NEW = "一个新的、更长的密码"
ZHANG = {"login": "zhangwei", "person": "张伟", "office": "620105", "roles": ["clerk", "finance"]}


@pytest.fixture
async def head(portal: Browser) -> Browser:
    """The browser of the head of Lanzhou."""
    await sign_in(portal, "620100", ["head"], person="高")
    return portal


def _secret(page: str) -> str:
    found = re.search(r'id="secret">([^<]+)<', page)
    assert found is not None, page
    return found[1]


async def _staff(browser: Browser, login: str) -> people.StaffFound | None:
    async with browser.window.engine.connect() as connection:
        return await people.staff_by_login(connection, login)


def _setting(login: str, code: str, password: str = NEW) -> dict[str, str]:
    return {"login": login, "code": code, "new": password, "again": password}


async def test_whoever_is_added_sets_the_password_by_a_code_that_works_once(head: Browser) -> None:
    code = _secret((await head.submit("/people", ZHANG)).text)
    assert code not in (await head.get("/people")).text
    other = head.another()
    for secret in (code, NEW, ""):
        entering = {"login": "zhangwei", "password": secret}
        assert (await other.post("/sign-in", data=entering)).status_code == 401
    for wrong in (
        _setting("zhangwei", code, "short"),
        _setting("zhangwei", code) | {"again": "另一个很长很长的密码"},
        _setting("zhangwei", "2222-3333-4444-5555"),
        _setting("gao", code),
    ):
        assert (await other.post("/invitation", data=wrong)).status_code == 422
    typed = _setting(" ZhangWei ", code.lower().replace("-", " "))
    both = await asyncio.gather(*(head.another().post("/invitation", data=typed) for _ in range(2)))
    assert sorted(answer.status_code for answer in both) == [303, 422]
    assert (await other.post("/sign-in", data={"login": "zhangwei", "password": NEW})).status_code == 303
    found = await _staff(head, "zhangwei")
    assert found is not None
    assert (found.person, found.office, found.roles) == ("张伟", "620105", ("clerk", "finance"))


async def test_an_invitation_waits_a_week_and_is_of_one_who_may_come(head: Browser) -> None:
    code = _secret((await head.submit("/people", ZHANG)).text)
    async with head.window.engine.begin() as connection:
        await connection.execute(text("UPDATE staff SET invited_until = now() WHERE login = 'zhangwei'"))
    assert (await head.another().post("/invitation", data=_setting("zhangwei", code))).status_code == 422
    again = _secret((await head.submit("/people/invitation", {"login": "zhangwei"})).text)
    await head.submit("/people/active", {"login": "zhangwei", "active": "no"})
    assert (await head.another().post("/invitation", data=_setting("zhangwei", again))).status_code == 422


@pytest.mark.long
async def test_what_is_wrong_with_a_new_person_is_said_and_nobody_is_added(head: Browser) -> None:
    await head.submit("/people", ZHANG)
    wrong: dict[int, list[dict[str, Any]]] = {
        422: [
            {"login": "Zhang Wei"},
            {"login": "zhangwei", "person": "另一人"},
            {"person": "a@b", "login": "b2"},
            {"person": "李\u200b敏", "login": "b2"},
            {"person": "李" * 41, "login": "b2"},
            {"person": " ", "login": "b2"},
            {"login": "b2", "person": "李敏", "roles": []},
        ],
        404: [{"office": "640000", "login": "b3"}, {"office": "620000", "login": "b4"}],
    }
    for status, changes in wrong.items():
        for change in changes:
            assert (await head.submit("/people", ZHANG | change)).status_code == status, change
    async with head.window.engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM staff"))).scalar_one() == 2


async def test_roles_password_and_activity_change_and_the_session_ends(head: Browser) -> None:
    clerk = head.another()
    login = await sign_in(clerk)
    assert (await head.submit("/people/roles", {"login": login, "roles": ["finance"]})).status_code == 303
    assert (await clerk.get("/account")).status_code == 303
    code = _secret((await head.submit("/people/invitation", {"login": login})).text)
    assert (await clerk.post("/invitation", data=_setting(login, code))).status_code == 303
    assert (await clerk.get("/account")).status_code == 200
    await head.submit("/people/active", {"login": login, "active": "no"})
    assert (await clerk.get("/account")).status_code == 303
    found = await _staff(head, login)
    assert found is not None
    assert (found.roles, found.active) == (("finance",), False)


async def test_nobody_changes_people_of_other_offices_or_themselves(head: Browser) -> None:
    above = await add_person(head.window, "620000", ["head"])
    beside = await add_person(head.window, "620200", ["clerk"])
    async with head.window.engine.connect() as connection:
        own = (await connection.execute(text("SELECT login FROM staff WHERE office = '620100'"))).scalar_one()
    for login, status in {above: 404, beside: 404, "nobody": 404, "\0": 404, own: 403}.items():
        changes: dict[str, dict[str, Any]] = {
            "/people/roles": {"roles": ["clerk"]},
            "/people/active": {"active": "no"},
            "/people/invitation": {},
        }
        for path, fields in changes.items():
            assert (await head.submit(path, {"login": login, **fields})).status_code == status
    listed = (await head.get("/people")).text
    assert above not in listed
    assert beside not in listed


async def test_people_are_for_heads(portal: Browser) -> None:
    await sign_in(portal, roles=["clerk", "finance"])
    assert (await portal.get("/people")).status_code == 403
    for path in (
        "/people",
        "/people/roles",
        "/people/active",
        "/people/invitation",
        "/tokens",
        "/tokens/revoke",
    ):
        assert (await portal.submit(path, ZHANG)).status_code == 403


async def test_a_token_is_shown_once_and_is_of_the_own_office_until_it_is_revoked(head: Browser) -> None:
    token = _secret((await head.submit("/tokens", {"name": "省平台", "scopes": ["act", "read"]})).text)
    assert token not in (await head.get("/people")).text
    bearer = {"Authorization": f"Bearer {token}"}
    assert (await head.get("/api/v1/cases", headers=bearer)).status_code == 200
    assert (await head.get("/api/v1/bond-batches", headers=bearer)).status_code == 403
    for fields in ({"name": "省平台", "scopes": ["read"]}, {"name": "x"}, {"name": "x", "scopes": ["all"]}):
        assert (await head.submit("/tokens", fields)).status_code == 422
    other = head.another()
    await sign_in(other, "620105", ["head"])
    await other.submit("/tokens/revoke", {"name": "省平台"})
    assert (await head.get("/api/v1/cases", headers=bearer)).status_code == 200, "another office's"
    await head.submit("/tokens/revoke", {"name": "省平台"})
    assert (await head.get("/api/v1/cases", headers=bearer)).status_code == 401


async def test_a_form_without_the_sessions_token_or_from_another_site_changes_nothing(head: Browser) -> None:
    other = head.another()
    await sign_in(other, "620100", ["head"])
    for csrf in ("", "wrong", "错", other.csrf):
        assert (await head.post("/people", data=ZHANG | {"csrf": csrf})).status_code == 403
    crossed = await head.submit("/people", ZHANG, headers={"Sec-Fetch-Site": "cross-site"})
    assert crossed.status_code == 403
    assert await _staff(head, "zhangwei") is None


async def test_a_name_is_shown_as_text(head: Browser) -> None:
    await head.submit("/people", ZHANG | {"person": "<script>alert(1)</script>"})
    assert "<script>alert" not in (await head.get("/people")).text


async def test_what_heads_did_about_people_is_on_record_and_shown_to_the_other_heads(head: Browser) -> None:
    other = head.another()
    await sign_in(other, "620100", ["head"], person="许")
    code = _secret((await head.submit("/people", ZHANG | {"office": "620100"})).text)
    await head.submit("/people/roles", {"login": "zhangwei", "roles": ["head"]})
    await head.submit("/people/invitation", {"login": "zhangwei"})
    shown = (await other.get("/people")).text
    for said in ("增加人员", "变更角色", "重新邀请"):
        assert said in shown
    assert code not in shown
    async with head.window.engine.connect() as connection:
        query = text(
            "SELECT what, whom, account IS NOT NULL FROM staff_change WHERE whom = 'zhangwei' ORDER BY id"
        )
        noted = [tuple(row) for row in await connection.execute(query)]
    done = ("added", "roles_changed", "invited")
    assert noted == [(what, "zhangwei", True) for what in done]
    async with head.window.engine.begin() as connection:
        with pytest.raises(DBAPIError):
            await connection.execute(text("DELETE FROM staff_change"))


async def test_two_heads_cannot_deactivate_each_other(head: Browser) -> None:
    """However the two requests meet, one of them is refused."""
    other = head.another()
    second = await sign_in(other, "620100", ["head"], person="许")
    first = await _login_of(head, "高")
    answers = await asyncio.gather(
        head.submit("/people/active", {"login": second, "active": "no"}),
        other.submit("/people/roles", {"login": first, "roles": ["clerk"]}),
    )
    assert sorted(answer.status_code for answer in answers)[0] == 303
    left = [found for login in (first, second) if (found := await _staff(head, login))]
    assert sum(found.active and "head" in found.roles for found in left) == 1


async def test_an_office_keeps_a_head(head: Browser) -> None:
    login = await add_person(head.window, "620105", ["head", "clerk"])
    for path, fields in (("/people/active", {"active": "no"}), ("/people/roles", {"roles": ["clerk"]})):
        answer = await head.submit(path, {"login": login, **fields})
        assert answer.status_code == 403
        assert "至少一名负责人" in answer.text
    await add_person(head.window, "620105", ["head"])
    assert (await head.submit("/people/active", {"login": login, "active": "no"})).status_code == 303


async def test_a_token_ends_with_the_head_who_gave_it(head: Browser) -> None:
    maker = head.another()
    for change in ({"active": "no"}, {"roles": ["clerk"]}):
        login = await sign_in(maker, "620100", ["head"])
        token = _secret((await maker.submit("/tokens", {"name": login, "scopes": ["read"]})).text)
        bearer = {"Authorization": f"Bearer {token}"}
        assert (await head.get("/api/v1/cases", headers=bearer)).status_code == 200
        path = "/people/active" if "active" in change else "/people/roles"
        await head.submit(path, {"login": login, **change})
        assert (await head.get("/api/v1/cases", headers=bearer)).status_code == 401
        await head.submit("/people/active", {"login": login, "active": "yes"})
        assert (await head.get("/api/v1/cases", headers=bearer)).status_code == 401


async def _login_of(browser: Browser, person: str) -> str:
    async with browser.window.engine.connect() as connection:
        query = text("SELECT login FROM staff WHERE person = :person")
        return str((await connection.execute(query, {"person": person})).scalar_one())
