"""What a spreadsheet shows of a cell, by its number format."""

import pytest

from domain.sheet.formats import (
    Display,
    display_of,
    is_percent,
    shows_text_as_it_is,
    shows_whole_day,
)


@pytest.mark.parametrize(
    ("number_format", "display"),
    [
        ("General", Display()),
        ("@", Display()),
        ("0", Display("", 0, 1)),
        ("0.00", Display("", 2, 1)),
        ("#,##0.00####", Display("", 6, 1)),
        ("#,##0.00;[Red]-#,##0.00", Display("", 2, 1)),
        ("0.00_);[Red]\\(0.00\\)", Display("", 2, 1)),
        ("#.##", Display("", 2, 0)),
        ("000000", Display("", 0, 6)),
        ('"¥"#,##0.00', Display("", 2, 1)),
        ("[$¥-804]#,##0.00", Display("", 2, 1)),
        ('_ "\uffe5"* #,##0.00_ ;_ "\uffe5"* \\-#,##0.00_ ;_ "\uffe5"* "-"??_ ;_ @_ ', Display("", 2, 1)),
        ('#,##0.00"万元"', Display("万元", 2, 1)),
        ("0.00万", Display("万元", 2, 1)),
        ('#,##0.00"元"', Display("元", 2, 1)),
        ('General"元"', Display("元")),
        ('0.0 "亿元"', Display("亿元", 1, 1)),
        ("[DBNum2][$-804]General", Display()),
    ],
)
def test_what_shows_a_number_as_itself(number_format: str, display: Display) -> None:
    assert display_of(number_format) == display


@pytest.mark.parametrize(
    "number_format",
    [
        '0!.0000,"万元"',
        '0!.0000"万元"',
        '0\\.0,"万"',
        "0,",
        "#,##0.00,,",
        "0%",
        "0.00E+00",
        "# ?/?",
        ";;;",
        '""',
        '"已付"',
        '[>=10000]0"万";0',
        '"约"0',
        '0"千元"',
        "[$$-409]#,##0.00",
        "[$€-2] 0",
        "0000-00-00",
    ],
)
def test_what_may_show_another_number(number_format: str) -> None:
    assert display_of(number_format) is None


def test_percentages_are_known() -> None:
    assert is_percent("0.00%")
    assert not is_percent('0"%"')
    assert not is_percent("0;0%")


@pytest.mark.parametrize(
    ("number_format", "is_shown"),
    [
        ("General", True),
        ("@", True),
        ("0.00", True),
        ('_ "¥"* #,##0.00_ ;_ @_ ', True),
        ("0;0;0;General", True),
        (";;;", False),
        ('@"公司"', False),
        ('0;0;0;"无"', False),
    ],
)
def test_whether_a_text_is_shown_as_it_is(number_format: str, is_shown: bool) -> None:
    assert shows_text_as_it_is(number_format) is is_shown


@pytest.mark.parametrize(
    ("number_format", "is_whole"),
    [
        ("General", True),
        ("yyyy-mm-dd", True),
        ('yyyy"年"m"月"d"日"', True),
        ("[$-F800]dddd\\, mmmm dd\\, yyyy", True),
        ('[$-404]e"年"m"月"d"日"', True),
        ("yyyy/m/d h:mm", True),
        ('m"月"d"日"', False),
        ('yyyy"年"m"月"', False),
        ("dddd", False),
        ("mmm-yy", False),
    ],
)
def test_whether_a_day_is_shown_whole(number_format: str, is_whole: bool) -> None:
    assert shows_whole_day(number_format) is is_whole
