"""Sign-in of staff: who gets in, who is locked out, and when a session ends."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher
from fastapi import Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from office import passwords
from portal.gate import guard
from portal.gate.visitors import COOKIE
from schema.window import people
from schema.window.people import COMMAND_LINE
from tests.portal.visits import PASSWORD, Browser, add_person, browser_of, csrf_of, enquire, opened, sign_in


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords are hashed with as much work as in production; other tests spare it."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
async def limin(portal: Browser) -> str:
    """A clerk with a password."""
    return await add_person(portal.window, login="limin", password=PASSWORD)


async def _try(browser: Browser, login: str, password: str, **more: str) -> int:
    return (await browser.post("/sign-in", data={"login": login, "password": password, **more})).status_code


async def test_the_right_password_lets_in_and_the_cookie_is_for_this_site_and_no_script(
    portal: Browser, limin: str
) -> None:
    answer = await portal.post("/sign-in", data={"login": " LiMin ", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=28800"} <= set(cookie.split("; "))
    assert PASSWORD not in answer.text
    assert (await portal.get("/account")).status_code == 200


async def test_a_secure_window_says_so_in_its_cookies_and_headers(portal: Browser, limin: str) -> None:
    object.__setattr__(portal.window, "secure", True)
    answer = await portal.post("/sign-in", data={"login": limin, "password": PASSWORD})
    assert "Secure" in answer.headers["set-cookie"].split("; ")


@pytest.mark.long
async def test_the_record_keeps_no_password_and_no_token(slowly: None, portal: Browser, limin: str) -> None:
    await _try(portal, limin, PASSWORD)
    async with portal.window.engine.connect() as connection:
        kept = (await connection.execute(text("SELECT password_hash FROM staff"))).scalar_one()
        token = (await connection.execute(text("SELECT token_hash FROM session"))).scalar_one()
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$"), "as RFC 9106 has it where memory is short"
    assert token != portal.cookies[COOKIE]


@pytest.mark.long
async def test_an_unknown_login_and_a_wrong_password_are_answered_alike_and_as_slowly(
    slowly: None, portal: Browser, limin: str
) -> None:
    await _try(portal, "nobody", "warms up the hash of nobody")
    answers, took = [], {limin: 60.0, "nobody.at.all": 60.0}
    for login in (limin, "nobody.at.all") * 3:
        begun = time.perf_counter()
        answers.append(await portal.post("/sign-in", data={"login": login, "password": "not this one"}))
        took[login] = min(took[login], time.perf_counter() - begun)
    assert {answer.status_code for answer in answers} == {401}
    assert answers[0].text.replace(limin, "X") == answers[1].text.replace("nobody.at.all", "X")
    assert 0.2 < took[limin] / took["nobody.at.all"] < 5


async def test_nobody_is_sent_to_another_site_after_signing_in(portal: Browser, limin: str) -> None:
    for asked, sent in {
        "/cases?light=red": "/cases?light=red",
        "//evil.example": "/desk",
        "https://evil.example": "/desk",
        "/\\evil.example": "/desk",
        "/\\[": "/desk",
        "javascript:alert(1)": "/desk",
        "/desk\nSet-Cookie: a=b": "/desk",
    }.items():
        shown = {"login": limin, "password": PASSWORD}
        answer = await portal.post("/sign-in", params={"next": asked}, data=shown)
        assert answer.headers["location"] == sent


async def test_a_page_for_staff_sends_to_the_sign_in_and_back(portal: Browser) -> None:
    answer = await portal.get("/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Faccount")


async def test_after_five_failures_even_the_right_password_waits_in_every_process(
    portal: Browser, limin: str
) -> None:
    for _ in range(5):
        assert await _try(portal, limin, "guessed") == 401
    answer = await portal.post("/sign-in", data={"login": limin, "password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 900
    async with browser_of(portal.desk) as elsewhere:
        assert await _try(elsewhere, limin, PASSWORD) == 429
    await add_person(portal.window, login="wangqiang", password=PASSWORD)
    assert await _try(portal, "wangqiang", PASSWORD) == 303, "others are not locked out"


@pytest.mark.long
async def test_a_thousand_guesses_at_once_are_stopped_like_a_thousand_in_a_row(
    portal: Browser, limin: str
) -> None:
    answers = await asyncio.gather(*(_try(portal, limin, f"guess {no}") for no in range(60)))
    assert sorted(answers)[:5] == [401] * 5
    assert set(answers[5:]) <= {401, 429}
    assert answers.count(401) == 5


async def test_the_wait_is_over_after_a_quarter_of_an_hour(portal: Browser, limin: str) -> None:
    for _ in range(6):
        await _try(portal, limin, "guessed")
    async with portal.window.engine.begin() as connection:
        await connection.execute(text("UPDATE attempt SET at = at - interval '16 minutes'"))
    assert await _try(portal, limin, PASSWORD) == 303


async def test_success_forgives_the_login_but_not_the_address(portal: Browser, limin: str) -> None:
    for _ in range(4):
        await _try(portal, limin, "guessed")
    assert await _try(portal, limin, PASSWORD) == 303
    async with portal.window.engine.connect() as connection:
        left = (await connection.execute(text("SELECT subject FROM attempt"))).scalars().all()
    assert sorted(subject.partition(":")[0] for subject in left) == ["address"] * 4 + ["login"] * 4


async def test_nobody_locks_a_person_out_from_elsewhere(portal: Browser, limin: str) -> None:
    elsewhere = portal.another("198.51.100.7")
    answers = [await _try(elsewhere, limin, "guessed") for _ in range(6)]
    assert answers == [401] * 5 + [429]
    assert await _try(portal, limin, PASSWORD) == 303


async def test_a_guess_shared_among_addresses_is_stopped_everywhere_but_where_the_person_is_at_home(
    portal: Browser, limin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await _try(portal, limin, PASSWORD) == 303
    monkeypatch.setitem(guard.MOST_IN_ALL, "login", 8)
    answers = [await _try(portal.another(f"198.51.100.{no}"), limin, "guessed") for no in range(12)]
    assert answers == [401] * 8 + [429] * 4
    assert await _try(portal.another("203.0.113.9"), limin, PASSWORD) == 429
    assert await _try(portal, limin, PASSWORD) == 303
    assert await _try(portal.another("203.0.113.9"), limin, PASSWORD) == 429, "that took back no guess"


async def test_a_changed_password_is_guessed_no_oftener_than_at_the_sign_in(
    portal: Browser, limin: str
) -> None:
    assert await _try(portal, limin, PASSWORD) == 303
    portal.csrf = await csrf_of(portal)
    new = {"new": "一个新的、更长的密码", "again": "一个新的、更长的密码"}
    answers = [await portal.submit("/account/password", {"old": f"guess {no}", **new}) for no in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


async def test_addresses_of_one_network_are_one_and_of_the_old_kind_each_its_own(portal: Browser) -> None:
    said = {}
    for host in ("2001:db8::1", "2001:db8::2", "::ffff:192.0.2.1", "::ffff:192.0.2.2", "192.0.2.1", "unix"):
        scope = {"type": "http", "client": (host, 1), "headers": []}
        said[host] = guard.address_of(Request(scope))
    assert said["2001:db8::1"] == said["2001:db8::2"]
    assert said["::ffff:192.0.2.1"] == said["192.0.2.1"] != said["::ffff:192.0.2.2"]
    assert said["unix"] == "unix"


async def _ask_page(browser: Browser, case_no: str, code: str) -> int:
    return (await browser.post("/enquiries", data={"case_no": case_no, "code": code})).status_code


async def _ask_api(browser: Browser, case_no: str, code: str) -> int:
    asked = {"case_no": case_no, "access_code": code}
    return (await browser.post("/api/v1/enquiries", json=asked)).status_code


AskedAt = Callable[[Browser, str, str], Awaitable[int]]
DOORS = pytest.mark.parametrize(("ask", "let_in"), [(_ask_page, 303), (_ask_api, 201)], ids=["page", "api"])


@DOORS
async def test_an_access_code_tried_too_often_waits_where_it_was_tried_and_nowhere_else(
    portal: Browser, ask: AskedAt, let_in: int
) -> None:
    case = await opened(portal.desk)
    guessed = [
        await ask(portal, case.case_no, f"2222-3333-4444-{no:04}") for no in range(guard.MOST_HERE["case"])
    ]
    assert set(guessed) == {401}
    assert await ask(portal, case.case_no, case.access_code) == 429
    elsewhere = portal.another("198.51.100.7")
    assert await ask(elsewhere, case.case_no, case.access_code) == let_in, "nobody locks others out"


@pytest.mark.long
@DOORS
async def test_a_guess_of_a_code_shared_among_addresses_is_stopped_but_not_for_the_enterprise_at_home(
    portal: Browser, ask: AskedAt, let_in: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await opened(portal.desk)
    assert await ask(portal, case.case_no, case.access_code) == let_in
    monkeypatch.setitem(guard.MOST_IN_ALL, "case", 20)
    guessed = [
        await ask(portal.another(f"198.51.100.{no}"), case.case_no, "2222-3333-4444-5555") for no in range(22)
    ]
    assert guessed == [401] * 20 + [429] * 2
    assert await ask(portal, case.case_no, case.access_code) == let_in


@DOORS
async def test_one_address_has_so_many_failures_whatever_it_tries(
    portal: Browser, ask: AskedAt, let_in: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MOST_FROM", 10)
    tried = [await ask(portal, f"QQ-620105-2023-{no:04}", "2222-3333-4444-5555") for no in range(12)]
    assert tried == [401] * 10 + [429] * 2
    assert await _try(portal, "nobody", "guessed") == 429


async def test_a_code_is_read_however_it_is_typed(portal: Browser) -> None:
    case = await opened(portal.desk)
    await enquire(portal, f" {case.case_no.lower()} ", case.access_code.lower().replace("-", " "))
    assert case.case_no in (await portal.get("/case")).text


async def test_the_session_of_a_person_who_is_removed_or_changed_ends_at_once(portal: Browser) -> None:
    invitation = people.Invitation("x", datetime.now(UTC))
    changes: list[Callable[[AsyncConnection, str], Awaitable[object]]] = [
        lambda connection, login: people.change_active(connection, login, False, COMMAND_LINE),
        lambda connection, login: people.change_roles(connection, login, ["finance"], COMMAND_LINE),
        lambda connection, login: people.invite(connection, login, invitation, COMMAND_LINE),
    ]
    for change in changes:
        login = await sign_in(portal)
        assert (await portal.get("/account")).status_code == 200
        async with portal.window.engine.begin() as connection:
            assert await change(connection, login)
        assert (await portal.get("/account")).status_code == 303
        assert (await portal.submit("/account/password")).status_code == 403


async def test_an_inactive_person_is_not_let_in(portal: Browser, limin: str) -> None:
    async with portal.window.engine.begin() as connection:
        await people.change_active(connection, limin, False, COMMAND_LINE)
    assert await _try(portal, limin, PASSWORD) == 401


async def test_a_session_ends_with_its_hours_and_by_signing_out(portal: Browser) -> None:
    await sign_in(portal)
    assert (await portal.submit("/sign-out")).headers["location"] == "/"
    assert (await portal.get("/account")).status_code == 303
    await sign_in(portal)
    async with portal.window.engine.begin() as connection:
        await connection.execute(text("UPDATE session SET expires_at = now()"))
    assert (await portal.get("/account")).status_code == 303


async def test_another_password_ends_every_other_session_and_must_be_good(
    portal: Browser, limin: str
) -> None:
    other = portal.another()
    for browser in (portal, other):
        assert await _try(browser, limin, PASSWORD) == 303
    portal.csrf = await csrf_of(portal)
    new = "一个新的、更长的密码"
    for fields, fault in {
        (PASSWORD, "short", "short"): "10",
        (PASSWORD, new, new + "!"): "不一致",
        ("not it", new, new): "现在的密码不对",
    }.items():
        answer = await portal.submit(
            "/account/password", dict(zip(("old", "new", "again"), fields, strict=True))
        )
        assert answer.status_code == 422
        assert fault in answer.text
    changed = await portal.submit("/account/password", {"old": PASSWORD, "new": new, "again": new})
    assert changed.status_code == 303
    assert (await portal.get("/account")).status_code == 200
    assert (await other.get("/account")).status_code == 303
    assert await _try(other, limin, PASSWORD) == 401
    assert await _try(other, limin, new) == 303
