"""Names are compared by what they say, however they are written."""

import pytest

from domain.names.claims import claim_of, comparable


@pytest.mark.parametrize(
    "written",
    [
        "兰州某某(集团)公司A1",
        "兰州某某（集团）公司A1",
        "兰州某某[集团]公司Ａ１",
        "兰州某某【集团】公司a1",
        " 兰州某某 (集团)\u3000公司\r\nA1\t",
        "兰州某某\u200b集团公司A1\ufeff",
        "“兰州某某”集团公司A1",
    ],
)
def test_brackets_blanks_breaks_and_width_do_not_count(written: str) -> None:
    assert comparable(written) == "兰州某某集团公司a1"


def test_other_words_are_other_names() -> None:
    assert comparable("兰州某某集团公司") != comparable("兰州某某股份公司")


def test_a_claim_is_of_two_parties_a_project_and_an_amount() -> None:
    claim = claim_of("某镇\n政府", "某(集团)公司", " 道路", 100)
    assert claim == claim_of("某镇政府", "某（集团）公司", "道路\r\n", 100)
    assert claim != claim_of("某镇政府", "某（集团）公司", "道路", 101)
