"""The archive of an ended case: complete, verifiable without this program, and written only if nothing is missing."""

import hashlib
import io
import json
import os
from pathlib import Path
from zipfile import ZipFile

import pytest
from obstore.store import MemoryStore

from domain.refusal import Refusal
from office.archive.packing import archive
from office.evidence.store import Papers
from schema import journal
from tests.stack import CLERK, HEAD, SUPERIOR, Desk, order


async def ended(desk: Desk, papers: Papers) -> str:
    """An ended case that was pressed, that has papers with arbitrary file names, and in which a command was refused."""
    case_no = await desk.open(order("escalate", SUPERIOR, mode="supervised", reason="督查组交办"))
    for no, name in enumerate(("../../合同.pdf", "<b>照片</b>.pdf"), start=1):
        stored = await papers.keep(case_no, io.BytesIO(b"%PDF-1.7 " + name.encode()))
        paper = order("attach", CLERK, f"paper-{no}", what="contract", name=name, **stored._asdict())
        await desk.cases.act(case_no, paper)
    await desk.cases.act(case_no, order("refuse", CLERK, ground="不属受理范围"))
    await desk.cases.act(case_no, order("approve", HEAD))
    return case_no


async def test_an_archive_has_everything_and_can_be_checked(desk: Desk, tmp_path: Path) -> None:
    papers, out = Papers(MemoryStore()), tmp_path / "案卷.zip"
    case_no = await ended(desk, papers)
    manifest = await archive(desk.engine, papers, case_no, out)
    with ZipFile(out) as packed:
        assert json.loads(packed.read("manifest.json")) == manifest
        assert {one["path"] for one in manifest["files"]} | {"manifest.json"} == set(packed.namelist())
        for one in manifest["files"]:
            assert hashlib.sha256(packed.read(one["path"])).hexdigest() == one["sha256"]
        told = [json.loads(line) for line in packed.read("journal.jsonl").splitlines()]
        page = packed.read("index.html").decode()
    async with desk.engine.connect() as connection:
        entries = await journal.entries(connection, stream=case_no)
    assert told == [entry.to_json() for entry in entries]
    assert manifest["head"] == told[-1]["hash"] == entries[-1].hash
    assert [one["path"].split("/")[0] for one in manifest["files"]].count("documents") == 2
    assert "&lt;b&gt;照片&lt;/b&gt;" in page
    assert "<b>照片" not in page
    assert os.listdir(tmp_path) == ["案卷.zip"]


async def test_an_open_case_has_none(desk: Desk, tmp_path: Path) -> None:
    case_no = await desk.open()
    with pytest.raises(Refusal, match="has not ended"):
        await archive(desk.engine, Papers(MemoryStore()), case_no, tmp_path / "a.zip")
    assert not os.listdir(tmp_path)


async def test_a_paper_that_the_store_lost_is_named_and_the_archive_of_before_stays(
    desk: Desk, tmp_path: Path
) -> None:
    case_no = await ended(desk, Papers(MemoryStore()))
    out = tmp_path / "a.zip"
    out.write_bytes(b"of before")
    with pytest.raises(Refusal, match="attachment 1 is missing or altered"):
        await archive(desk.engine, Papers(MemoryStore()), case_no, out)
    assert out.read_bytes() == b"of before"
    assert os.listdir(tmp_path) == ["a.zip"]
