"""Sign-in of staff: who gets in, who is locked out, and when a session ends."""

import asyncio
import time
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import text

from portal import guard
from portal.visitors import COOKIE
from schema import people
from schema.people import COMMAND_LINE
from tests.portal.visits import ORIGIN, PASSWORD, Browser, add_person, browser_of, enquire, opened, sign_in


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
    assert (await portal.get("/password")).status_code == 200


async def test_a_secure_window_says_so_in_its_cookies_and_headers(portal: Browser, limin: str) -> None:
    object.__setattr__(portal.window, "secure", True)
    answer = await portal.post("/sign-in", data={"login": limin, "password": PASSWORD})
    assert "Secure" in answer.headers["set-cookie"].split("; ")


async def test_the_record_keeps_no_password_and_no_token(portal: Browser, limin: str) -> None:
    await _try(portal, limin, PASSWORD)
    async with portal.window.engine.connect() as connection:
        kept = (await connection.execute(text("SELECT password_hash FROM staff"))).scalar_one()
        token = (await connection.execute(text("SELECT token_hash FROM session"))).scalar_one()
    assert kept.startswith("$argon2id$")
    assert token != portal.cookies[COOKIE]


async def test_an_unknown_login_and_a_wrong_password_are_answered_alike_and_as_slowly(
    portal: Browser, limin: str
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
        answer = await portal.post("/sign-in", data={"login": limin, "password": PASSWORD, "next": asked})
        assert answer.headers["location"] == sent


async def test_a_page_for_staff_sends_to_the_sign_in_and_back(portal: Browser) -> None:
    answer = await portal.get("/password")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fpassword")


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
    assert [subject.partition(":")[0] for subject in left] == ["address"] * 4


async def test_an_access_code_tried_too_often_locks_the_case_and_the_answers_are_alike(
    portal: Browser,
) -> None:
    case = await opened(portal.desk)
    answers = [
        await portal.post("/enquiries", data={"case_no": case.case_no, "code": f"2222-3333-4444-{no:04}"})
        for no in range(guard.MOST["case"])
    ]
    assert {answer.status_code for answer in answers} == {401}
    right = {"case_no": case.case_no, "code": case.access_code}
    assert (await portal.post("/enquiries", data=right)).status_code == 429
    elsewhere = httpx.ASGITransport(portal.app, client=("198.51.100.7", 40000))
    async with httpx.AsyncClient(transport=elsewhere, base_url=ORIGIN) as enterprise:
        answer = await enterprise.post("/enquiries", data=right)
    assert answer.status_code == 303, "nobody locks others out of their case"


async def test_a_code_is_read_however_it_is_typed(portal: Browser) -> None:
    case = await opened(portal.desk)
    await enquire(portal, f" {case.case_no.lower()} ", case.access_code.lower().replace("-", " "))
    assert case.case_no in (await portal.get("/case")).text


async def test_the_session_of_a_person_who_is_removed_or_changed_ends_at_once(portal: Browser) -> None:
    invitation = people.Invitation("x", datetime.now(UTC))
    for change in (
        lambda connection, login: people.change_active(connection, login, False, COMMAND_LINE),
        lambda connection, login: people.change_roles(connection, login, ["finance"], COMMAND_LINE),
        lambda connection, login: people.invite(connection, login, invitation, COMMAND_LINE),
    ):
        login = await sign_in(portal)
        assert (await portal.get("/password")).status_code == 200
        async with portal.window.engine.begin() as connection:
            assert await change(connection, login)
        assert (await portal.get("/password")).status_code == 303
        assert (await portal.submit("/password")).status_code == 403


async def test_an_inactive_person_is_not_let_in(portal: Browser, limin: str) -> None:
    async with portal.window.engine.begin() as connection:
        await people.change_active(connection, limin, False, COMMAND_LINE)
    assert await _try(portal, limin, PASSWORD) == 401


async def test_a_session_ends_with_its_hours_and_by_signing_out(portal: Browser) -> None:
    await sign_in(portal)
    assert (await portal.submit("/sign-out")).headers["location"] == "/"
    assert (await portal.get("/password")).status_code == 303
    await sign_in(portal)
    async with portal.window.engine.begin() as connection:
        await connection.execute(text("UPDATE session SET expires_at = now()"))
    assert (await portal.get("/password")).status_code == 303


async def test_another_password_ends_every_other_session_and_must_be_good(
    portal: Browser, limin: str
) -> None:
    other = portal.another()
    for browser in (portal, other):
        assert await _try(browser, limin, PASSWORD) == 303
    portal.csrf = await _csrf(portal)
    new = "一个新的、更长的密码"
    for fields, fault in {
        (PASSWORD, "short", "short"): "10",
        (PASSWORD, new, new + "!"): "不一致",
        ("not it", new, new): "现在的密码不对",
    }.items():
        answer = await portal.submit("/password", dict(zip(("old", "new", "again"), fields, strict=True)))
        assert answer.status_code == 422
        assert fault in answer.text
    changed = await portal.submit("/password", {"old": PASSWORD, "new": new, "again": new})
    assert changed.status_code == 303
    assert (await portal.get("/password")).status_code == 200
    assert (await other.get("/password")).status_code == 303
    assert await _try(other, limin, PASSWORD) == 401
    assert await _try(other, limin, new) == 303


async def _csrf(browser: Browser) -> str:
    text_of = (await browser.get("/password")).text
    return text_of.partition('name="csrf" value="')[2].partition('"')[0]
