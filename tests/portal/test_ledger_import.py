"""The 台账 comes in: checked whole, looked at, confirmed once, every row opened once; the codes are told once."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from domain.calendar import SHANGHAI
from domain.value import PartySide
from office.codes import code_hash
from office.packs import load_pack
from office.sheets import importing
from office.sheets.reading import MOST_BYTES
from office.verification.verifying import verify
from runtime.working import worker_for
from schema.tables import case_file, event, import_row, ledger_import, reading, registration
from schema.window import codes
from schema.window.readings import CODE_OF
from tests.portal.sheets import ROW, XLSX, book, changed, file_of, rows, saved
from tests.portal.visits import Browser, browser_of, enquire, opened, sign_in
from tests.stack import Desk, agreed, eventually, receipt


@pytest.fixture
async def office(desk: Desk) -> AsyncIterator[Browser]:
    """A clerk of the district at the window of today: imports are for real."""
    desk.now = datetime.now(SHANGHAI)
    async with browser_of(desk) as browser:
        await sign_in(browser)
        yield browser


def today(browser: Browser) -> Any:
    return browser.desk.now.date()


def of_today(browser: Browser, count: int = 3) -> bytes:
    return file_of(*rows(count, 登记日=today(browser)))


async def upload(browser: Browser, content: bytes, name: str = "台账.xlsx") -> httpx.Response:
    return await browser.post(
        "/desk/import", data={"csrf": browser.csrf}, files={"file": (name, content, XLSX)}
    )


async def kept(browser: Browser, content: bytes) -> str:
    """Upload a right file; returns the address of its page."""
    answer = await upload(browser, content)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def done(browser: Browser, address: str) -> str:
    """Wait until nothing waits any more; returns the page."""
    page = ""

    async def is_done() -> bool:
        nonlocal page
        page = (await browser.get(address)).text
        return "等待 0 件" in page

    await eventually(is_done, within=60)
    return page


async def count_of(engine: AsyncEngine, table: Any) -> int:
    async with engine.connect() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


@pytest.mark.long
async def test_a_sheet_becomes_cases(office: Browser, engine: AsyncEngine) -> None:
    address = await kept(office, of_today(office))
    preview = (await office.get(address)).text
    assert "第1号工程" in preview
    assert "12648.00万元" in preview
    assert "13900000000" not in preview
    assert await count_of(engine, registration) == 0
    answer = await office.submit(f"{address}/confirm")
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    assert "已登记 3 件，等待 0 件，失败 0 件" in await done(office, address)
    async with engine.connect() as connection:
        cases = (await connection.execute(select(case_file).order_by(case_file.c.case_no))).all()
        registered = (await connection.execute(select(registration.c.contact))).scalars().all()
        left = (await connection.execute(select(import_row.c.contact))).scalars().all()
    assert {case.state["receipt"]["project"] for case in cases} == {"第1号工程", "第2号工程", "第3号工程"}
    assert {case.claimed_fen for case in cases} == {4216 * 10**6}
    assert set(registered) == {"王经理 13900000000"}
    assert set(left) == {None}
    assert await verify(office.desk.client, engine) == agreed(3)


@pytest.mark.long
async def test_a_file_with_faults_starts_nothing_and_every_fault_has_its_cell(
    office: Browser, engine: AsyncEngine
) -> None:
    wrong = file_of(ROW, ROW | {"债务人": None}, ROW | {"欠款金额(万元)": "一千", "备注": "=1"})
    answer = await upload(office, wrong)
    assert answer.status_code == 422
    for cell in ("E3", "M4", "O4"):
        assert f'<th scope="row">{cell}</th>' in answer.text
    assert "没有导入任何内容" in answer.text
    assert await count_of(engine, ledger_import) == 0
    english = await office.post(
        "/desk/import?lang=en", data={"csrf": office.csrf}, files={"file": ("a.xlsx", wrong, XLSX)}
    )
    assert "debtor is missing" in english.text


async def test_two_confirmations_of_one_file_are_one_import(office: Browser, engine: AsyncEngine) -> None:
    content = of_today(office)
    address = await kept(office, content)
    await asyncio.gather(*(office.submit(f"{address}/confirm") for _ in range(3)))
    await done(office, address)
    assert (await upload(office, content)).headers["location"] == address
    await office.submit(f"{address}/confirm")
    await office.submit(f"{address}/resume")
    await done(office, address)
    assert await count_of(engine, registration) == 3
    assert await count_of(engine, case_file) == 3


@pytest.mark.long
async def test_doubles_in_a_sheet_must_be_ticked(office: Browser, engine: AsyncEngine) -> None:
    again = rows(2, 登记日=today(office))
    address = await kept(office, file_of(*again, again[0]))
    preview = (await office.get(address)).text
    assert "疑似与第 2 行重复" in preview
    refused = await office.submit(f"{address}/confirm")
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert await count_of(engine, case_file) == 0
    assert (await office.submit(f"{address}/confirm", {"doubles": "seen"})).status_code == 303
    await done(office, address)
    assert await count_of(engine, case_file) == 3
    async with engine.connect() as connection:
        by = (await connection.execute(select(event.c.by, event.c.account))).all()
    assert {one.by for one in by} == {"clerk:李敏@620105"}
    assert None not in {one.account for one in by}


@pytest.mark.long
async def test_rows_that_nobody_sees_are_said_before_anything_starts_and_read_when_ticked(
    office: Browser, engine: AsyncEngine
) -> None:
    def hide(made: Workbook) -> None:
        made.worksheets[0].row_dimensions[3].hidden = True

    content = changed(hide, *rows(2, 登记日=today(office)))
    address = await kept(office, content)
    preview = (await office.get(address)).text
    assert "第 3 行是隐藏的，未读入" in preview
    assert (await office.submit(f"{address}/confirm")).status_code == 422
    answer = await office.post(
        "/desk/import",
        data={"csrf": office.csrf, "all_rows": "yes"},
        files={"file": ("台账.xlsx", content, XLSX)},
    )
    assert answer.headers["location"] == address
    assert "第2号工程" in (await office.get(address)).text
    assert (await office.submit(f"{address}/confirm")).status_code == 303
    await done(office, address)
    assert await count_of(engine, case_file) == 2


@pytest.mark.long
async def test_a_double_of_a_case_on_record_is_a_fault_however_its_names_are_written(
    office: Browser, engine: AsyncEngine
) -> None:
    await opened(office.desk, received_on=today(office), project="第1号(一期)工程", claimed="4216万元")
    again = rows(2, 登记日=today(office), 项目名称="第1号（一期） 工程", 债务人="安宁区\n环卫局")
    answer = await upload(office, file_of(again[0]))
    assert answer.status_code == 422
    assert '<th scope="row">A2</th>' in answer.text
    assert f"QQ-620105-{today(office).year}-0001（受理，620105）" in answer.text
    assert await count_of(engine, ledger_import) == 0
    apart = saved(book(again[0] | {"另案登记": "是"}, headers=(*ROW, "另案登记")))
    address = (await upload(office, apart)).headers["location"]
    await office.submit(f"{address}/confirm")
    await done(office, address)
    assert await count_of(engine, case_file) == 2


async def test_of_a_foreign_double_no_more_is_told_than_where_it_is(office: Browser) -> None:
    cases = office.desk.cases
    rules = load_pack("gansu").for_case(await cases.calendar(today(office)))
    same = receipt(office="620102", project="第1号工程", claimed="4216万元", received_on=today(office))
    await cases.open(same, rules)
    answer = await upload(office, of_today(office, 1))
    assert f"QQ-620102-{today(office).year}-0001（受理，620102）" in answer.text
    assert same.title not in answer.text


async def test_the_preview_says_how_many_were_late_before_they_are_entered(office: Browser) -> None:
    late = rows(2, 登记日="2023-04-26")
    address = await kept(office, file_of(*late, *rows(1, 登记日=today(office), 备注="及时")))
    preview = (await office.get(address)).text
    assert "登记前已逾期" in preview
    assert '<div class="figure">2</div>' in preview
    assert "自登记之日起重新计算" in preview


@pytest.mark.long
async def test_the_codes_are_told_once_and_open_the_cases(office: Browser, engine: AsyncEngine) -> None:
    address = await kept(office, of_today(office))
    assert (await office.submit(f"{address}/codes")).status_code == 409
    await office.submit(f"{address}/confirm")
    page = await done(office, address)
    assert "下载查询码" in page
    stranger = office.another()
    await sign_in(stranger, person="马")
    assert (await stranger.submit(f"{address}/codes")).status_code == 409
    sheet = load_workbook(io.BytesIO((await office.submit(f"{address}/codes")).content)).worksheets[0]
    (_, *told) = sheet.iter_rows(values_only=True)
    assert len(told) == 3
    async with engine.connect() as connection:
        noted = (await connection.execute(select(reading.c.case_no, reading.c.what))).all()
    assert {(row[0], CODE_OF[PartySide.CREDITOR]) for row in told} == {tuple(row) for row in noted}
    enterprise = office.another()
    await enquire(enterprise, str(told[0][0]), str(told[0][1]))
    assert (await enterprise.get("/case")).status_code == 200
    assert (await office.submit(f"{address}/codes")).status_code == 409
    assert "下载查询码" not in (await office.get(address)).text
    async with engine.connect() as connection:
        everything = str((await connection.execute(text("SELECT import_row::text FROM import_row"))).all())
    assert all(str(row[1]) not in everything for row in told)


@pytest.mark.long
async def test_a_code_given_while_the_sheet_is_written_is_not_overwritten(
    office: Browser, engine: AsyncEngine
) -> None:
    address = await kept(office, of_today(office))
    await office.submit(f"{address}/confirm")
    await done(office, address)
    async with engine.connect() as connection:
        case_no = str((await connection.execute(select(func.min(registration.c.case_no)))).scalar_one())

    async def is_waiting() -> bool:
        locked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        async with engine.connect() as connection:
            return bool((await connection.execute(text(locked))).scalar_one())

    async with engine.begin() as connection:
        await codes.reissue(connection, case_no, code_hash("ACDE-FGHJ-KMNP-QRTV"))
        download = asyncio.create_task(office.submit(f"{address}/codes"))
        await eventually(is_waiting)
    sheet = load_workbook(io.BytesIO((await download).content)).worksheets[0]
    told = {str(row[0]): str(row[1]) for row in sheet.iter_rows(values_only=True, min_row=2)}
    assert [number for number, said in told.items() if "另行发给" in said] == [case_no]
    await enquire(office.another(), case_no, "ACDE-FGHJ-KMNP-QRTV")
    other = next(number for number in told if number != case_no)
    await enquire(office.another(), other, told[other])


@pytest.mark.long
async def test_only_clerks_of_the_office_import_and_only_what_somebody_may_see_is_shown(
    office: Browser, engine: AsyncEngine
) -> None:
    address = await kept(office, of_today(office))
    head = office.another()
    await sign_in(head, roles=["head"])
    assert (await head.get("/desk/import")).status_code == 403
    foreign = office.another()
    await sign_in(foreign, office="620102")
    assert (await foreign.get(address)).status_code == 404
    for act in ("confirm", "resume", "discard", "codes"):
        assert (await foreign.submit(f"{address}/{act}")).status_code == 404
    superior = office.another()
    await sign_in(superior, office="620100")
    page = await superior.get(address)
    assert page.status_code == 200
    assert f"{address}/confirm" not in page.text
    for act in ("confirm", "resume", "discard", "codes"):
        answer = await superior.submit(f"{address}/{act}", {"doubles": "seen"})
        assert (act, answer.status_code) == (act, 403)
        assert "620105" in answer.text
    assert await count_of(engine, registration) == 0
    await office.submit(f"{address}/confirm")
    await done(office, address)
    assert (await superior.submit(f"{address}/codes")).status_code == 403
    assert "下载查询码" in (await office.get(address)).text
    nobody = office.another()
    assert (await nobody.get(address)).headers["location"].startswith("/sign-in")


@pytest.mark.long
async def test_a_file_that_another_office_looks_at_or_has_imported_stays_its_own(office: Browser) -> None:
    content = file_of(*rows(1, 登记日=today(office), 登记办公室=None))
    address = await kept(office, content)
    foreign = office.another()
    await sign_in(foreign, office="620102")
    for _ in range(2):
        answer = await upload(foreign, content)
        assert answer.status_code == 409
        assert "其他办公室" in answer.text
        assert "登记" in (await office.get(address)).text
        await office.submit(f"{address}/confirm")


@pytest.mark.long
async def test_what_is_not_confirmed_can_be_forgotten(office: Browser, engine: AsyncEngine) -> None:
    address = await kept(office, of_today(office))
    assert (await office.submit(f"{address}/resume")).status_code == 303
    assert await count_of(engine, registration) == 0
    await office.submit(f"{address}/discard")
    assert (await office.get(address)).status_code == 404
    address = await kept(office, of_today(office))
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE import SET created_at = now() - interval '2 days'"))
    await kept(office, of_today(office, 1))
    assert (await office.get(address)).status_code == 404


async def test_forms_of_other_sites_and_no_forms_are_refused(office: Browser) -> None:
    files = {"file": ("a.xlsx", of_today(office), XLSX)}
    assert (await office.post("/desk/import", data={"csrf": "stolen"}, files=files)).status_code == 403
    assert (await office.post("/desk/import", data={"csrf": office.csrf})).status_code == 422
    none = {"file": ("", b"", XLSX)}
    answer = await office.post("/desk/import", data={"csrf": office.csrf}, files=none)
    assert (answer.status_code, "请选择文件" in answer.text) == (422, True)
    broken = {"content-type": "multipart/form-data; boundary=x"}
    assert (await office.post("/desk/import", content=b"--y", headers=broken)).status_code in (403, 422)


async def test_a_huge_upload_is_refused_while_it_comes_in(office: Browser) -> None:
    """200 MB are on offer; not much more than the limit is taken, and none when the length is told beforehand."""
    given = 0

    async def parts() -> AsyncIterator[bytes]:
        nonlocal given
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
        while given < 200 * 2**20:
            given += 2**20
            yield bytes(2**20)

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = await office.post("/desk/import", content=parts(), headers=headers)
    assert answer.status_code == 413
    assert "20 MB" in answer.text
    declared = headers | {"content-length": str(MOST_BYTES * 10)}
    assert (await office.post("/desk/import", content=b"", headers=declared)).status_code == 413


@pytest.mark.long
async def test_rows_that_cannot_be_opened_are_told_and_tried_again(
    office: Browser, engine: AsyncEngine
) -> None:
    address = await kept(office, of_today(office, 2))
    spoil = text(
        """UPDATE import_row SET receipt = jsonb_set(receipt, '{office}', '"999999"') WHERE row = 2"""
    )
    mend = text(
        """UPDATE import_row SET receipt = jsonb_set(receipt, '{office}', '"620105"') WHERE row = 2"""
    )
    async with engine.begin() as connection:
        await connection.execute(spoil)
    await office.submit(f"{address}/confirm")
    page = await done(office, address)
    assert "已登记 1 件，等待 0 件，失败 1 件" in page
    assert "规则包中没有办公室 999999" in page
    async with engine.begin() as connection:
        await connection.execute(mend)
    await office.submit(f"{address}/resume")

    async def is_whole() -> bool:
        return "已登记 2 件，等待 0 件，失败 0 件" in (await office.get(address)).text

    await eventually(is_whole, within=30)


async def test_the_progress_page_reloads_by_itself_until_it_is_told_not_to(
    client: Client, engine: AsyncEngine
) -> None:
    """No worker runs: the import is confirmed and waits."""
    desk = Desk(client, engine)
    desk.now = datetime.now(SHANGHAI)
    async with browser_of(desk) as browser:
        await sign_in(browser)
        address = await kept(browser, of_today(browser))
        await browser.submit(f"{address}/confirm")
        assert 'http-equiv="refresh"' in (await browser.get(address)).text
        assert 'http-equiv="refresh"' not in (await browser.get(f"{address}?still=1")).text


@pytest.mark.long
async def test_workers_that_are_stopped_in_the_middle_open_every_row_once(
    client: Client, engine: AsyncEngine
) -> None:
    desk = Desk(client, engine)
    desk.now = datetime.now(SHANGHAI)
    async with browser_of(desk) as browser:
        await sign_in(browser)
        address = await kept(browser, of_today(browser, 60))
        await browser.submit(f"{address}/confirm")
        for enough in (5, 20, 40):
            async with worker_for(client):

                async def is_under_way(enough: int = enough) -> bool:
                    return await count_of(engine, registration) >= enough

                await eventually(is_under_way, within=30)
        async with worker_for(client):
            await done(browser, address)
    async with engine.connect() as connection:
        received = select(func.count()).where(event.c.kind == "received")
        assert (await connection.execute(received)).scalar_one() == 60
    assert await count_of(engine, registration) == await count_of(engine, case_file) == 60


@pytest.mark.long
async def test_whoever_asks_while_the_last_rows_are_noted_is_not_overlooked(
    office: Browser, engine: AsyncEngine
) -> None:
    """The rows are looked for a second time, for what may have come to wait since the first."""
    address = await kept(office, of_today(office))
    digest = address.rpartition("/")[2]
    client = office.window.cases.client
    import_ = client.get_workflow_handle(f"import/{digest}")
    async with engine.begin() as connection:
        await connection.execute(text("LOCK TABLE import_row IN ACCESS EXCLUSIVE MODE"))
        await importing.carry_on(office.window.cases, digest)

        async def is_looking() -> bool:
            return bool((await import_.describe()).raw_description.pending_activities)

        await eventually(is_looking)
        await importing.carry_on(office.window.cases, digest)
    await import_.result()
    kinds = [entry.event_type async for entry in import_.fetch_history_events()]
    assert kinds.count(EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED) == 2
