"""`python -m benchmarks.import_check`: checking a 台账 of 5,527 rows, compared with plainly reading the same file by openpyxl; and a
backlog of 5,000 rows from elsewhere (接入) with an additional column, and the marked copy of one with faults everywhere.

Both sides run one after the other, three times, the check with its child process. The medians of real and CPU seconds are printed with
their ratios. Checking includes everything from the uploaded bytes to receipts: reading the file in a child process, the rules for each
cell, and duplicates inside the file.
"""

import asyncio
import io
import json
import os
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import IO, Any, Final

from openpyxl import Workbook, load_workbook
from rich.console import Console

from domain.calendar import business_instant
from domain.case.decider import begin, receive
from domain.names.credit_code import check_digit
from domain.receipt import Receipt
from domain.sheet.cells import Importer
from domain.sheet.columns import AT_RECEIPT, TAKEN_IN, TITLE
from domain.sheet.lines import ledger_line
from office.calendar.loading import published_calendar
from office.packs import load_pack
from office.sheets.marking import marked
from office.sheets.reading import check_ledger
from office.sheets.writing import LedgerWriter

ROWS: Final = 5527
BACKLOG: Final = 5000
OFFICE: Final = "620105"
TODAY: Final = date(2023, 12, 29)
REPEATS: Final = 3


def receipt(number: int) -> Receipt:
    """A receipt that differs from all others of the file."""
    first = f"91620105MA7{number:06d}"
    return Receipt.model_validate(
        {
            "title": f"第{number}号工程欠款",
            "project": f"安宁区第{number}号道路维修及附属设施工程",
            "creditor": {
                "name": f"甘肃第{number}建筑工程有限公司",
                "code": first + check_digit(first),
                "size": ("micro", "small", "medium")[number % 3],
                "ownership": "private",
            },
            "debtor": {"name": f"安宁区第{number % 97}街道办事处", "kind": "organ"},
            "office": OFFICE,
            "channel": "platform",
            "kind": "works",
            "contract_signed_on": date(2019, 1, 1) + timedelta(days=number % 900),
            "claimed": 10_000_000 + number * 12_345,
            "received_on": date(2023, 1, 3) + timedelta(days=number % 350),
            "migrant_wages": number % 7 == 0,
            "note": "企业多次催要未果,债务人称待审计结算后支付。" if number % 3 == 0 else None,
        }
    )


def ledger(rows: int) -> IO[bytes]:
    """A file as an export writes it."""
    pack = load_pack("gansu")
    rules = load_pack("gansu").for_case(published_calendar(date(2023, 1, 1)))
    out = io.BytesIO()
    with LedgerWriter() as writer:
        for number in range(1, rows + 1):
            events = receive("QQ", receipt(number), rules, business_instant(TODAY))
            writer.add([ledger_line(begin("QQ", events), number, TODAY, pack.offices)])
        writer.save(out)
    return out


def backlog(rows: int, **spoilt: Any) -> IO[bytes]:
    """A file by which an office brings in its old cases: each with its stage, its amounts, and the rest of its plan."""
    columns = (*AT_RECEIPT, *TAKEN_IN)
    told = {
        "来源": "登记平台", "债务人单位类型": "机关", "款项类型": "工程", "接入截止日": date(2023, 12, 28),
        "接入阶段": "分期支付", "接入结算额(万元)": 900, "接入已付额(万元)": 500, "接入无分歧(万元)": 400,
        "接入已清偿(万元)": 100, "接入资金来源": "预算安排", "接入付款日": date(2024, 6, 28), "债权人规模": "小型",
    }  # fmt: skip
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(TITLE)
    sheet.append([*(column.header for column in columns), "拖欠原因"])
    for number in range(1, rows + 1):
        case = receipt(number)
        row = told | {
            "登记日": case.received_on,
            "债务人": case.debtor.name,
            "债权人": case.creditor.name,
            "债权人统一社会信用代码": case.creditor.code,
            "项目名称": case.project,
            "欠款金额(万元)": 400,
        }
        row |= spoilt
        sheet.append([*(row.get(column.header) for column in columns), "审计未完"])
    out = io.BytesIO()
    book.save(out)
    return out


async def mark(file: IO[bytes], importer: Importer) -> None:
    """Make the marked copy of a file."""
    checked = (await check_ledger(file, importer)).sheet
    file.seek(0)
    await marked(file.read(), importer.office, checked.header_row, checked.faults, io.BytesIO(), False)


def plain(file: IO[bytes]) -> int:
    """Read every value of the file with openpyxl."""
    file.seek(0)
    book = load_workbook(file, read_only=True)
    return sum(1 for row in book.worksheets[0].iter_rows(values_only=True) for _ in row)


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """The medians of the real and the CPU seconds of the work."""
    wall, cpu = [], []
    for _ in range(REPEATS):
        start, worked = time.perf_counter(), _worked()
        work()
        wall.append(time.perf_counter() - start)
        cpu.append(_worked() - worked)
    return statistics.median(wall), statistics.median(cpu)


def _worked() -> float:
    """The CPU seconds of this process and its children; a file is read in a child."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def main() -> None:
    """Run the measurements, and print one JSON document."""
    file = ledger(ROWS)
    importer = Importer(OFFICE, load_pack("gansu").offices, TODAY)
    checked = asyncio.run(check_ledger(file, importer)).sheet
    assert (len(checked.rows), checked.faults) == (ROWS, [])
    check, by_openpyxl = timed(lambda: asyncio.run(check_ledger(file, importer))), timed(lambda: plain(file))
    old, wrong = backlog(BACKLOG), backlog(BACKLOG, 来源="不明", 债务人=None)
    brought_in = asyncio.run(check_ledger(old, importer)).sheet
    assert (len(brought_in.rows), brought_in.faults) == (BACKLOG, []), brought_in.faults[:3]
    check_backlog = timed(lambda: asyncio.run(check_ledger(old, importer)))
    mark_all = timed(lambda: asyncio.run(mark(wrong, importer)))
    result = {
        "rows": ROWS,
        "bytes": file.seek(0, 2),
        "check_s": round(check[0], 2),
        "plain_openpyxl_s": round(by_openpyxl[0], 2),
        "ratio": round(check[0] / by_openpyxl[0], 2),
        "check_cpu_s": round(check[1], 2),
        "plain_openpyxl_cpu_s": round(by_openpyxl[1], 2),
        "cpu_ratio": round(check[1] / by_openpyxl[1], 2),
        "backlog_rows": BACKLOG,
        "check_backlog_s": round(check_backlog[0], 2),
        "check_and_mark_all_wrong_s": round(mark_all[0], 2),
    }
    Console().print_json(json.dumps(result))


if __name__ == "__main__":
    main()
