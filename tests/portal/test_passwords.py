"""Which passwords are too weak: what is typed by its sound is guessed as soon as a word of English."""

from time import process_time

import pytest

from office.passwords import Owner, weakness

OWNER = Owner("limin", "李敏", "620105", "安宁区清欠办")


@pytest.mark.parametrize(
    "password",
    [
        *(
            "woaini1314",
            "Woaini1314!",
            "beijing2008",
            "lanzhou123456",
            "wodemima888",
            "zhangwei1988",
            "wangfang1990",
        ),
        *(
            "qingqian2026",
            "anningqu2026",
            "anning2026",
            "qingqianban2026",
            "caizhengju123",
            "gongxifacai8",
        ),
        *("ｐａｓｓｗｏｒｄ１２", "Ｌanzhou２０２６"),
        *("shengrikuaile1", "zhongguo1949", "chenjianguo66", "mimamima123", "haohaoxuexi1", "gansu20080808"),
    ],
)
def test_what_is_typed_by_its_sound_is_too_weak(password: str) -> None:
    assert weakness(password, OWNER) is not None


@pytest.mark.long
def test_no_password_keeps_the_portal_for_long() -> None:
    """Signs that may each stand for several letters are tried out together."""
    begun = process_time()
    weakness("4@8({[<369!1|705$+7%2" * 9, OWNER)
    assert process_time() - begun < 3


def test_the_own_name_by_its_sound_is_told_as_such() -> None:
    assert weakness("x9LiMin-kw72q", Owner("u17", "李敏(二科)", "620105")) == (
        "密码不能含有本人姓名的拼音",
        "A password does not contain your name by its sound",
    )


@pytest.mark.parametrize(
    "password",
    [
        *(
            "pingguoshu-huanghe-deng",
            "qiche wan yaner shafa",
            "清欠 2023 年四月",
            "chuangwai*feiguo-sanzhi-hei",
        ),
        *("kT7#vq2LmZ9w", "correct horse battery staple", "yu.dian.da.zai.tie.pi.shang"),
    ],
)
def test_what_is_long_or_by_chance_is_taken(password: str) -> None:
    assert weakness(password, OWNER) is None
