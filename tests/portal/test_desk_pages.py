"""The desk's list, what somebody owes today, and the papers: filtered by the address, for whoever may see them."""

import re
from datetime import date
from urllib.parse import unquote

import pytest

from domain.reports.periods import ReportKind
from portal.pages import desk as desk_page
from portal.pages import documents
from tests.portal.visits import Browser, add_token, opened, sign_in
from tests.reports.office import MAY_DAY, compiled
from tests.stack import CITY, DISTRICT, HEAD, PRESSED, order, until_closed, until_planned, until_recognised

JINCHUAN = "620302"


def cases_on(page: str) -> list[str]:
    """The numbers on a list, in its order."""
    return re.findall(r'<th scope="row"><a href="/desk/cases/([^"]+)"', page)


async def test_the_list_shows_what_a_clerk_looks_for(portal: Browser) -> None:
    await opened(portal.desk, *until_planned())
    await sign_in(portal)
    page = (await portal.get("/desk")).text
    for told in (
        "纳入债券",
        "安宁区环卫局 → 八冶集团",
        "300.00万元",
        "3,000,000.00元",
        "还有",
        "安宁区清欠办",
    ):
        assert told in page, told


@pytest.mark.long
async def test_a_case_is_found_by_sound_and_by_voucher(portal: Browser) -> None:
    waiting = (await opened(portal.desk, title="甲案")).case_no
    closed = (await opened(portal.desk, *until_closed(), title="重庆路绿化款")).case_no
    await sign_in(portal, CITY)
    for written, found in (
        ("anningqu", [waiting, closed]),
        ("byjt", [waiting, closed]),
        ("chongqing", [closed]),
        ("CQL", [closed]),
        ("zhongqing", []),
        ("jiaan", [waiting]),
        ("hongqing", []),
        ("ＣＱＬ", [closed]),
        ("chong’qing", [closed]),
        ("１－１", []),
        ("０００２", [closed]),
        ("pz-1", [closed]),
        ("ＰＺ－1", [closed]),
        ("pz", []),
    ):
        page = (await portal.get("/desk", params={"q": written})).text
        assert sorted(cases_on(page)) == sorted(found), written


@pytest.mark.long
async def test_a_telephone_finds_a_case_for_those_alone_who_work_on_it(portal: Browser) -> None:
    called = (await opened(portal.desk, contact="王经理 138 0931-5678,0931-8765432 13700000000")).case_no
    await opened(portal.desk, title="乙案", contact="13900000000")
    await sign_in(portal)
    for written in (
        "13809315678",
        "138 0931 5678",
        "+86 138-0931-5678",
        "１３８０９３１５６７８",
        "138—0931—5678",
        "09318765432",
        "8765432",
        "0931-8765432",
        "（0931）8765432转801",
        "+86 931 8765432",
    ):
        assert cases_on((await portal.get("/desk", params={"q": written})).text) == [called], written
    for written in ("1380931567", "3809315678", "13809315679"):
        assert cases_on((await portal.get("/desk", params={"q": written})).text) == [], written
    above = portal.another()
    await sign_in(above, CITY)
    assert called in cases_on((await above.get("/desk")).text)
    assert cases_on((await above.get("/desk", params={"q": "13809315678"})).text) == []


@pytest.mark.parametrize(
    "kept",
    [
        *(
            "0931-8765432-801",
            "(0931)8765432",
            "０９３１－８７６５４３２",
            "0931—8765432转801",
            "13900000000(0931-8765432-1)",
        ),
        *("0931.876.5432", "0931 8765432/13900000000"),
    ],
)
async def test_a_telephone_is_found_however_it_was_noted(portal: Browser, kept: str) -> None:
    called = (await opened(portal.desk, contact=kept)).case_no
    await sign_in(portal)
    assert cases_on((await portal.get("/desk", params={"q": "0931-8765432"})).text) == [called]


async def test_brackets_of_either_width_find_a_name(portal: Browser) -> None:
    wide = (await opened(portal.desk, title="甘肃（集团）ABC项目")).case_no
    narrow = (await opened(portal.desk, title="甘肃(集团)ABC项目")).case_no
    await sign_in(portal)
    for written in ("甘肃(集团)", "肃(", "ＡＢＣ项目"):
        page = (await portal.get("/desk", params={"q": written})).text
        assert sorted(cases_on(page)) == [wide, narrow], written


@pytest.mark.long
async def test_filters_live_in_the_address(portal: Browser) -> None:
    waiting = (await opened(portal.desk, title="甲案")).case_no
    planned = (await opened(portal.desk, *until_planned(), title="乙案")).case_no
    await sign_in(portal)
    for address, found in (
        ("stage=intake", [waiting]),
        ("stage=bonding", [planned]),
        ("stage=", [waiting, planned]),
        ("q=甲", [waiting]),
        (f"q={planned}", [planned]),
        ("q=0002", [planned]),
        ("q=2023-2", [planned]),
        ("mode=supervised", []),
        ("light=none", [waiting, planned]),
        ("office=620105&stage=intake", [waiting]),
        ("office=620302", [waiting, planned]),
        ("stage=nonsense", [waiting, planned]),
        ("debtor=环卫", [waiting, planned]),
        ("debtor=八冶", []),
        ("debtor=2", []),
        (f"debtor={planned}", []),
        ("due=late", []),
        ("due=2023-05-12", [waiting]),
        ("due=month", [waiting]),
        ("least=299万", [planned]),
        ("most=1", [waiting]),
        ("sort=received", [planned, waiting]),
        ("sort=amount", [planned, waiting]),
        ("sort=due", [waiting, planned]),
    ):
        page = (await portal.get(f"/desk?{address}")).text
        assert cases_on(page) == found, address
    page = (await portal.get("/desk?stage=intake&q=甲")).text
    assert '<option value="intake" selected>' in page
    assert 'name="q" value="甲"' in page


@pytest.mark.long
async def test_the_earliest_last_day_comes_first_and_what_has_none_last(portal: Browser) -> None:
    closed = (await opened(portal.desk, *until_closed(), title="已销号")).case_no
    planned = (await opened(portal.desk, *until_planned())).case_no
    waiting = (await opened(portal.desk)).case_no
    await sign_in(portal)
    assert cases_on((await portal.get("/desk")).text) == [waiting, planned, closed]


@pytest.mark.parametrize(("address", "said"), [("least=许多", "金额写作"), ("due=昨天", "没有这样的期限")])
async def test_a_filter_that_cannot_be_read_is_left_out_and_said(
    portal: Browser, address: str, said: str
) -> None:
    case_no = (await opened(portal.desk)).case_no
    await sign_in(portal)
    answer = await portal.get(f"/desk?{address}&q={case_no}")
    assert answer.status_code == 200
    assert said in answer.text
    assert cases_on(answer.text) == [case_no]


@pytest.mark.long
async def test_pages_follow_one_another_by_key_and_keep_the_filters(
    portal: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_page, "PAGE", 2)
    cases = [(await opened(portal.desk)).case_no for _ in range(5)]
    await sign_in(portal)
    seen, address = [], "/desk?stage=intake"
    while address:
        page = (await portal.get(address)).text
        seen += cases_on(page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found[1].replace("&amp;", "&") if found else ""
        assert not address or "stage=intake" in address
    assert seen == sorted(cases, reverse=True)
    assert (await portal.get("/desk?after=nonsense")).status_code == 422


async def test_an_office_lists_its_subtree_alone(portal: Browser) -> None:
    case_no = (await opened(portal.desk)).case_no
    for office, found in ((CITY, [case_no]), ("620000", [case_no]), (JINCHUAN, []), ("620104", [])):
        browser = portal.another()
        await sign_in(browser, office)
        assert cases_on((await browser.get("/desk")).text) == found


@pytest.mark.long
async def test_what_somebody_owes_is_counted_by_role(portal: Browser) -> None:
    await opened(portal.desk)
    await opened(portal.desk, *until_recognised()[:1])
    await opened(portal.desk, *until_planned())
    for roles, soon in ((["clerk"], 2), (["finance"], 0), (["head"], 0)):
        browser = portal.another()
        await sign_in(browser, roles=roles)
        for day, expected in (
            (date(2023, 4, 26), (0, 0, 0)),
            (date(2023, 5, 6), (0, 0, soon)),
            (date(2023, 5, 12), (0, soon, soon)),
            (date(2023, 5, 15), (soon, 0, 0)),
        ):
            portal.desk.now = portal.desk.now.replace(month=day.month, day=day.day)
            page = (await browser.get("/desk")).text
            tally = tuple(int(number) for number in re.findall(r'<strong class="figure">(\d+)<', page))
            assert tally == expected, (roles, day)


@pytest.mark.long
async def test_a_step_that_waits_is_the_duty_of_the_superior_s_head(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised()[:3])
    await portal.desk.move_to(date(2023, 6, 20))
    for office, roles, waits in (
        (CITY, ["head"], True),
        (CITY, ["clerk"], False),
        ("620105", ["head"], False),
        ("620000", ["head"], False),
    ):
        browser = portal.another()
        await sign_in(browser, office, roles)
        page = (await browser.get("/desk")).text
        assert ("审批 约谈" in page) == waits, (office, roles)
    head = portal.another()
    await sign_in(head, CITY, ["head"])
    fields = {"do": "approve_step", "as": "head", "step": "interview", "reason": "同意"}
    answer = await head.submit(f"/desk/cases/{case.case_no}/commands", fields)
    assert answer.status_code == 303
    assert "审批 约谈" not in (await head.get("/desk")).text


async def test_reports_are_read_and_taken_along_by_whoever_may_see_them(portal: Browser) -> None:
    await opened(portal.desk)
    assert await compiled(portal.desk.client, ReportKind.MONTH, MAY_DAY) > 0
    await sign_in(portal)
    page = (await portal.get("/desk/reports")).text
    assert re.findall(r'href="(/desk/reports/[^"]+)"', page) == ["/desk/reports/RB-620105-2023-M04"]
    assert "/RB-" not in (await portal.get("/desk/reports?kind=day")).text
    report = (await portal.get("/desk/reports/RB-620105-2023-M04")).text
    assert "安宁区清欠办2023年4月清欠月报" in report
    assert "清偿率" in report
    text = await portal.get("/desk/reports/RB-620105-2023-M04/text")
    assert text.headers["content-disposition"].endswith("RB-620105-2023-M04.txt")
    assert (await portal.get("/desk/reports/RB-620100-2023-M04")).status_code == 404
    superior = portal.another()
    await sign_in(superior, CITY)
    listed = (await superior.get("/desk/reports")).text
    assert {"RB-620105-2023-M04", "RB-620100-2023-M04"} <= set(re.findall(r"RB-[0-9M-]+", listed))


async def test_a_person_finds_what_is_on_the_own_desk(portal: Browser) -> None:
    mine = await opened(portal.desk, order("assign", HEAD, person="李 敏"))
    other = await opened(portal.desk, order("assign", HEAD, person="赵"))
    await sign_in(portal, person="李敏")
    (link,) = re.findall(r'href="(/desk\?assigned_to=[^"]+)"', (await portal.get("/desk")).text)
    page = (await portal.get(link)).text
    assert mine.case_no in page
    assert other.case_no not in page
    token = await add_token(portal.window, DISTRICT)
    found = (await portal.get("/api/v1/cases", headers=token, params={"assigned_to": "赵"})).json()
    assert [case["case_no"] for case in found["cases"]] == [other.case_no]


async def test_the_pages_of_the_notices_do_not_say_how_many_others_have(
    portal: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page begins behind a notice that was shown, not behind a place among all that there are."""
    monkeypatch.setattr(documents, "PAGE", 1)
    for _ in range(2):
        await opened(portal.desk, PRESSED)
    await sign_in(portal)
    link = re.compile(r'href="/desk/notices/([^"]+)/preview"')
    first = (await portal.get("/desk/notices")).text
    (latest,) = set(link.findall(first))
    (after,) = re.findall(r'rel="next" href="/desk/notices\?after=([^"]+)"', first)
    assert unquote(after) == unquote(latest)
    second = await portal.get(f"/desk/notices?after={after}")
    (earlier,) = set(link.findall(second.text))
    assert earlier != latest
    assert 'rel="next"' not in second.text
    stranger = portal.another()
    await sign_in(stranger, "620102")
    assert (await stranger.get(f"/desk/notices?after={after}")).status_code == 422


@pytest.mark.parametrize(
    "address",
    [
        "/desk/notices?after=x",
        "/desk/notices?day=x",
        "/desk/notices/print?day=2023-02-30",
        "/desk/notices?after=99999999999999999999",
        "/desk/reports?after=x.y",
    ],
)
async def test_the_key_of_no_page_is_refused(portal: Browser, address: str) -> None:
    await sign_in(portal)
    assert (await portal.get(address)).status_code == 422


@pytest.mark.parametrize(
    "address",
    [
        *("/desk", "/desk/cases/QQ-620105-2023-0001", "/desk/register", "/desk/batches"),
        *("/desk/batches/BB-620105-2023-01", "/desk/notices", "/desk/notices/x", "/desk/reports"),
        *("/desk/notices/x/preview", "/desk/notices/x/pdf", "/desk/notices/print"),
        *("/desk/reports/x", "/desk/reports/x/text"),
    ],
)
async def test_whoever_has_not_signed_in_is_sent_to_do_so(portal: Browser, address: str) -> None:
    answer = await portal.get(address)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize(
    "address",
    [
        "/desk/notices/无",
        "/desk/notices/无/preview",
        "/desk/notices/无/pdf",
        "/desk/reports/无",
        "/desk/batches/无",
        "/desk/cases/无",
    ],
)
async def test_what_is_not_there_is_not_found(portal: Browser, address: str) -> None:
    await sign_in(portal)
    assert (await portal.get(address)).status_code == 404
