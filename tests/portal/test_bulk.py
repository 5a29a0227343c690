"""One order to many cases: each says for itself what came of it, and a page sent twice counts once."""

import re
from html import unescape

import pytest

from domain.value import Stage
from tests.portal.visits import Browser, add_person, opened, sign_in
from tests.stack import CITY, RULES, Desk, order, receipt


def results(page: str) -> dict[str, str]:
    """What is said of each case."""
    rows = re.findall(r'href="/desk/cases/([^"]+)">.*?<td data-label="结果">(.*?)</td>', page, re.DOTALL)
    return {case_no: re.sub(r"<[^>]+>", "", unescape(said)).strip() for case_no, said in rows}


def offered(page: str) -> list[str]:
    """The orders that the list offers, by what the form sends."""
    (select,) = re.findall(r'<select id="order".*?</select>', page, re.DOTALL)
    return re.findall(r'<option value="([^"]+)"', select)


async def kinds(desk: Desk, case_no: str) -> list[str]:
    """The journal of a case, by kind."""
    return [entry.event.kind for entry in await desk.cases.entries(case_no)]


@pytest.mark.long
async def test_many_cases_are_accepted_and_each_says_what_came_of_it(portal: Browser) -> None:
    fresh = [(await opened(portal.desk)).case_no for _ in range(3)]
    accepted = (await opened(portal.desk, order("accept", "clerk:赵@620105"))).case_no
    await sign_in(portal)
    sent = {"order": "accept", "case_no": [*fresh, accepted], "command_id": "web-once"}
    for _ in range(2):
        told = results((await portal.submit("/desk/bulk", sent)).text)
        assert list(told) == [*fresh, accepted]
        assert [told[case_no] for case_no in fresh] == ["已办理"] * 3
        assert "没有办理" in told[accepted]
    for case_no in fresh:
        assert (await kinds(portal.desk, case_no)).count("accepted") == 1
        assert (await portal.desk.cases.show(case_no, portal.desk.now.date()))["stage"] == Stage.TRANSFER


@pytest.mark.long
async def test_what_was_not_carried_out_is_tried_again_alone(portal: Browser) -> None:
    first, second = [(await opened(portal.desk)).case_no for _ in range(2)]
    await sign_in(portal)
    sent = {"order": "forward:debtor", "case_no": [first, second], "command_id": "web-again"}
    page = (await portal.submit("/desk/bulk", sent)).text
    assert set(results(page)) == {first, second}
    assert page.count('type="hidden" name="case_no"') == 2
    for case_no in (first, second):
        await portal.desk.cases.act(case_no, order("accept", "clerk:赵@620105"))
    again = results((await portal.submit("/desk/bulk", sent)).text)
    assert again == {first: "已办理", second: "已办理"}


async def test_a_head_lays_cases_on_desks_and_a_clerk_on_the_own_alone(portal: Browser) -> None:
    case_no = (await opened(portal.desk)).case_no
    await add_person(portal.window, person="赵六", roles=("clerk",))
    await sign_in(portal, person="李敏", roles=["head"])
    assert {"assign:李敏", "assign:赵六"} <= set(offered((await portal.get("/desk")).text))
    sent = {"order": "assign:赵六", "case_no": [case_no]}
    assert results((await portal.submit("/desk/bulk", sent)).text) == {case_no: "已办理"}
    assert (await portal.desk.cases.show(case_no, portal.desk.now.date()))["assigned_to"] == "赵六"
    clerk = portal.another()
    await sign_in(clerk, person="王五", roles=["clerk"])
    assert [one for one in offered((await clerk.get("/desk")).text) if one.startswith("assign")] == [
        "assign:王五"
    ]
    assert (await clerk.submit("/desk/bulk", sent)).status_code == 422


async def test_orders_are_those_of_the_roles(portal: Browser) -> None:
    await opened(portal.desk)
    finance = portal.another()
    await sign_in(finance, roles=["finance"])
    page = (await finance.get("/desk")).text
    assert 'id="order"' not in page
    assert 'type="checkbox" name="case_no"' not in page
    city = portal.another()
    await sign_in(city, CITY, ["clerk"])
    assert {"forward:620105", "forward:620102"} <= set(offered((await city.get("/desk")).text))


async def test_a_foreign_case_is_not_there(portal: Browser) -> None:
    case_no = (await opened(portal.desk)).case_no
    await sign_in(portal, "620302")
    told = results((await portal.submit("/desk/bulk", {"order": "accept", "case_no": [case_no]})).text)
    assert "没有此案件" in told[case_no]
    assert await kinds(portal.desk, case_no) == ["received"]


@pytest.mark.parametrize(
    "sent",
    [
        {"order": "accept"},
        {"order": "refuse:", "case_no": ["QQ-620105-2023-0001"]},
        {"case_no": ["QQ-620105-2023-0001"]},
        {"order": "accept", "case_no": [f"QQ-620105-2023-{number:04d}" for number in range(51)]},
    ],
)
async def test_what_makes_no_sense_is_said(portal: Browser, sent: dict[str, str | list[str]]) -> None:
    await sign_in(portal)
    assert (await portal.submit("/desk/bulk", sent)).status_code == 422


@pytest.mark.parametrize("given", ["w" * 100, "sys-1"])
async def test_whatever_id_a_form_carries_it_is_carried_out_once(portal: Browser, given: str) -> None:
    case_no = (await opened(portal.desk)).case_no
    await sign_in(portal)
    for _ in range(2):
        answer = await portal.submit(
            "/desk/bulk", {"order": "accept", "case_no": case_no, "command_id": given}
        )
        assert results(answer.text) == {case_no: "已办理"}
    assert (await kinds(portal.desk, case_no)).count("accepted") == 1


async def test_what_only_waits_for_a_second_person_is_said_to_be_submitted(portal: Browser) -> None:
    rules = RULES.model_copy(update={"two_persons": ("accept",)})
    case_no = (await portal.desk.cases.open(receipt(), rules)).case_no
    await portal.desk.clocks.note(case_no, portal.desk.now)
    await sign_in(portal)
    page = (await portal.submit("/desk/bulk", {"order": "accept", "case_no": case_no})).text
    assert results(page) == {case_no: "已送审，由负责人审批"}
    assert "0 件已办理，1 件已送审，0 件没有办理。" in re.sub(r"\s*\n\s*", "", page)


async def test_an_order_goes_by_the_name_of_its_command(portal: Browser) -> None:
    await opened(portal.desk)
    await sign_in(portal, CITY, person="李敏", roles=["clerk"])
    for language, named in (
        ("zh", {"accept": "受理", "forward:debtor": "转办：债务人", "assign:李敏": "分办：本人"}),
        (
            "en",
            {"accept": "Accept", "forward:debtor": "Hand over: the debtor", "assign:李敏": "Assign: myself"},
        ),
    ):
        page = (await portal.get(f"/desk?lang={language}")).text
        (select,) = re.findall(r'<select id="order".*?</select>', page, re.DOTALL)
        told = dict(re.findall(r'<option value="([^"]+)">\s*(.*?)\s*</option>', select))
        assert {value: told[value] for value in named} == named
