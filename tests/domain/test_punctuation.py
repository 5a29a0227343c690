"""Chinese is printed with Chinese punctuation, and what is no Chinese stays as it is."""

import pytest

from domain.telling.punctuation import typeset


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("已办理:受理", "已办理：受理"),
        ("结算 300.00万元,各部分合计 299.00万元;不符", "结算 300.00万元，各部分合计 299.00万元；不符"),
        ("截至 2023-09-28(北京时间)", "截至 2023-09-28（北京时间）"),
        ("下载台账(.xlsx)", "下载台账（.xlsx）"),
        ("保障中小企业款项支付条例(2025)第二十五条", "保障中小企业款项支付条例（2025）第二十五条"),
        ("银行回单(凭证 PZ-1),已收", "银行回单（凭证 PZ-1），已收"),
        ("如 4216万元、8.044亿元;不写单位为元", "如 4216万元、8.044亿元；不写单位为元"),
        (",", "，"),
        ("09:00 (Beijing time), 1,000.00", "09:00 (Beijing time), 1,000.00"),
        ("PZ(1): ok", "PZ(1): ok"),
        ("", ""),
    ],
)
def test_punctuation_beside_chinese_is_chinese(written: str, printed: str) -> None:
    assert typeset(written) == printed
    assert typeset(printed) == printed
