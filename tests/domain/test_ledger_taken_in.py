"""The columns of 接入: how far a row of a 台账 had come elsewhere."""

from datetime import date
from typing import Any

import pytest

from domain.sheet.columns import TAKEN_IN, letters
from tests.domain.test_ledger_rows import ROW, sheet

SINCE = {"登记日": date(2023, 1, 16), "接入截止日": date(2023, 4, 20), "接入来源": "安宁区清欠台账"}
OWED = {"接入结算额(万元)": 8436.77, "接入已付额(万元)": 4220.77, "接入无分歧(万元)": 4216}
PLAN = {"接入资金来源": "一般债券", "接入付款日": date(2023, 9, 28)}


def _row(**more: Any) -> dict[str, Any]:
    return ROW | SINCE | more


@pytest.mark.parametrize(
    ("more", "stage", "cleared", "planned"),
    [
        ({"接入阶段": "转办"}, "transfer", 0, None),
        ({"接入阶段": "核实"}, "verification", 0, None),
        ({"接入阶段": "核实"} | OWED, "verification", 0, None),
        ({"接入阶段": "资金筹措"} | OWED, "funding", 0, None),
        ({"接入阶段": "纳入债券", "接入已清偿(万元)": 2500} | OWED | PLAN, "bonding", 2500, 1716),
        (
            {"接入阶段": "分期支付", "接入已清偿(万元)": 0} | OWED | PLAN | {"接入资金来源": "预算安排"},
            "payment",
            0,
            4216,
        ),
        ({"接入阶段": "回访审核", "接入已清偿(万元)": 4216} | OWED, "review", 4216, None),
    ],
)
def test_a_row_says_how_far_it_had_come(
    more: dict[str, Any], stage: str, cleared: int, planned: int | None
) -> None:
    read = sheet(_row(**more), headers=list(_row(**more)))
    assert read.faults == []
    taken = read.rows[0].receipt.taken_in
    assert taken is not None
    assert (taken.stage, taken.cleared // 10**6, taken.source) == (stage, cleared, "安宁区清欠台账")
    assert taken.acknowledged_on is None, "no column of a sheet says so"
    assert (taken.recognition is not None) is (OWED.keys() <= more.keys())
    assert (taken.plan.instalments[0].amount // 10**6 if taken.plan else None) == planned


def test_a_row_without_any_of_it_is_new() -> None:
    read = sheet(ROW, headers=[*ROW, *(column.header for column in TAKEN_IN)])
    assert (read.faults, read.rows[0].receipt.taken_in) == ([], None)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"接入阶段": "销号"}, "接入阶段应为"),
        ({"接入截止日": date(2023, 1, 1), "接入阶段": "转办"}, "接入截止日早于登记日"),
        ({"接入截止日": None, "接入阶段": "转办"}, "接入的案件须填写“接入截止日”"),
        ({"接入阶段": None}, "接入的案件须填写“接入阶段”"),
        ({"接入阶段": "资金筹措"}, "须有认定金额"),
        ({"接入阶段": "资金筹措"} | OWED | {"接入已付额(万元)": 1}, "结算额减已付额"),
        ({"接入阶段": "分期支付"} | OWED, "须有清偿计划"),
        (
            {"接入阶段": "分期支付"} | OWED | {"接入付款日": date(2023, 9, 28)},
            "接入的案件须填写“接入资金来源”",
        ),
        ({"接入阶段": "回访审核", "接入已清偿(万元)": 4216} | OWED | PLAN, "接入的内容不完整"),
        ({"接入阶段": "分期支付"} | OWED | PLAN | {"接入付款日": date(2100, 1, 1)}, "请核对年份"),
        (
            {"接入阶段": "纳入债券", "接入已清偿(万元)": 2500, "支出性质": "经常性支出"} | OWED | PLAN,
            "本案支出不得使用一般债券",
        ),
        ({"接入阶段": "转办", "接入处置方式": "移交纪检监察机关"}, "接入处置方式应为"),
    ],
)
def test_what_cannot_have_stood_like_that_is_named(more: dict[str, Any], why: str) -> None:
    row = _row(**more)
    read = sheet(row, headers=list(row))
    assert read.rows == []
    fault = read.faults[0]
    assert why in fault.message
    assert fault.cell.rstrip("0123456789") in {
        letters(index) for index, name in enumerate(row) if name.startswith("接入")
    }
