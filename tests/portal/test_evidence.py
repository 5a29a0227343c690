"""Papers at the window: put on file at the desk, by the enterprise and by a program; read by whoever may, and by nobody else."""

import hashlib
import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest
from obstore.store import LocalStore, MemoryStore, S3Store

from domain.evidence import MOST_BYTES, stored_as
from domain.facts import Attached
from office.away import ServerAway
from office.evidence.formats import mime_of
from office.evidence.store import Papers
from office.faults import Faults
from office.verification.verifying import verify
from runtime.settings import Settings
from runtime.store import open_store
from tests.known import fact, there
from tests.portal.visits import Browser, add_token, employ, enquire, opened, sign_in
from tests.stack import CITY, CLERK, FINANCE, HEAD, order, paid, until_planned

PDF: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\nreceipt"
PNG: Final = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def packed(*parts: str) -> bytes:
    """An archive of empty parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in parts:
            archive.writestr(part, "")
    return out.getvalue()


async def put(browser: Browser, path: str, content: bytes, name: str = "回单.pdf", **fields: str) -> Any:
    """Send the form that takes a paper."""
    said = {"csrf": browser.csrf, "what": "bank_receipt", **fields}
    return await browser.post(f"{path}/attachments", data=said, files={"file": (name, content, "text/html")})


async def paying(browser: Browser) -> Any:
    """A case that is paid, and waits for its call-back."""
    fund = order("fund", FINANCE, source="budget", amount="300万元", reference="1号")
    return await opened(browser.desk, *until_planned(source="budget"), fund, *paid("300万元", "PZ-1"))


@pytest.mark.long
async def test_a_paper_is_put_on_file_at_the_desk_and_read_there(portal: Browser) -> None:
    case = await paying(portal)
    await sign_in(portal, person="李敏")
    desk = f"/desk/cases/{case.case_no}"
    assert re.search(r"尚缺：\s*销号 – 银行回单（凭证 PZ-1）", (await portal.get(desk)).text)
    answer = await put(portal, desk, PDF, **{"for": "PZ-1"})
    assert answer.status_code == 303, answer.text
    page = (await portal.get(answer.headers["location"])).text
    for told in (
        "提交材料",
        "银行回单",
        "回单.pdf",
        "PZ-1",
        "提交材料第 1 号：银行回单《回单.pdf》，用于 PZ-1",
    ):
        assert told in page, told
    assert "尚缺" not in page
    assert "安宁区清欠办经办人 李敏" in page
    paper = await portal.get(f"{desk}/attachments/1")
    assert (paper.content, paper.headers["content-type"]) == (PDF, "application/pdf")
    assert "default-src 'none'" in paper.headers["content-security-policy"]
    assert paper.headers["content-disposition"].startswith("inline")
    (entry,) = [event for event in await portal.desk.journal(case.case_no) if event.kind == "attached"]
    assert fact(entry, Attached).sha256 == hashlib.sha256(PDF).hexdigest()
    assert (await portal.get(f"{desk}/attachments/2")).status_code == 404


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "文件是空的"),
        (b"<script>alert(1)</script>", "只收 PDF"),
        (b"MZ" + b"\0" * 100, "只收 PDF"),
        (packed("word/document.xml", "word/vbaProject.bin"), "只收 PDF"),
        (b"%PDF-" + b"\0" * MOST_BYTES, "文件超过 20 MB"),
    ],
    ids=["empty", "a page", "a program", "macros", "too large"],
)
async def test_what_is_no_paper_is_refused_and_nothing_is_kept(
    portal: Browser, content: bytes, told: str
) -> None:
    case = await opened(portal.desk)
    await sign_in(portal)
    answer = await put(portal, f"/desk/cases/{case.case_no}", content)
    assert answer.status_code in (413, 422)
    assert told in answer.text
    assert "attached" not in [event.kind for event in await portal.desk.journal(case.case_no)]


async def test_a_form_counts_once_and_comes_from_a_page_of_ours(portal: Browser) -> None:
    case = await opened(portal.desk)
    await sign_in(portal)
    desk = f"/desk/cases/{case.case_no}"
    for _ in range(2):
        assert (await put(portal, desk, PNG, command_id="once")).status_code == 303
    assert [event.kind for event in await portal.desk.journal(case.case_no)].count("attached") == 1
    portal.csrf = "stolen"
    assert (await put(portal, desk, PNG)).status_code == 403
    portal.csrf = ""
    none = await portal.post(f"{desk}/attachments", data={"csrf": ""}, files={"other": ("a", b"x")})
    assert none.status_code in (403, 422)


async def test_several_are_put_on_file_at_once_or_none_of_them(portal: Browser) -> None:
    case = await opened(portal.desk)
    await sign_in(portal)
    path, said = (
        f"/desk/cases/{case.case_no}",
        {"csrf": portal.csrf, "what": "photo", "command_id": "several"},
    )
    photos = [("file", (f"现场{no}.png", PNG + bytes([no]), "image/png")) for no in range(3)]
    wrong = ("file", ("程序.exe", b"MZ", "image/png"))
    answer = await portal.post(f"{path}/attachments", data=said, files=[*photos, wrong])
    assert answer.status_code == 422
    assert "程序.exe：只收 PDF" in answer.text
    for _ in range(2):
        assert (await portal.post(f"{path}/attachments", data=said, files=photos)).status_code == 303
    names = [fact(event, Attached).name for event in (await portal.desk.journal(case.case_no))[1:]]
    assert names == ["现场0.png", "现场1.png", "现场2.png"]


@pytest.mark.long
async def test_an_enterprise_sees_its_own_papers_and_no_others(portal: Browser) -> None:
    case = await opened(portal.desk)
    await sign_in(portal, person="李敏")
    await put(portal, f"/desk/cases/{case.case_no}", PDF, "内部纪要.pdf", what="minutes")
    office = portal.another()
    await enquire(office, case.case_no, case.access_code)
    answer = await put(office, "/case", PNG, "合同照片.png", what="photo")
    assert answer.status_code == 303, answer.text
    page = (await office.get(answer.headers["location"])).text
    assert "材料已提交" in page
    assert "合同照片.png" in page
    assert "内部纪要" not in page
    picture = await office.get("/case/attachments/2")
    assert picture.content == PNG
    assert picture.headers["content-security-policy"].startswith("sandbox")
    assert (await office.get("/case/attachments/1")).status_code == 404
    shown = (await portal.get(f"/desk/cases/{case.case_no}")).text
    assert "合同照片.png" in shown


async def test_nobody_reads_papers_of_a_case_out_of_sight(portal: Browser) -> None:
    case = await opened(portal.desk)
    await sign_in(portal)
    await put(portal, f"/desk/cases/{case.case_no}", PDF)
    stranger = portal.another()
    await sign_in(stranger, "620104", ["clerk", "head"])
    path = f"/desk/cases/{case.case_no}"
    assert (await stranger.get(f"{path}/attachments/1")).status_code == 404
    assert (await put(stranger, path, PDF)).status_code == 404
    assert (await portal.another().get(f"{path}/attachments/1")).status_code in (303, 401)


@pytest.mark.long
async def test_a_program_puts_papers_on_file_lists_and_reads_them(portal: Browser) -> None:
    case = await paying(portal)
    token = await add_token(portal.window)
    await employ(portal.window, CLERK)
    path = f"/api/v1/cases/{case.case_no}/attachments"
    files = {"file": ("回单.pdf", PDF, "application/pdf")}
    said = {"what": "bank_receipt", "for": "PZ-1", "by": CLERK}
    answers = [
        await portal.post(path, data=said, files=files, headers=token | {"Idempotency-Key": "k1"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201], answers[0].text
    assert answers[0].json() == answers[1].json()
    listed = (await portal.get(path, headers=token)).json()["attachments"]
    assert listed == [answers[0].json()]
    assert (listed[0]["no"], listed[0]["for"], listed[0]["mime"], listed[0]["by"]) == (
        1,
        "PZ-1",
        "application/pdf",
        CLERK,
    )
    assert (await portal.get(f"{path}/1", headers=token)).content == PDF
    shown = (await portal.get(f"/api/v1/cases/{case.case_no}", headers=token)).json()
    assert shown["attachments"] == listed
    foreign = await add_token(portal.window, "620104")
    assert (await portal.get(f"{path}/1", headers=foreign)).status_code == 404
    wrong = await portal.post(path, data=said | {"by": "nobody"}, files=files, headers=token)
    assert wrong.status_code == 422


async def test_a_paper_comes_with_its_file_at_every_door(portal: Browser) -> None:
    case = await opened(portal.desk)
    token = await add_token(portal.window)
    await sign_in(portal, person="李敏")
    sha256 = hashlib.sha256(b"elsewhere").hexdigest()
    said = {
        "do": "attach",
        "what": "other",
        "name": "a.pdf",
        "mime": "application/pdf",
        "size": 1,
        "sha256": sha256,
        "attachment": f"{case.case_no}/{sha256}",
    }
    path = f"/api/v1/cases/{case.case_no}/commands"
    answer = await portal.post(path, json=said | {"by": CLERK}, headers=token)
    assert (answer.status_code, answer.json()["field"]) == (422, "do")
    answer = await portal.submit(f"/desk/cases/{case.case_no}/commands", said | {"as": "clerk"})
    assert answer.status_code == 422
    enterprise = portal.another()
    await enquire(enterprise, case.case_no, case.access_code)
    assert (await enterprise.submit("/case/commands", said)).status_code == 422
    assert "attached" not in [event.kind for event in await portal.desk.journal(case.case_no)]


async def test_another_creditor_sees_none_of_the_papers_of_the_one_before(portal: Browser) -> None:
    case = await opened(portal.desk)
    enterprise = portal.another()
    await enquire(enterprise, case.case_no, case.access_code)
    await put(enterprise, "/case", PNG, "身份证.png", what="identity")
    party = {"name": "乙保理公司", "size": "large", "ownership": "state"}
    fields: dict[str, Any] = {"side": "creditor", "party": party, "why": "assignment", "reference": "1号"}
    await portal.desk.cases.act(case.case_no, order("substitute", CLERK, **fields))
    await portal.desk.cases.act(case.case_no, order("approve", HEAD))
    code = await portal.desk.cases.code_after(case.case_no, order("approve", HEAD))
    after = portal.another()
    await enquire(after, case.case_no, there(code).code)
    assert "身份证.png" not in (await after.get("/case")).text
    assert (await after.get("/case/attachments/1")).status_code == 404


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (PDF, "application/pdf"),
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0jpeg", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (packed("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
        (packed("[Content_Types].xml", "word/document.xml"), "wordprocessingml.document"),
        (packed("[Content_Types].xml", "xl/workbook.xml"), "spreadsheetml.sheet"),
        (packed("something.txt"), None),
        (b"PK\x03\x04 torn", None),
        (b"RIFF\0\0\0\0AVI ", None),
        (packed(*(f"{number:060}" for number in range(10_001)), "OFD.xml"), None),
        (packed("OFD.xml")[:-10] + b"\xff\xff\xff\xff" + packed("OFD.xml")[-6:], None),
    ],
)
def test_what_a_file_is_follows_from_its_content(content: bytes, mime: str | None) -> None:
    found = mime_of(io.BytesIO(content))
    assert found == mime if mime is None else str(found).endswith(mime)


@pytest.mark.long
async def test_a_head_of_the_city_takes_a_paper_back(portal: Browser) -> None:
    case = await opened(portal.desk)
    await sign_in(portal)
    await put(portal, f"/desk/cases/{case.case_no}", PDF)
    head = portal.another()
    await sign_in(head, CITY, ["head"], person="郑")
    fields = {"do": "detach", "as": "head", "attachment": "1", "reason": "与本案无关"}
    answer = await head.submit(f"/desk/cases/{case.case_no}/commands", fields)
    assert answer.status_code == 303, answer.text
    assert "（已撤下）" in (await head.get(f"/desk/cases/{case.case_no}")).text
    assert (await verify(portal.desk.client, portal.desk.engine))["ok"]


@pytest.mark.long
async def test_verify_names_what_the_store_lost_or_has_otherwise(portal: Browser) -> None:
    case = await opened(portal.desk)
    await sign_in(portal)
    await put(portal, f"/desk/cases/{case.case_no}", PDF)
    client, engine, other = portal.desk.client, portal.desk.engine, MemoryStore()
    assert (await verify(client, engine, papers=portal.window.papers))["ok"]
    lost = await verify(client, engine, papers=Papers(other))
    assert lost["differences"] == [f"{case.case_no}: papers: attachment 1 is missing in the store"]
    await other.put_async(stored_as(case.case_no, hashlib.sha256(PDF).hexdigest()), b"something else")
    altered = await verify(client, engine, papers=Papers(other))
    assert "papers: attachment 1 has been altered" in altered["differences"][0]
    assert "材料存储" in altered["remedies"][0]["message"]


async def test_a_store_that_is_away_loses_nothing(tmp_path: Path, portal: Browser) -> None:
    case = await opened(portal.desk)
    await sign_in(portal)
    gone = LocalStore(tmp_path / "papers", mkdir=True)
    object.__setattr__(portal.window, "papers", Papers(gone))
    (tmp_path / "papers").rmdir()
    (tmp_path / "papers").write_text("no folder")
    answer = await put(portal, f"/desk/cases/{case.case_no}", PDF)
    assert answer.status_code == 503
    assert "attached" not in [event.kind for event in await portal.desk.journal(case.case_no)]


@pytest.mark.parametrize(
    ("written", "kind"), [(None, LocalStore), ("s3://qingqian/papers", S3Store), ("nonsense://x", None)]
)
def test_where_papers_are_kept_is_a_setting(tmp_path: Path, written: str | None, kind: type | None) -> None:
    if kind is None:
        with pytest.raises(Faults, match="QINGQIAN_STORE"):
            open_store(tmp_path, Settings(store=written))
    else:
        assert isinstance(open_store(tmp_path, Settings(store=written)), kind)


@pytest.mark.long
def test_a_paper_takes_little_memory(tmp_path: Path) -> None:
    """Twenty megabytes go through in pieces: the program is never as large as the paper and its own beginnings together."""
    program = (
        "import asyncio, resource, sys\n"
        "from pathlib import Path\n"
        "from office.evidence.store import Papers\n"
        "from runtime.settings import Settings\n"
        "from runtime.store import open_store\n"
        "folder = Path(sys.argv[1])\n"
        "papers = Papers(open_store(folder, Settings()))\n"
        "async def keep(path):\n"
        "    with path.open('rb') as file:\n"
        "        return await papers.keep('QQ-1', file)\n"
        "asyncio.run(keep(folder / 'small.pdf'))\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "asyncio.run(keep(folder / 'large.pdf'))\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)\n"
    )
    (tmp_path / "small.pdf").write_bytes(PDF)
    (tmp_path / "large.pdf").write_bytes(PDF + b"\0" * (MOST_BYTES - len(PDF)))
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) <= 30, "megabytes"


@pytest.mark.long
@pytest.mark.parametrize("door", ["desk", "creditor", "debtor"])
async def test_a_paper_that_may_be_on_file_is_sent_again_and_filed_once(
    portal: Browser, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    case = await paying(portal)
    await sign_in(portal)
    page = (await portal.submit(f"/desk/cases/{case.case_no}/code", {"side": "debtor"})).text
    (debtors,) = re.findall(r'id="access-code">([^<]+)', page)
    here, code = {
        "desk": (f"/desk/cases/{case.case_no}", None),
        "creditor": ("/case", case.access_code),
        "debtor": ("/debtor", debtors),
    }[door]
    if code:
        await enquire(portal, case.case_no, code)
    done = type(portal.window.cases).carry_out

    async def done_and_away(*asked: Any) -> None:
        await done(*asked)
        raise ServerAway("PostgreSQL is away")

    first = upload_in((await portal.get(here)).text)
    with monkeypatch.context() as patched:
        patched.setattr(type(portal.window.cases), "carry_out", done_and_away)
        answer = await put(portal, here, PDF, command_id=first["command_id"], **{"for": "PZ-1"})
    assert answer.status_code == 503
    assert "不会重复办理" in answer.text
    again = upload_in(answer.text)
    assert again == {"command_id": first["command_id"], "what": "bank_receipt", "for": "PZ-1"}
    answer = await put(portal, here, PDF, **again)
    assert answer.status_code == 303, answer.text
    assert len(await papers_on(portal, case.case_no)) == 1
    assert upload_in((await portal.get(here)).text)["command_id"] != first["command_id"]


@pytest.mark.long
async def test_a_paper_that_is_refused_keeps_what_was_said_of_it(portal: Browser) -> None:
    case = await paying(portal)
    await sign_in(portal)
    here = f"/desk/cases/{case.case_no}"
    given = upload_in((await portal.get(here)).text)["command_id"]
    answer = await put(portal, here, b"just text", command_id=given, **{"for": "PZ-1"})
    assert answer.status_code in (409, 422)
    again = upload_in(answer.text)
    assert (again["what"], again["for"]) == ("bank_receipt", "PZ-1")
    assert again["command_id"] != given


def upload_in(page: str) -> dict[str, str]:
    """What stands in the form that takes a paper."""
    (form,) = re.findall(r'<form [^>]*action="[^"]*/attachments".*?</form>', page, re.DOTALL)
    said = {"command_id": re.findall(r'name="command_id" value="([^"]+)"', form)[0]}
    for name in ("what", "for"):
        (select,) = re.findall(rf'<select [^>]*name="{name}".*?</select>', form, re.DOTALL)
        chosen = re.findall(r'<option(?: value="([^"]*)")? selected>([^<]*)', select)
        if chosen:
            value, text = chosen[0]
            said[name] = value or text
    return said


async def papers_on(browser: Browser, case_no: str) -> list[Any]:
    """The papers that are put on file in a case."""
    return [one for one in await browser.desk.journal(case_no) if one.kind == "attached"]
