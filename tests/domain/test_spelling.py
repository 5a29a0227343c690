"""Names are spelt by the words in which their characters stand."""

import pytest

from domain.names.spelling import spelt


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("安宁区道路工程款", " an ning qu dao lu gong cheng kuan"),
        ("重庆银行", " chong qing yin hang"),
        ("会宁县", " hui ning xian"),
        ("绿化", " lv hua"),
        ("Ｇ312线（二期）A座", " g312 xian er qi a zuo"),
        ("酒钢_100%集团", " jiu gang 100 ji tuan"),
        ("", ""),
        ("——", ""),
    ],
)
def test_a_name_is_spelt_syllable_by_syllable(name: str, sound: str) -> None:
    assert spelt(name) == sound


def test_names_stay_apart() -> None:
    assert spelt("道路", "八冶", "") == " dao lu/ ba ye/"
