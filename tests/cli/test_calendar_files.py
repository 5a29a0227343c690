"""Notices of a year's holidays: each fault has its path, nothing is loaded by half, and a right one is shown before it counts."""

import asyncio
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from cli.program import app
from domain.holidays import LAW
from office.calendar.files import read_notice
from office.calendar.loading import published
from office.faults import Faults
from schema import calendars
from tests.cli.commands import Said, call

NOTICE = "国办发明电〔2026〕9号"
GOOD = """
year = 2027
off = [2027-01-01, "2027-02-05..2027-02-11", "2027-05-01..2027-05-05"]
work = [2027-02-14, "2027-05-08"]
"""
CSV = "date,kind\n2027-01-01,off\n2027-01-02,off\n2027-01-09,work\n"


def faults_of(
    text: str, tmp_path: Path, *options: str, suffix: str = ".toml", notice: str = NOTICE
) -> list[str]:
    """Load a file that is wrong in itself, which asks no server; the faults it names."""
    path = tmp_path / f"notice{suffix}"
    path.write_text(text, "utf-8")
    named = ["--notice", notice] if notice else []
    result = CliRunner().invoke(app, ["calendar", "load", str(path), *named, *options, "--yes", "--json"])
    assert result.exit_code == 2, result.output
    told = json.loads(result.stdout)
    assert told["file"] == str(path)
    faults: list[str] = told["faults"]
    return faults


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("year = 2027", "", "year: this field is missing"),
        ("year = 2027", 'year = "2027"', "year: must be a year like 2027, not '2027'"),
        ("year = 2027", "year = true", "year: must be a year like 2027"),
        ("year = 2027", "year = 27", "year: must be a year like 2027"),
        ("year = 2027", "year = = 2027", "line 2: not TOML"),
        ("year = 2027", "year = 2027\nyaer = 2027", "yaer: there is no such field"),
        ("off = [2027-01-01, ", 'off = ["2027-13-01", ', "off[1]: must be a date like 2027-02-05 or a range"),
        ("off = [2027-01-01, ", 'off = ["new year", ', "off[1]: must be a date like"),
        ("off = [2027-01-01, ", "off = [20270101, ", "off[1]: must be a date like"),
        ("off = [2027-01-01, ", "off = [2027-01-01T00:00:00, ", "off[1]: must be a date like"),
        ('"2027-02-05..2027-02-11"', '"2027-02-05.."', "off[2]: must be a date like"),
        (
            '"2027-02-05..2027-02-11"',
            '"2027-02-11..2027-02-05"',
            "off[2]: 2027-02-11..2027-02-05 ends before",
        ),
        (
            '"2027-02-05..2027-02-11"',
            '"2027-02-05..2027-12-11"',
            "off[2]: 2027-02-05..2027-12-11 is a range of 310",
        ),
        ("2027-01-01", "2028-01-01", "off[1]: 2028-01-01 is outside 2027"),
        ("2027-01-01", '"2026-12-20..2027-01-01"', "off[1]: 2026-12-20..2027-01-01 is outside 2027"),
        ('"2027-05-08"', "2026-05-08", "work[2]: 2026-05-08 is outside 2027"),
        ("2027-01-01", "2027-02-06", "off[2]: 2027-02-06 is named twice; see off[1]"),
        ("2027-02-14", "2027-02-06", "work[1]: 2027-02-06 is both off and work; see off[2]"),
        ('"2027-05-08"', "2027-02-14", "work[2]: 2027-02-14 is named twice; see work[1]"),
        (GOOD.splitlines()[2], "off = []", "off: names no day off"),
        (GOOD.splitlines()[2], "", "off: names no day off"),
        (GOOD.splitlines()[2], 'off = "2027-01-01"', "off: must be a list of dates and ranges"),
        ("year = 2027", "year = 2027\namends = 9", "amends: must be the 文号"),
        ("year = 2027", 'year = 2027\namends = " "', "amends: must be the 文号"),
    ],
)
def test_each_fault_is_named_with_its_path(right: str, wrong: str, fault: str, tmp_path: Path) -> None:
    assert right in GOOD
    (found,) = faults_of(GOOD.replace(right, wrong, 1), tmp_path)
    assert found.startswith(fault)


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("date,kind", "day,what", "line 1: the header must be date,kind"),
        (CSV, "", "line 1: the header must be date,kind"),
        ("2027-01-02,off", "2027-01-02", "line 3: must have a date and a kind, not 1 cells"),
        ("2027-01-02,off", "2027-01-02,off,x", "line 3: must have a date and a kind, not 3 cells"),
        ("2027-01-02,off", "2027-01-02,free", "line 3: the kind must be off or work, not 'free'"),
        ("2027-01-02,off", "2027/01/02,off", "line 3: must be a date like"),
        ("2027-01-02,off", "2027-02-30,off", "line 3: must be a date like"),
        ("2027-01-02,off", "2026-01-02,off", "line 3: 2026-01-02 is outside 2027"),
        ("2027-01-02,off", "2027-01-01,off", "line 3: 2027-01-01 is named twice; see line 2"),
        ("2027-01-09,work", "2027-01-02,work", "line 4: 2027-01-02 is both off and work; see line 3"),
        ("2027-01-01,off\n2027-01-02,off\n", "", "off: names no day off"),
        ("2027-01-02,off", '2027-01-02,"off', "line 4: not CSV"),
    ],
)
def test_each_fault_of_a_csv_is_named_with_its_line(
    right: str, wrong: str, fault: str, tmp_path: Path
) -> None:
    assert right in CSV
    (found,) = faults_of(CSV.replace(right, wrong, 1), tmp_path, suffix=".csv")
    assert found.startswith(fault)


def test_an_empty_file_is_not_a_year_without_holidays(tmp_path: Path) -> None:
    assert [fault.split(":")[0] for fault in faults_of("", tmp_path)] == ["year", "off"]
    assert faults_of("date,kind\n", tmp_path, suffix=".csv")[0].startswith("off: names no day off")
    (fault,) = faults_of('{"year": 2027, "days": []}', tmp_path, suffix=".json")[1:]
    assert fault.startswith("off: names no day off")


@pytest.mark.parametrize(("notice", "fault"), [("", "notice: say the 文号"), ("  ", "notice: say the 文号")])
def test_a_notice_has_a_name(notice: str, fault: str, tmp_path: Path) -> None:
    assert faults_of(GOOD, tmp_path, notice=notice)[0].startswith(fault)


def test_no_notice_is_called_like_a_release_of_the_package(tmp_path: Path) -> None:
    (fault,) = faults_of(GOOD, tmp_path, notice="chinesecalendar-9.9.9")
    assert fault.startswith("notice: 'chinesecalendar-9.9.9' is what a release")


def test_what_is_amended_is_said_once(tmp_path: Path) -> None:
    text = f'amends = "八号"\n{GOOD}'
    (fault,) = faults_of(text, tmp_path, "--amends", "七号")
    assert fault == "amends: is 八号 in the file, but --amends says 七号"


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    wrong = (
        GOOD.replace("2027-01-01", "2027-02-06").replace("2027-02-14", "2028-02-14").replace("year", "yaer")
    )
    faults = faults_of(wrong.replace('"2027-05-08"', '"8 May"'), tmp_path, notice="")
    assert [fault.split(":")[0] for fault in faults] == ["notice", "yaer", "work[2]", "year", "off[2]"]


def test_a_file_in_another_encoding_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "notice.csv"
    path.write_bytes("date,kind\n2027-01-01,放假\n".encode("gbk"))
    with pytest.raises(Faults) as refused:
        read_notice(path, NOTICE)
    assert refused.value.faults[0].startswith("file: cannot be read as UTF-8 text")


def test_a_csv_as_spreadsheets_write_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "notice.csv"
    path.write_text("\ufeff" + CSV.replace("\n", "\r\n") + ",\r\n\r\n", "utf-8")
    found = read_notice(path, f" {NOTICE} ", "八号")
    assert (found.notice, found.amends, found.year) == (NOTICE, "八号", 2027)
    assert {str(day): written.kind for day, written in found.days.items()} == {
        "2027-01-01": "off",
        "2027-01-02": "off",
        "2027-01-09": "work",
    }


def test_a_notice_that_amends_may_only_take_days_back(tmp_path: Path) -> None:
    path = tmp_path / "notice.toml"
    path.write_text('year = 2026\namends = "八号"\nwork = [2026-10-07]\n', "utf-8")
    assert list(read_notice(path, NOTICE).days) == [date(2026, 10, 7)]


Call = Callable[..., Any]


@pytest.fixture
def at(engine: AsyncEngine) -> Call:
    """Run a command on the test's database."""
    url = engine.url.render_as_string(hide_password=False)

    async def run(*arguments: str) -> Said:
        return await asyncio.to_thread(call, "calendar", *arguments, DATABASE_URL=url)

    return run


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "2027.toml"
    path.write_text(GOOD, "utf-8")
    return str(path)


async def loaded(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return [one.notice for one in await calendars.notices(connection)]


@pytest.mark.long
async def test_a_dry_run_shows_the_days_and_loads_nothing(at: Call, file: str, engine: AsyncEngine) -> None:
    told = (await at("load", file, "--notice", NOTICE, "--dry-run", "--json")).json
    assert (told["loaded"], told["notice"], told["year"]) == (False, NOTICE, 2027)
    assert (told["horizon"], told["amends"], len(told["days"])) == ("2027-12-31", None, 15)
    assert {"day": "2027-02-14", "kind": "work"} in told["days"]
    assert "2027-02-14" in told["changed"]
    shown = (await at("load", file, "--notice", NOTICE, "--dry-run")).out
    assert "未载入 not loaded" in shown
    assert "2027-02-05..2027-02-11" in shown
    assert await loaded(engine) == []


@pytest.mark.long
async def test_a_notice_is_loaded_and_shown(at: Call, file: str, engine: AsyncEngine) -> None:
    before = (await at("show", "--year", "2027", "--json")).json
    assert before["provisional"]
    assert {one["notice"] for one in before["exceptions"]} == {LAW}
    shown = (await at("show", "--year", "2027")).out
    assert "provisional" in shown
    assert "2027-02-08" in shown

    result = await at("load", file, "--notice", NOTICE, "--yes", "--json")
    assert result.code == 0, result
    assert result.json["loaded"] is True
    assert await loaded(engine) == [published().release, NOTICE]

    after = (await at("show", "--year", "2027", "--json")).json
    assert (after["version"], after["horizon"], after["provisional"]) == (NOTICE, "2027-12-31", False)
    assert {"day": "2027-02-14", "kind": "work", "notice": NOTICE} in after["exceptions"]
    assert "2027-02-08..2027-02-11" in (await at("show", "--year", "2027")).out
    assert (await at("show")).code == 0


async def test_what_does_not_fit_the_record_has_its_path(at: Call, file: str, engine: AsyncEngine) -> None:
    assert (await at("load", file, "--notice", NOTICE, "--yes")).code == 0
    for option in ("--yes", "--dry-run"):
        again = await at("load", file, "--notice", NOTICE, option, "--json")
        assert again.code == 2
        told = again.json
        assert told["file"] == file
        assert [fault.split(":")[0] for fault in told["faults"]] == ["notice", "year"]
    assert await loaded(engine) == [published().release, NOTICE]
