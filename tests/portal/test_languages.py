"""The switch between the languages: it leads to the same page, also from what answers a form, and away from nothing shown but once."""

import re
from typing import Any

import pyotp
import pytest

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
