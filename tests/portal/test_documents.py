"""Documents at the window: read on the page, printed, taken along, by offices, by the enterprise they are for, and by programs."""

import hashlib
import re
from datetime import date
from typing import Final
from urllib.parse import quote, unquote

import pytest

from portal.showing.pdf import converter
from tests.notices.paperwork import words
from tests.portal.visits import Browser, add_token, enquire, opened, sign_in
from tests.stack import CLERK, DISTRICT, PRESSED, RECEIVED_ON, order, until_recognised

pytestmark = pytest.mark.long

LETTERS: Final = {"受理通知书", "转办函", "欠款确认书", "处理结果告知书"}
LINK: Final = re.compile(r'href="(/[a-z]+/[a-z]+/[^"]+)/preview"')


async def test_a_document_is_read_on_the_page_and_taken_along(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised())
    await sign_in(portal)
    page = (await portal.get(f"/desk/cases/{case.case_no}")).text
    for title in LETTERS:
        assert title in page
    outcome, confirmation, forwarding, acceptance = LINK.findall(page)
    shown = (await portal.get(f"{forwarding}/preview")).text
    for said in ("关于“道路工程款”的转办函", "签收回执", "银行回单", "2023年5月11日前书面答复"):
        assert said in shown
    assert "下载 Word 文档" in shown
    docx = await portal.get(forwarding)
    assert "转办函" in words(docx.content)
    english = (await portal.get(f"/desk/cases/{case.case_no}?lang=en")).text
    for title in (
        "notice of acceptance",
        "letter of transfer",
        "statement of the debt",
        "notice of the result",
    ):
        assert title in english.lower()
    assert len({outcome, confirmation, forwarding, acceptance}) == 4


async def test_documents_are_found_by_kind_day_and_case_and_printed_together(portal: Browser) -> None:
    first = await opened(portal.desk, *until_recognised())
    other = await opened(portal.desk, PRESSED, order("accept", CLERK))
    await sign_in(portal)

    async def found(address: str) -> list[str]:
        return [unquote(link).rpartition("/")[2] for link in LINK.findall((await portal.get(address)).text)]

    assert len(await found("/desk/notices")) == 6
    numbers = await found("/desk/notices?notice=acceptance")
    assert {number[:3] for number in numbers} == {"清欠受"}
    assert len(numbers) == 2
    assert len(await found(f"/desk/notices?case={other.case_no.lower()}")) == 2
    assert await found(f"/desk/notices?day={date(2023, 4, 25)}") == []
    assert len(await found(f"/desk/notices?day={RECEIVED_ON}")) == 6
    sheets = (await portal.get("/desk/notices/print?notice=acceptance")).text
    assert sheets.count("决定予以受理") == 2
    assert "文书 2 份" in sheets
    assert all(number in sheets for number in numbers)
    assert first.case_no in sheets
    assert "没有文书" in (await portal.get("/desk/notices/print?notice=takeover")).text


async def test_the_enterprise_reads_what_is_for_it_and_nothing_else(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised(), PRESSED)
    enterprise = portal.another()
    await enquire(enterprise, case.case_no, case.access_code)
    page = (await enterprise.get("/case")).text
    links = LINK.findall(page)
    assert [unquote(link).rpartition("/")[2][:3] for link in links] == ["清欠告", "清欠确", "清欠受"]
    shown = (await enterprise.get(f"{links[0]}/preview")).text
    assert "处理结果告知书" in shown
    assert "无分歧欠款300.00万元" in shown
    assert 'href="/desk' not in shown
    docx = await enterprise.get(links[0])
    assert "处理结果告知书" in words(docx.content)
    assert "Letters to you" in (await enterprise.get("/case?lang=en")).text
    await sign_in(portal)
    ours = (await portal.get(f"/desk/cases/{case.case_no}")).text
    for link in LINK.findall(ours):
        number = link.rpartition("/")[2]
        is_its_own = any(one.endswith(number) for one in links)
        for address in (f"/case/documents/{number}", f"/case/documents/{number}/preview"):
            assert (await enterprise.get(address)).status_code == (200 if is_its_own else 404)
    other = await opened(portal.desk, order("accept", CLERK))
    stranger = portal.another()
    await enquire(stranger, other.case_no, other.access_code)
    assert (await stranger.get(links[0])).status_code == 404


async def test_a_program_lists_documents_and_reads_their_bytes(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised())
    token = await add_token(portal.window, DISTRICT)
    here = f"/api/v1/cases/{case.case_no}/documents"
    listed = (await portal.get(here, headers=token)).json()
    assert [one["title"] for one in listed["documents"]] == [
        "受理通知书",
        "转办函",
        "欠款确认书",
        "处理结果告知书",
    ]
    for one in listed["documents"]:
        docx = await portal.get(f"{here}/{quote(one['number'])}", headers=token)
        assert hashlib.sha256(docx.content).hexdigest() == one["sha256"]
    assert (await portal.get(f"{here}/x", headers=token)).status_code == 404
    other = await opened(portal.desk, order("accept", CLERK))
    number = quote(listed["documents"][0]["number"])
    foreign = await portal.get(f"/api/v1/cases/{other.case_no}/documents/{number}", headers=token)
    assert foreign.status_code == 404
    elsewhere = await add_token(portal.window, "620102")
    assert (await portal.get(here, headers=elsewhere)).status_code == 404


async def test_a_letter_is_served_and_that_is_shown(portal: Browser) -> None:
    number = f"清欠转〔2023〕{DISTRICT}-2023-0001-2号"
    serve = order("serve", CLERK, document=number, how="post", receipt="EMS 1号")
    case = await opened(portal.desk, *until_recognised(), serve)
    await sign_in(portal)
    for address in (f"/desk/cases/{case.case_no}", "/desk/notices?notice=forwarding"):
        assert "EMS 1号" in (await portal.get(address)).text


@pytest.mark.skipif(converter() is None, reason="no LibreOffice on this machine")
async def test_a_document_is_taken_along_as_pdf(portal: Browser) -> None:
    await opened(portal.desk, order("accept", CLERK))
    await sign_in(portal)
    (link,) = LINK.findall((await portal.get("/desk/notices")).text)
    assert "下载 PDF" in (await portal.get(f"{link}/preview")).text
    pdf = await portal.get(f"{link}/pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content[:5] == b"%PDF-"


async def test_where_no_pdf_can_be_made_none_is_offered(
    portal: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    await opened(portal.desk, order("accept", CLERK))
    await sign_in(portal)
    (link,) = LINK.findall((await portal.get("/desk/notices")).text)
    assert "PDF" not in (await portal.get(f"{link}/preview")).text
    assert (await portal.get(f"{link}/pdf")).status_code == 404
