"""Names are spelt by the words in which their characters stand."""

import pytest

from domain.names import spelling
from domain.names.spelling import load_dictionary, spelt


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("安宁区道路工程款", " an ning qu dao lu gong cheng kuan"),
        ("重庆银行", " chong qing yin hang"),
        ("会宁县", " hui ning xian"),
        ("绿化", " lv hua"),
        ("平凉市崆峒区", " ping liang shi kong tong qu"),
        ("陇南市武都区宕昌县", " long nan shi wu du qu tan chang xian"),
        ("民乐县、康乐县", " min le xian kang le xian"),
        ("长治市人民政府区长", " chang zhi shi ren min zheng fu qu zhang"),
        ("建设银行兰州支行", " jian she yin hang lan zhou zhi hang"),
        ("重慶銀行", " chong qing yin hang"),
        ("成都、都匀的还款", " cheng du du yun de huan kuan"),
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


def test_what_is_loaded_beforehand_delays_nobody() -> None:
    spelling._reader.cache_clear()
    load_dictionary()
    before = spelling._reader.cache_info()
    assert spelt("安宁区西路") == " an ning qu xi lu"
    after = spelling._reader.cache_info()
    assert (after.misses, after.currsize) == (before.misses, 1)
