"""The account of somebody of an office: the password, where it is signed in, and whose business that is."""

import pytest
from sqlalchemy import text

from domain.telling.punctuation import typeset
from office.codes import as_issued, draw_code
from tests.portal.visits import PASSWORD, Browser, add_person, csrf_of, sign_in

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.42"
GOOD = "四月的兰州河边走一走"

BAD = {
    "兰州河边": "至少 10 个字符",
    "1234567890": "太常见",
    "QwertyUIOP": "太常见",
    "Password2024!": "太常见",
    "Admin@123456": "太常见",
    "woaini1314": "太常见",
    "2026年2026年2026年": "太常见",
    "WANG.xiao-de-mima": "登录名",
    "ｗａｎｇｘｉａｏ的密码不短": "登录名",
    "我 王晓 的密码不短": "本人姓名",
    "安宁620105的密码不短": "办公室的代码",
}
"""What is no password of 王晓(二科) of 620105, whose login is wangxiao; and what is said."""


async def _enter(browser: Browser, login: str, password: str = PASSWORD, agent: str = CHROME) -> None:
    """Sign in by the page."""
    said = {"User-Agent": agent}
    answer = await browser.post("/sign-in", data={"login": login, "password": password}, headers=said)
    assert answer.status_code == 303, answer.text
    browser.csrf = await csrf_of(browser)


@pytest.fixture
async def wangxiao(portal: Browser) -> str:
    """Somebody with a password, signed in."""
    person = {"person": "王晓(二科)", "login": "wangxiao"}
    login = await add_person(portal.window, "620105", password=PASSWORD, **person)
    await _enter(portal, login)
    return login


@pytest.mark.parametrize("password", BAD)
async def test_a_password_that_others_guess_is_refused_where_it_is_changed_and_it_says_why(
    portal: Browser, wangxiao: str, password: str
) -> None:
    changed = {"old": PASSWORD, "new": password, "again": password}
    answer = await portal.submit("/account/password", changed)
    assert answer.status_code == 422
    assert BAD[password] in answer.text
    assert password not in answer.text


@pytest.mark.long
async def test_a_password_that_others_guess_is_refused_at_an_invitation_which_stays_good(
    portal: Browser,
) -> None:
    await sign_in(portal, "620100", ["head"], person="高")
    person = {"login": "wangxiao", "person": "王晓(二科)", "office": "620105", "roles": ["clerk"]}
    page = (await portal.submit("/people", person)).text
    code = page.partition('id="secret">')[2].partition("<")[0]
    other = portal.another()
    for password, said in BAD.items():
        setting = {"login": "wangxiao", "code": code, "new": password, "again": password}
        answer = await other.post("/invitation", data=setting)
        assert (answer.status_code, said in answer.text) == (422, True), password
        assert code in answer.text, "nothing typed is lost"
        stranger = await other.post("/invitation", data=setting | {"code": "2222-3333-4444-5555"})
        assert "邀请码不对" in stranger.text
        assert "本人姓名" not in stranger.text.partition("<form")[2].partition("<label")[0], (
            "nobody else learns it"
        )
    setting = {"login": "wangxiao", "code": code.lower().replace("-", " "), "new": GOOD, "again": GOOD}
    assert (await other.post("/invitation", data=setting)).status_code == 303


def test_a_code_has_no_letters_that_look_like_others_and_is_read_however_it_is_typed() -> None:
    drawn = "".join(draw_code() for _ in range(300))
    assert set("01ILOBSZU").isdisjoint(drawn)
    code = "2358-8V5V-ACEF-9XY7"
    for typed in (
        "2358 8v5v acef 9xy7",
        "２３５８８Ｖ５ＶＡＣＥＦ９ＸＹ７",
        "z35b-bus-u--ACEF9XY7 ",
        "2358—8V5V—acef—9xy7",
    ):
        assert as_issued(typed) == code


@pytest.mark.parametrize(("login", "person"), [("li", "(临时)李敏"), ("a-", "（临时）李敏"), ("rui", "李敏")])
async def test_a_short_login_or_a_note_to_a_name_spoils_no_password(
    portal: Browser, login: str, person: str
) -> None:
    await add_person(portal.window, "620105", password=PASSWORD, person=person, login=login)
    await _enter(portal, login)
    changed = {"old": PASSWORD, "new": "brilliant-apricot-ruin-4", "again": "brilliant-apricot-ruin-4"}
    assert (await portal.submit("/account/password", changed)).status_code == 303
    await portal.submit("/sign-out", {})
    owned = changed | {"old": changed["new"], "new": "我是李敏不是别人", "again": "我是李敏不是别人"}
    await _enter(portal, login, changed["new"])
    assert "本人姓名" in (await portal.submit("/account/password", owned)).text


async def test_a_head_resets_a_password_and_everything_open_ends_at_once(
    portal: Browser, wangxiao: str
) -> None:
    head, phone = portal.another(), portal.another()
    await sign_in(head, "620105", ["head"], person="孙")
    await _enter(phone, wangxiao, agent=WECHAT)
    assert "重置密码" in (await head.get("/people")).text
    page = (await head.submit("/people/invitation", {"login": wangxiao})).text
    code = page.partition('id="secret">')[2].partition("<")[0]
    for browser in (portal, phone):
        assert (await browser.get("/account")).status_code == 303
    old = {"login": wangxiao, "password": PASSWORD}
    assert (await phone.post("/sign-in", data=old)).status_code == 401
    assert code not in (await head.get("/people")).text, "it is shown once"
    setting = {"login": wangxiao, "code": code, "new": GOOD, "again": GOOD}
    assert (await phone.post("/invitation", data=setting)).status_code == 303
    assert (await phone.get("/account")).status_code == 200


async def test_a_person_sees_the_own_sessions_in_plain_words_and_ends_one_or_all_others(
    portal: Browser, wangxiao: str
) -> None:
    phone, third = portal.another("198.51.100.7"), portal.another("2001:db8::7")
    await _enter(phone, wangxiao, agent=WECHAT)
    await _enter(third, wangxiao, agent="")
    page = (await portal.get("/account")).text
    for said in (
        "Chrome(Windows)",
        "微信（苹果手机或平板）",
        "未知的浏览器",
        "198.51.100.7",
        "2001:db8::/64",
    ):
        assert typeset(said) in page
    assert page.count("本次登录") == 1
    assert "WeChat on an iPhone or iPad" in (await portal.get("/account?lang=en")).text
    number = await _session(portal, "198.51.100.7")
    assert (await portal.submit("/account/sessions/end", {"session": number})).status_code == 303
    assert (await phone.get("/account")).status_code == 303
    assert (await third.get("/account")).status_code == 200
    assert (await portal.submit("/account/sessions/end")).status_code == 303
    assert (await third.get("/account")).status_code == 303
    assert (await portal.get("/account")).status_code == 200


async def test_nobody_ends_or_sees_a_session_of_somebody_else(portal: Browser, wangxiao: str) -> None:
    other = portal.another("203.0.113.9")
    await add_person(portal.window, login="limin", password=PASSWORD)
    await _enter(other, "limin", agent=WECHAT)
    number = await _session(portal, "203.0.113.9")
    for forged in (number, "0", "-1", "1 OR 1=1", "9" * 18, "9" * 30, "二"):
        answer = await portal.submit("/account/sessions/end", {"session": forged})
        assert answer.status_code == 404, forged
    assert "203.0.113.9" not in (await portal.get("/account")).text
    assert (await portal.submit("/account/sessions/end")).status_code == 303
    assert (await other.get("/account")).status_code == 200
    assert (await portal.post("/account/sessions/end", data={"csrf": other.csrf})).status_code == 403


async def test_when_a_session_was_used_is_kept_to_the_minute(portal: Browser, wangxiao: str) -> None:
    async with portal.window.engine.begin() as connection:
        await connection.execute(text("UPDATE session SET used_at = now() - interval '2 hours'"))
    await portal.get("/desk")
    async with portal.window.engine.connect() as connection:
        since = text("SELECT now() - used_at < interval '1 minute' FROM session")
        assert (await connection.execute(since)).scalar_one()


async def _session(browser: Browser, address: str) -> str:
    async with browser.window.engine.connect() as connection:
        query = text("SELECT id FROM session WHERE address = :address")
        return str((await connection.execute(query, {"address": address})).scalar_one())
