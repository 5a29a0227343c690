"""Sign-in in two steps: a code beside the password, once; recovery when the phone is lost; and what everybody has to have."""

import logging
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pyotp
import pytest
from sqlalchemy import text

from office.faults import Faults
from portal.gate import guard
from portal.serve import needs_second_factor
from runtime.settings import Settings
from tests.portal.visits import PASSWORD, Browser, add_person, csrf_of, sign_in

SECOND = "/sign-in/second-factor"
HALF_MINUTE = timedelta(seconds=30)


class Phone:
    """An authenticator. Shown are the code of now and then the next one, which a phone's clock may have reached: the half minute may
    turn while a test runs, and the code before would not be taken any more.
    """

    def __init__(self, secret: str) -> None:
        self._codes = pyotp.TOTP(secret)

    def code(self, later: int = 0) -> str:
        """The code that is shown so many half minutes from now."""
        return self._codes.at(datetime.now(UTC) + later * HALF_MINUTE)


@pytest.fixture
async def limin(portal: Browser) -> str:
    """A clerk with a password, signed in."""
    login = await add_person(portal.window, login="limin", password=PASSWORD)
    assert (await _password(portal)).headers["location"] == "/desk"
    portal.csrf = await csrf_of(portal)
    return login


def _require(browser: Browser) -> None:
    """From now on everybody at this window has to have a second factor."""
    object.__setattr__(browser.window, "needs_second_factor", True)


async def _password(browser: Browser, next_page: str = "/desk") -> httpx.Response:
    entering = {"login": "limin", "password": PASSWORD}
    return await browser.post("/sign-in", params={"next": next_page}, data=entering)


async def _code(browser: Browser, code: str) -> httpx.Response:
    return await browser.post(SECOND, params={"next": "/desk/batches"}, data={"code": code})


def _key(page: str) -> Phone:
    found = re.search(r'id="key">([^<]+)<', page)
    assert found is not None, page
    return Phone(found[1].replace(" ", ""))


def _recovery(page: str) -> list[str]:
    return re.findall(r'<code class="figure">([^<]+)</code>', page)


async def _turned_on(browser: Browser) -> tuple[Phone, list[str]]:
    """Turn it on at the page of the account; the code of now is used up by that."""
    begun = await browser.submit("/account/second-factor", {"password": PASSWORD})
    assert begun.headers["location"] == "/account/second-factor"
    phone = _key((await browser.get("/account/second-factor")).text)
    confirmed = await browser.submit("/account/second-factor/confirm", {"code": phone.code()})
    assert confirmed.status_code == 200, confirmed.text
    return phone, _recovery(confirmed.text)


async def test_a_person_turns_it_on_and_then_the_password_alone_gives_no_session(
    portal: Browser, limin: str
) -> None:
    other = portal.another()
    await _password(other)
    phone, recovery = await _turned_on(portal)
    assert len(set(recovery)) == 8
    assert (await other.get("/account")).status_code == 303, "other sessions end"
    assert "已开启" in (await portal.get("/account")).text
    step = await _password(other, "/desk/batches")
    assert step.headers["location"] == f"{SECOND}?next=%2Fdesk%2Fbatches"
    assert not any(kept.startswith("qingqian=") for kept in step.headers.get_list("set-cookie"))
    for path in ("/desk", "/account", "/people", "/desk/live"):
        assert (await other.get(path)).status_code == 303
    assert "验证码" in (await other.get(step.headers["location"])).text
    wrong = await _code(other, "000000")
    assert (wrong.status_code, step.headers["location"] in unescape(wrong.text)) == (401, True), "its switch"
    code = phone.code(1)
    entered = await _code(other, f" {code[:3]} {code[3:]} ")
    assert (entered.status_code, entered.headers["location"]) == (303, "/desk/batches")
    assert (await other.get("/account")).status_code == 200
    assert (await _code(other, code)).headers["location"] == "/sign-in", "the step was made"


@pytest.mark.long
async def test_a_wrong_password_or_code_turns_nothing_on_or_off(portal: Browser, limin: str) -> None:
    assert (await portal.submit("/account/second-factor", {"password": "not it"})).status_code == 422
    assert (await portal.get("/account/second-factor")).headers["location"] == "/account"
    assert (await portal.submit("/account/second-factor", {"password": PASSWORD})).status_code == 303
    phone = _key((await portal.get("/account/second-factor")).text)
    for wrong in ("", "000000", "abc", phone.code()[:5], phone.code(-9), phone.code(9)):
        answer = await portal.submit("/account/second-factor/confirm", {"code": wrong})
        assert (answer.status_code, "验证码不对" in answer.text) == (422, True), wrong
    assert (await _password(portal.another())).headers["location"] == "/desk", "nothing is in force"
    await portal.submit("/account/second-factor/confirm", {"code": phone.code()})
    off = "/account/second-factor/off"
    assert (await portal.submit(off, {"password": "not it"})).status_code == 422
    assert SECOND in (await _password(portal.another())).headers["location"]
    assert (await portal.submit(off, {"password": PASSWORD})).status_code == 303
    assert (await _password(portal.another())).headers["location"] == "/desk"


@pytest.mark.long
async def test_a_code_works_once_in_whatever_browser(portal: Browser, limin: str) -> None:
    phone, _ = await _turned_on(portal)
    first, second = portal.another(), portal.another()
    for browser in (first, second):
        await _password(browser)
    code = phone.code(1)
    assert (await _code(first, code)).status_code == 303
    for used in (code, phone.code()):
        again = await _code(second, used)
        assert (again.status_code, "已经用过" in again.text) == (401, True)
    assert (await second.get("/desk")).status_code == 303


async def test_a_recovery_code_works_once_and_the_record_keeps_none(portal: Browser, limin: str) -> None:
    _, recovery = await _turned_on(portal)
    for browser, status in ((portal.another(), 303), (portal.another(), 401)):
        await _password(browser)
        assert (await _code(browser, recovery[0].lower().replace("-", " "))).status_code == status
    assert "剩余恢复码 7 个" in (await portal.get("/account")).text
    async with portal.window.engine.connect() as connection:
        kept = list((await connection.execute(text("SELECT code_hash FROM recovery_code"))).scalars())
        done = list((await connection.execute(text("SELECT what FROM staff_change ORDER BY id"))).scalars())
    assert len(kept) == 7
    assert set(kept).isdisjoint(recovery)
    assert done[-2:] == ["second_factor_set", "recovery_code_used"]


@pytest.mark.long
async def test_codes_are_guessed_no_oftener_than_passwords_and_the_right_password_forgives_none(
    portal: Browser, limin: str
) -> None:
    phone, _ = await _turned_on(portal)
    thief = portal.another("198.51.100.7")
    answers = []
    for no in range(6):
        await _password(thief)
        answers.append((await _code(thief, f"00000{no}")).status_code)
    assert answers == [401] * 5 + [429]
    assert (await _code(thief, phone.code())).status_code == 429, "even the right one waits"
    await _password(portal.another())
    owner = portal.another()
    await _password(owner)
    assert (await _code(owner, phone.code(1))).status_code == 303, "nobody locks the owner out"


@pytest.mark.long
async def test_guesses_of_codes_shared_among_addresses_are_stopped(
    portal: Browser, limin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _turned_on(portal)
    monkeypatch.setitem(guard.MOST_IN_ALL, "code", 4)
    answers = []
    for no in range(6):
        thief = portal.another(f"198.51.100.{no}")
        await _password(thief)
        answers.append((await _code(thief, "000000")).status_code)
    assert answers == [401] * 4 + [429] * 2


async def test_nobody_takes_the_second_step_without_the_first_or_too_late(
    portal: Browser, limin: str
) -> None:
    phone, _ = await _turned_on(portal)
    stranger = portal.another()
    for _ in range(2):
        assert (await stranger.get(SECOND)).headers["location"] == "/sign-in"
        assert (await _code(stranger, phone.code())).headers["location"] == "/sign-in"
        await _password(stranger)
        async with portal.window.engine.begin() as connection:
            await connection.execute(text("UPDATE half_way SET expires_at = now()"))
    await _password(stranger)
    head = portal.another()
    await sign_in(head, "620105", ["head"], person="孙")
    assert (await head.submit("/people/active", {"login": limin, "active": "no"})).status_code == 303
    assert (await _code(stranger, phone.code())).headers["location"] == "/sign-in", (
        "what was half-way ended too"
    )


@pytest.mark.long
async def test_an_invitation_is_no_way_around_it(portal: Browser, limin: str) -> None:
    phone, _ = await _turned_on(portal)
    head, other = portal.another(), portal.another()
    await sign_in(head, "620105", ["head"], person="孙")
    page = (await head.submit("/people/invitation", {"login": limin})).text
    code = page.partition('id="secret">')[2].partition("<")[0]
    new = "一个新的、更长的密码"
    set_anew = await other.post("/invitation", data={"login": limin, "code": code, "new": new, "again": new})
    assert SECOND in set_anew.headers["location"]
    assert (await other.get("/desk")).status_code == 303
    assert (await _code(other, phone.code(1))).status_code == 303


async def test_a_head_removes_it_from_people_it_administers_and_that_is_on_record_without_the_secret(
    portal: Browser, limin: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    head, beside, below = portal.another(), portal.another(), portal.another()
    await sign_in(head, "620100", ["head"], person="高")
    await sign_in(beside, "620200", ["head"], person="许")
    await sign_in(below, "620105", ["clerk"], person="马")
    assert (await head.submit("/people/second-factor", {"login": limin})).status_code == 404, "there is none"
    phone, recovery = await _turned_on(portal)
    for browser, status in ((beside, 404), (below, 403)):
        assert (await browser.submit("/people/second-factor", {"login": limin})).status_code == status
    for forged in ("nobody", "\0", ""):
        assert (await head.submit("/people/second-factor", {"login": forged})).status_code == 404
    assert "解除两步验证（手机遗失）" in (await head.get("/people")).text
    assert (await head.submit("/people/second-factor", {"login": limin})).status_code == 303
    assert (await portal.get("/account")).status_code == 303, "sessions end"
    assert (await _password(portal)).headers["location"] == "/desk"
    shown = (await head.get("/people")).text
    assert "设置了两步验证" in shown
    assert "解除两步验证" in shown
    for secret in (*recovery, PASSWORD, phone._codes.secret):
        assert secret not in shown + caplog.text


async def test_nobody_removes_the_own_by_the_page_for_heads(portal: Browser) -> None:
    login = await sign_in(portal, "620100", ["head"])
    assert (await portal.submit("/people/second-factor", {"login": login})).status_code == 403


async def test_another_phone_takes_the_place_of_the_first_once_it_shows_a_code(
    portal: Browser, limin: str
) -> None:
    first, old = await _turned_on(portal)
    await portal.submit("/account/second-factor", {"password": PASSWORD})
    second = _key((await portal.get("/account/second-factor")).text)
    other = portal.another()
    await _password(other)
    assert (await _code(other, first.code(1))).status_code == 303, "the first is in force until then"
    confirmed = await portal.submit("/account/second-factor/confirm", {"code": second.code()})
    assert set(_recovery(confirmed.text)).isdisjoint(old)
    await _password(other)
    for wrong in (first.code(1), old[0]):
        assert (await _code(other, wrong)).status_code == 401
    assert (await _code(other, second.code(1))).status_code == 303


async def test_a_key_that_was_offered_is_good_for_some_minutes_and_in_that_session_alone(
    portal: Browser, limin: str
) -> None:
    elsewhere = portal.another()
    await _password(elsewhere)
    elsewhere.csrf = await csrf_of(elsewhere)
    await portal.submit("/account/second-factor", {"password": PASSWORD})
    set_up, confirm = "/account/second-factor", "/account/second-factor/confirm"
    phone = _key((await portal.get(set_up)).text)
    assert (await elsewhere.get(set_up)).headers["location"] == "/account"
    refused = await elsewhere.submit(confirm, {"code": phone.code()})
    assert (refused.status_code, "请重新输入密码" in refused.text) == (422, True)
    async with portal.window.engine.begin() as connection:
        later = "UPDATE second_factor SET offered_at = offered_at - interval '10 minutes'"
        await connection.execute(text(later))
    assert (await portal.get(set_up)).headers["location"] == "/account"
    late = await portal.submit(confirm, {"code": phone.code()})
    assert (late.status_code, "请重新输入密码" in late.text) == (422, True)
    assert (await _password(portal.another())).headers["location"] == "/desk", "nothing is in force"


async def test_that_it_is_off_is_told_to_whoever_turned_it_off_alone(portal: Browser, limin: str) -> None:
    await _turned_on(portal)
    assert "两步验证已关闭" not in (await portal.get("/account?done=off")).text
    off = await portal.submit("/account/second-factor/off", {"password": PASSWORD})
    assert "两步验证已关闭" in (await portal.get(off.headers["location"])).text
    assert "两步验证已关闭" not in (await portal.get("/account")).text, "it is said once"


async def test_where_it_is_required_it_is_set_up_right_after_the_password_and_nothing_else_is_reached(
    portal: Browser, limin: str
) -> None:
    _require(portal)
    assert (await portal.get("/desk")).status_code == 303, "what was begun without one ends"
    step = await _password(portal)
    page = await portal.get(step.headers["location"])
    assert "<svg" in page.text
    for path in ("/desk", "/account", "/account/second-factor", "/people", "/desk/register", "/desk/live"):
        assert (await portal.get(path)).headers["location"].startswith("/sign-in")
    wrong = await _code(portal, "000000")
    assert (wrong.status_code, "验证码不对" in wrong.text) == (422, True)
    phone = _key(page.text)
    assert phone._codes.secret == _key(wrong.text)._codes.secret, "it is the same key still"
    done = await _code(portal, phone.code())
    assert (done.status_code, len(_recovery(done.text))) == (200, 8)
    assert 'href="/desk/batches"' in done.text
    assert (await portal.get("/desk")).status_code == 200
    portal.csrf = await csrf_of(portal)
    assert (await portal.submit("/account/second-factor/off", {"password": PASSWORD})).status_code == 403
    assert "关闭两步验证" not in (await portal.get("/account")).text
    await _password(portal)
    assert "<svg" not in (await portal.get(SECOND)).text, "from now on a code is asked for"


async def test_whoever_comes_by_a_common_account_is_asked_for_none_even_where_it_is_required(
    portal: Browser,
) -> None:
    _require(portal)
    await sign_in(portal, by_common_account=True)
    page = await portal.get("/account")
    assert page.status_code == 200
    assert "统一身份认证登录" in page.text
    assert "开启" not in page.text


def test_the_setting_says_one_of_two_things() -> None:
    assert not needs_second_factor(Settings())
    assert needs_second_factor(Settings(second_factor="required"))
    for wrong in ("1", "yes", ""):
        with pytest.raises(Faults):
            needs_second_factor(Settings(second_factor=wrong))
