"""Attacks on who somebody is: a colleague's name, a name that only looks like another, a party's word, another side's ids."""

from typing import Any

import httpx
import pytest

from portal.gate.visitors import COOKIE
from tests.portal.visits import ORIGIN, Browser, add_token, employ, enquire, opened, sign_in
from tests.stack import CLERK, DISTRICT, FINANCE, Desk, order, paid, until_planned

CASES = "/api/v1/cases"
CITY_CLERK = "clerk:周@620100"


async def _in_review(desk: Desk) -> str:
    """A case whose creditor is to be called back."""
    case = await opened(
        desk,
        *until_planned("300万元", "budget"),
        order("fund", FINANCE, source="budget", amount="300万元", reference="安财预1号"),
        *paid("300万元", "PZ-1"),
    )
    assert (await desk.show(case.case_no))["stage"] == "review"
    return case.case_no


def _code(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    return answer.text.partition('id="secret">')[2].partition("<")[0]


@pytest.mark.long
async def test_a_head_who_adds_a_second_login_in_a_colleagues_name_does_not_become_two_people(
    portal: Browser,
) -> None:
    """Attack A1."""
    case_no = await _in_review(portal.desk)
    colleague = portal.another()
    login = await sign_in(colleague, DISTRICT, ["clerk"], person="李敏")
    await sign_in(portal, DISTRICT, ["head"], person="孙")
    for name in ("李敏", "李 敏", "李　敏", "李\u200b敏", "孙", "孙 ", "ㅤ孙"):
        second = {"login": "second", "person": name, "office": DISTRICT, "roles": ["clerk"]}
        assert (await portal.submit("/people", second)).status_code == 422, name

    page = await portal.submit("/people/invitation", {"login": login})
    assert (await colleague.get("/desk")).status_code == 303, "the colleague notices"
    for secret in (_code(page), "", "!"):
        entering = {"login": login, "password": secret}
        assert (await portal.another().post("/sign-in", data=entering)).status_code == 401
    watching = portal.another()
    await sign_in(watching, "620100", ["head"])
    assert "重新邀请" in (await watching.get("/people")).text

    head = portal.another()
    await sign_in(head, DISTRICT, ["clerk", "head"], person="马")
    path = f"/desk/cases/{case_no}/commands"
    called = {"do": "call_back", "as": "clerk", "satisfied": "yes", "note": "满意"}
    assert (await head.submit(path, called)).status_code == 303
    closing = {"do": "close", "as": "head", "report": "已清偿"}
    refused = await head.submit(path, closing)
    assert refused.status_code == 409
    assert "两个人" in refused.text
    assert (await portal.submit(path, closing)).status_code == 303
    back, end = (await portal.desk.journal(case_no))[-2:]
    assert None not in (back.account, end.account)
    assert back.account != end.account


@pytest.mark.parametrize(
    "name", ["head@620105", "head:李 敏@620105", "head:李敏\u200b@620105", "head:李敏@620105"]
)
async def test_a_name_that_only_looks_like_another_is_nobodys_second_person(
    portal: Browser, name: str
) -> None:
    """Attack A2, by the interface and without it."""
    case_no = await _in_review(portal.desk)
    await employ(portal.window, CLERK, "head:孙@620105")
    portal.headers.update(await add_token(portal.window))
    path = f"{CASES}/{case_no}/commands"
    back = {"do": "call_back", "by": CLERK, "satisfied": "yes", "note": "满意"}
    assert (await portal.post(path, json=back)).status_code == 200
    close = {"do": "close", "report": "已清偿"}
    refused = await portal.post(path, json=close | {"by": name})
    assert refused.status_code == (422 if "\u200b" in name else 403)
    assert (await portal.post(path, json=close | {"by": "head:孙@620105"})).status_code == 200


async def test_a_token_is_not_the_creditor_of_the_cases_in_sight(portal: Browser) -> None:
    """Attack A3: it enters a party's word on paper, by a clerk, where it may, for the cases that its office holds."""
    case = await opened(portal.desk, *until_planned()[:4])
    await employ(portal.window, CLERK, CITY_CLERK, "head:孙@620105")
    path = f"{CASES}/{case.case_no}/commands"
    endorse: dict[str, Any] = {"do": "endorse", "by": "creditor"}
    acting = await add_token(portal.window, scopes=["read", "act"])
    entering = await add_token(portal.window, scopes=["read", "act", "parties"])
    above = await add_token(portal.window, "620100")
    for bearer, said, status in (
        (acting, endorse, 403),
        (acting, endorse | {"entered_by": CLERK}, 403),
        (entering, endorse, 422),
        (entering, endorse | {"entered_by": "clerk@620105"}, 422),
        (entering, endorse | {"entered_by": "clerk:没有此人@620105"}, 403),
        (entering, endorse | {"entered_by": "head:孙@620105"}, 403),
        (entering, endorse | {"entered_by": CITY_CLERK}, 403),
        (entering, {"do": "suspend", "by": CLERK, "entered_by": CLERK, "reason": "等待"}, 422),
        (entering, endorse | {"entered_by": CLERK, "account": 1}, 422),
        (above, endorse | {"entered_by": CITY_CLERK}, 403),
        (entering, endorse | {"entered_by": CLERK}, 200),
    ):
        answer = await portal.post(path, json=said, headers=bearer)
        assert answer.status_code == status, (said, answer.text)
    events = (await portal.get(f"{CASES}/{case.case_no}/events", headers=entering)).json()["events"]
    (told,) = [event for event in events if event["kind"] == "endorsed"]
    assert (told["by"], told["entered_by"]) == ("creditor", CLERK)
    assert told["account"] is not None
    assert {event["entered_by"] for event in events if event["kind"] != "endorsed"} == {None}


async def test_nobody_enters_the_word_of_both_sides(portal: Browser) -> None:
    case = await opened(portal.desk, *until_planned()[:3])
    await employ(portal.window, CLERK, "clerk:马@620105")
    portal.headers.update(await add_token(portal.window))
    path = f"{CASES}/{case.case_no}/commands"
    stated = {"do": "recognise", "by": "debtor", "settled": 400, "paid": 0, "undisputed": 400}
    told = await portal.post(path, json=stated | {"as_of": "2023-04-26", "entered_by": CLERK})
    assert told.status_code == 200, told.text
    endorse = {"do": "endorse", "by": "creditor"}
    refused = await portal.post(path, json=endorse | {"entered_by": CLERK})
    assert (refused.status_code, refused.json()["code"]) == (409, "four_eyes")
    other = await portal.post(path, json=endorse | {"entered_by": "clerk:马@620105"})
    assert other.status_code == 200


@pytest.mark.parametrize(
    "by",
    [
        ["clerk", "a@b:c", "620105"],
        ["clerk", " 李敏 ", "620105"],
        {"role": "clerk", "person": "李敏", "party": "620105"},
        [],
        {},
        None,
        0,
        True,
        "",
        "  ",
        "clerk: @620105",
        "clerk:李\x01敏@620105",
        "clerk:李\u200b敏@620105",
        "clerk:" + "李" * 5000 + "@620105",
    ],
)
async def test_who_acts_is_written_as_text_or_the_command_is_malformed(portal: Browser, by: object) -> None:
    case = await opened(portal.desk)
    await employ(portal.window, CLERK)
    portal.headers.update(await add_token(portal.window))
    for field in ("by", "entered_by"):
        if field == "entered_by" and by is None:
            continue
        said = {"do": "accept", "by": CLERK, field: by}
        answer = await portal.post(f"{CASES}/{case.case_no}/commands", json=said)
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed"), answer.text
    assert (await portal.desk.show(case.case_no))["stage"] == "intake"


@pytest.mark.long
async def test_an_enterprise_cannot_spend_the_offices_command_ids(portal: Browser) -> None:
    case = await opened(portal.desk)
    enterprise = portal.another()
    await enquire(enterprise, case.case_no, case.access_code)
    office = portal.another()
    await sign_in(office)
    asked = {"do": "request_correction", "as": "clerk", "items.0": "合同", "command_id": "ask-1"}
    assert (await office.submit(f"/desk/cases/{case.case_no}/commands", asked)).status_code == 303
    for command_id in ("ask-1", "accept-1"):
        spent = {"do": "supply_correction", "note": "已补", "command_id": command_id}
        answer = await enterprise.submit("/case/commands", spent)
        assert answer.status_code == (303 if command_id == "ask-1" else 409), answer.text
    await employ(portal.window, "clerk:马@620105")
    portal.headers.update(await add_token(portal.window))
    accept = {"do": "accept", "by": "clerk:马@620105"}
    key = {"Idempotency-Key": "accept-1"}
    path = f"{CASES}/{case.case_no}/commands"
    first = await portal.post(path, json=accept, headers=key)
    assert first.status_code == 200
    assert (await portal.post(path, json=accept, headers=key)).json() == first.json()


async def test_an_enquiry_token_is_no_cookie_and_a_cookie_is_no_token(portal: Browser) -> None:
    case = await opened(portal.desk)
    shown = {"case_no": case.case_no, "access_code": case.access_code}
    token = (await portal.post("/api/v1/enquiries", json=shown)).json()["token"]
    current = "/api/v1/enquiries/current"
    assert (await portal.get(current, headers={"Authorization": f"Bearer {token}"})).status_code == 200
    browser = portal.another()
    browser.cookies.set(COOKIE, token, domain="window.test")
    assert (await browser.get("/case")).status_code == 303
    await enquire(browser, case.case_no, case.access_code)
    cookie = browser.cookies[COOKIE]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(portal.app), base_url=ORIGIN) as program:
        answer = await program.get(current, headers={"Authorization": f"Bearer {cookie}"})
    assert answer.status_code == 401
