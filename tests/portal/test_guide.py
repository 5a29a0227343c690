"""The guide for staff: in both languages, from every page, at the section that tells of it."""

import re

import pytest

from portal.guide import SECTIONS, headings
from tests.portal.visits import Browser, opened, sign_in


def test_both_languages_have_the_same_sections() -> None:
    assert len(headings("zh")) == len(headings("en")) > 20
    assert set(SECTIONS.values()) <= set(headings("zh"))


@pytest.mark.parametrize(
    ("language", "called"),
    [
        ("zh", ("工作人员登录", "常用筛选", "逐件办理", "分办", "表单已失效，请刷新页面后再提交")),
        (
            "en",
            (
                "Staff sign-in",
                "Lists that I keep",
                "Carry out one by one",
                "Assign",
                "The form is stale: reload the page",
            ),
        ),
    ],
)
async def test_the_guide_calls_things_as_the_pages_do_and_names_no_file(
    portal: Browser, language: str, called: tuple[str, ...]
) -> None:
    start = (await portal.get(f"/?lang={language}")).text
    await opened(portal.desk)
    await sign_in(portal)
    desk = (await portal.get(f"/desk?q=道路&lang={language}")).text
    stale = (await portal.post("/desk/views", data={"name": "x"})).text
    pages = (start + desk + stale).lower()
    text = (await portal.get(f"/desk/guide?lang={language}")).text
    for one in called:
        assert one.lower() in pages, one
        assert one in text, one
    assert "examples/" not in text


@pytest.mark.parametrize(
    ("page", "section"),
    [
        ("/desk", ("工作台", "The desk")),
        ("/desk/cases/{case_no}", ("办理", "Handling a case")),
        ("/desk/batches", ("债券批次", "Bond batches")),
        ("/desk/import", ("接入积压案件", "A backlog")),
    ],
)
async def test_every_page_leads_to_its_section(portal: Browser, page: str, section: tuple[str, str]) -> None:
    case_no = (await opened(portal.desk)).case_no
    await sign_in(portal)
    shown = (await portal.get(page.format(case_no=case_no))).text
    (anchor,) = re.findall(r'href="/desk/guide#(s\d+)"', shown)
    for language, name in zip(("zh", "en"), section, strict=True):
        text = (await portal.get(f"/desk/guide?lang={language}")).text
        assert re.search(rf'<h[23] id="{anchor}">{name}</h', text), language


async def test_the_guide_is_for_staff(portal: Browser) -> None:
    assert (await portal.get("/desk/guide")).status_code == 303
    await sign_in(portal, roles=["head"])
    for page in ("/people", "/people/units", "/account", "/desk/overview"):
        assert 'href="/desk/guide' in (await portal.get(page)).text, page
