"""The switch between the languages: it leads to the same page, also from what answers a form, and away from nothing shown but once."""

import re
from html import unescape
from typing import Any

import httpx
import pyotp
import pytest

from tests.known import there
from tests.portal.visits import PASSWORD, Browser, add_person, csrf_of, opened, sign_in
from tests.stack import CLERK, order


def switch_on(page: str) -> str | None:
    """Where the switch leads."""
    found = re.search(r'class="language" href="([^"]+)"', page)
    return found[1] if found else None


@pytest.mark.parametrize(
    ("path", "fields", "here"),
    [
        ("/desk/bulk", {"order": "accept", "case_no": "QQ-620105-2023-0001"}, "/desk"),
        ("/desk/register", {"title": "x"}, "/desk/register"),
        ("/desk/batches", {"do": "open_batch"}, "/desk/batches"),
        ("/desk/cases/QQ-620105-2023-0001/commands", {"do": "accept", "as": "clerk"}, None),
        ("/account/password", {"old": "x"}, "/account"),
        ("/people", {"login": "?", "person": ""}, "/people"),
        ("/sign-in", {"login": "x", "password": "y"}, "/sign-in"),
        ("/invitation", {"login": "x", "code": "y"}, "/invitation"),
        ("/enquiries", {"case_no": "x", "code": "y"}, "/"),
        ("/desk/views", {"name": ""}, "/"),
    ],
)
async def test_from_the_answer_to_a_form_the_switch_leads_to_the_page(
    portal: Browser, path: str, fields: dict[str, Any], here: str | None
) -> None:
    case = await opened(portal.desk, order("accept", CLERK))
    await sign_in(portal, roles=["clerk", "head", "finance"])
    answer = await portal.submit(path, fields)
    to = switch_on(answer.text)
    assert to == f"{here or f'/desk/cases/{case.case_no}'}?lang=en", answer.text
    assert (await portal.get(to)).status_code in (200, 303)


async def sent_from(browser: Browser, address: str, path: str, fields: dict[str, Any]) -> httpx.Response:
    """The answer to the form of a page that goes to a path, with whatever the page's address asks."""
    page = (await browser.get(address)).text
    (action,) = {unescape(one) for one in re.findall(rf'action="({re.escape(path)}(?:\?[^"]*)?)"', page)}
    return await browser.submit(action, fields)


@pytest.mark.parametrize(
    ("address", "path", "fields"),
    [
        ("/sign-in?next=%2Fdesk%2Fbatches", "/sign-in", {"login": "x", "password": "y"}),
        ("/invitation?login=huanwei", "/invitation", {"login": "huanwei", "code": "y"}),
        ("/?case=QQ-620105-2023-0001", "/enquiries", {"case_no": "QQ-620105-2023-0001", "code": "y"}),
    ],
)
async def test_who_is_not_let_in_keeps_what_the_address_asked(
    portal: Browser, address: str, path: str, fields: dict[str, Any]
) -> None:
    answer = await sent_from(portal, address, path, fields)
    assert 'id="fault"' in answer.text
    switch = f"{address}&lang=en"
    assert unescape(there(switch_on(answer.text))) == switch
    again = await sent_from(portal, switch, path, fields)
    assert unescape(there(switch_on(again.text))) == f"{address}&lang=zh", "the language goes with it"


async def test_who_fails_twice_and_reads_another_language_gets_to_the_page_asked_for(portal: Browser) -> None:
    await add_person(portal.window, login="limin", password=PASSWORD)
    wrong = {"login": "limin", "password": "guessed"}
    answer = await sent_from(portal, "/sign-in?next=%2Fdesk%2Fbatches", "/sign-in", wrong)
    right = wrong | {"password": PASSWORD}
    entered = await sent_from(portal, unescape(there(switch_on(answer.text))), "/sign-in", right)
    assert (entered.status_code, entered.headers["location"]) == (303, "/desk/batches")


async def test_an_order_to_many_cases_keeps_the_list_it_was_given_in(portal: Browser) -> None:
    case = await opened(portal.desk)
    await sign_in(portal)
    address = "/desk?stage=intake&q=%E9%81%93%E8%B7%AF"
    (order_value,) = re.findall(r'<option value="([^"]*accept[^"]*)"', (await portal.get(address)).text)
    fields = {"order": order_value, "case_no": [case.case_no, "QQ-620105-2023-9999"], "command_id": "many"}
    answer = await sent_from(portal, address, "/desk/bulk", fields)
    assert unescape(there(switch_on(answer.text))) == f"{address}&lang=en"
    assert f'href="{address}"' in unescape(answer.text), "and the way back to the desk leads there"
    assert f'action="/desk/bulk?{address.partition("?")[2]}"' in unescape(answer.text), "as does another try"


async def test_a_unit_that_is_not_invited_keeps_the_case_that_led_there(portal: Browser) -> None:
    case = await opened(portal.desk)
    await sign_in(portal, roles=["head"])
    address = f"/people/units?case={case.case_no}"
    answer = await sent_from(portal, address, "/people/units", {"name": "", "login": "x"})
    assert answer.status_code == 422
    assert unescape(there(switch_on(answer.text))) == f"{address}&lang=en"


async def test_what_cannot_be_done_asks_nothing_of_the_first_page(portal: Browser) -> None:
    await sign_in(portal)
    answer = await sent_from(portal, "/desk?stage=closed", "/desk/views", {"name": ""})
    assert (answer.status_code, switch_on(answer.text)) == (422, "/?lang=en")
    nothing = await portal.submit("/desk/bulk?stage=closed", {"order": "accept"})
    assert (nothing.status_code, switch_on(nothing.text)) == (422, "/?lang=en")


async def test_from_a_ledger_that_is_refused_the_switch_leads_to_the_form(portal: Browser) -> None:
    await sign_in(portal)
    answer = await portal.submit("/desk/import", files={"file": ("a.xlsx", b"no sheet")})
    assert (answer.status_code, switch_on(answer.text)) == (422, "/desk/import?lang=en")


async def test_what_is_shown_once_has_no_switch_that_loses_it(portal: Browser) -> None:
    await add_person(portal.window, login="limin", roles=["head", "clerk"], password=PASSWORD)
    case = await opened(portal.desk)
    await portal.post("/sign-in", data={"login": "limin", "password": PASSWORD})
    portal.csrf = await csrf_of(portal)
    await portal.submit("/account/second-factor", {"password": PASSWORD})
    (key,) = re.findall(r'id="key">([^<]+)', (await portal.get("/account/second-factor")).text)
    code = {"code": pyotp.TOTP(key.replace(" ", "")).now()}
    invited = {"login": "wangwu", "person": "王五", "office": "620105", "roles": "clerk"}
    for path, fields, shown in (
        ("/account/second-factor/confirm", code, "恢复码"),
        (f"/desk/cases/{case.case_no}/code", {}, 'id="access-code"'),
        ("/people", invited, 'id="secret"'),
        ("/tokens", {"name": "平台", "scopes": "read"}, 'id="secret"'),
    ):
        answer = await portal.submit(path, fields)
        assert shown in answer.text, path
        assert switch_on(answer.text) is None, path
    assert switch_on((await portal.get("/people")).text)
