"""A head administers people and tokens: of the own office and of those below it, and nobody else's."""

import re

import pytest
from sqlalchemy import text

from schema import people
from tests.portal.visits import Browser, add_person, sign_in

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


async def test_whoever_is_added_signs_in_with_the_password_that_is_shown_once(head: Browser) -> None:
    password = _secret((await head.submit("/people", ZHANG)).text)
    assert password not in (await head.get("/people")).text
    other = head.another()
    assert (await other.post("/sign-in", data={"login": "zhangwei", "password": password})).status_code == 303
    found = await _staff(head, "zhangwei")
    assert found is not None
    assert (found.person, found.office, found.roles) == ("张伟", "620105", ("clerk", "finance"))


async def test_what_is_wrong_with_a_new_person_is_said_and_nobody_is_added(head: Browser) -> None:
    await head.submit("/people", ZHANG)
    wrong = {
        422: [{"login": "Zhang Wei"}, {"login": "zhangwei"}, {"person": "a@b", "login": "b2"}, {"roles": []}],
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
    assert (await clerk.get("/password")).status_code == 303
    password = _secret((await head.submit("/people/password", {"login": login})).text)
    assert (await clerk.post("/sign-in", data={"login": login, "password": password})).status_code == 303
    await head.submit("/people/active", {"login": login, "active": "no"})
    assert (await clerk.get("/password")).status_code == 303
    found = await _staff(head, login)
    assert found is not None
    assert (found.roles, found.active) == (("finance",), False)


async def test_nobody_changes_people_of_other_offices_or_themselves(head: Browser) -> None:
    above = await add_person(head.window, "620000", ["head"])
    beside = await add_person(head.window, "620200", ["clerk"])
    async with head.window.engine.connect() as connection:
        own = (await connection.execute(text("SELECT login FROM staff WHERE office = '620100'"))).scalar_one()
    for login, status in {above: 404, beside: 404, "nobody": 404, "\0": 404, own: 403}.items():
        for path, fields in {
            "/people/roles": {"roles": ["clerk"]},
            "/people/active": {"active": "no"},
            "/people/password": {},
        }.items():
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
        "/people/password",
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
