"""`qingqian show --interest`: the interest of a case with its computation, as a person reads it."""

from rich.console import Console

from cli.screen.interest import interest_sheet
from domain.case.view import case_json
from tests.domain.story import Story, story_at


def _read(told: Story) -> str:
    console = Console(width=120)
    with console.capture() as capture:
        console.print(interest_sheet(case_json(told.case, told.today)))
    return capture.get()


def test_a_case_without_interest_says_so() -> None:
    assert "未核定利息" in _read(story_at("planned"))


def test_each_line_is_shown_and_what_became_of_the_sum() -> None:
    told = story_at("funded").on("2023-07-20")
    told.approved("fix_interest", rule="lpr", rate="3.65%/y", **{"from": "2023-07-10"})
    told.do("report_payment", amount="1元", interest="1元", paid_on="2023-07-20")
    read = _read(told)
    for said in (
        "按 LPR 计息 3.65%/y",
        "自 2023-07-10,截至 2023-07-20",
        "400.00万元",
        "4,000.00元",
        "已付待确认 in transit",
        "1.00元",
    ):
        assert said in read, said
