"""The diagrams of the overview: a chart, and the table behind it, for each breakdown."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import Final, NamedTuple

from markupsafe import Markup

from domain.age import AGE_WORDS
from domain.reports.figures import DEBTORS
from domain.reports.report import percent
from domain.telling import english, words
from domain.telling.amounts import amount
from domain.telling.words import STAGES
from domain.value import Light, Stage
from portal.showing.charts import ACCENT, LIGHTS, Bar, Caption, bars, columns
from schema.seen.overview import BANDS, Held, Kinds, Month, Sums

Say = Callable[[str, str], str]
"""Chooses one of two texts, in the reader's language."""

MONTHS: Final = 24
"""How many months the chart shows. The table has all of them."""

BAND_WORDS: Final = {
    "to_50": ("50万元以下(含)", "up to 500,000"),
    "under_500": ("50万至500万元", "to below 5 million"),
    "to_2000": ("500万(含)至2000万元(含)", "5 to 20 million"),
    "over_2000": ("2000万元以上", "over 20 million"),
}


_KINDS: Final = (
    (
        "stage",
        "cases",
        ("按阶段", "By stage"),
        ("各阶段和各种结束方式的案件数", "Cases in each stage, or ended in each way"),
    ),
    ("light", "open", ("按灯", "By light"), ("在办案件的红黄蓝灯", "Lights of the open cases")),
    (
        "debtor",
        "outstanding_fen",
        ("按债务人类型", "By kind of debtor"),
        ("各类债务人的未清偿金额", "What debtors of each kind have still to pay"),
    ),
    (
        "age",
        "outstanding_fen",
        ("按账龄", "By age"),
        (
            "在办案件自应付款期满之日起的账龄和未清偿金额",
            "How long the open cases have been owed, and what they have outstanding",
        ),
    ),
    (
        "band",
        "cases",
        ("按金额段", "By amount"),
        (
            "按认定欠款分段的案件数,没有认定的按反映金额",
            "Cases by what is recognised, or claimed where nothing is",
        ),
    ),
)
"""The breakdowns of cases: a field of `Held`, what its bars show, its title, and its description."""

_MONTHS: Final = (
    ("received", ("按登记月份", "By month of receipt"), ("每月登记的案件数", "Cases received in each month")),
    (
        "confirmed_fen",
        ("按清偿月份", "By month of clearing"),
        (
            "每月经债权人确认到账、至今有效的金额",
            "What creditors confirmed in each month and have not disputed since",
        ),
    ),
)


class Row(NamedTuple):
    """A row of a table: its name, and numbers of cases or of fen. None is an amount that is to be verified."""

    name: str
    numbers: Sequence[int | None]


class Diagram(NamedTuple):
    """A chart (None if there is nothing to draw) and its table: the heads, each with whether it is about amounts; the rows; and the
    total.
    """

    caption: Caption
    svg: Markup | None
    name: str
    heads: Sequence[tuple[str, bool]]
    rows: Sequence[Row]
    total: Row


class Beside(NamedTuple):
    """An office with everything below it: its sums, and how many of its open cases have a yellow or a red light."""

    sums: Sums = Sums()
    late: int = 0


class Rank(NamedTuple):
    """An office in a ranking. `place` counts from 1, and equal rates share one; None if nothing is recognised."""

    office: str
    name: str
    sums: Sums
    late: int
    place: int | None


def diagrams(held: Held, say: Say) -> list[Diagram]:
    """The diagrams of an overview, except the comparison of offices."""
    drawn = [
        _of_kinds(getattr(held, f"by_{kind}"), _words(kind, say), shown, _caption(kind, texts, say), say)
        for kind, shown, *texts in _KINDS
    ]
    return drawn + [
        _of_months(held.months, shown, _caption(shown, texts, say), say) for shown, *texts in _MONTHS
    ]


def _caption(name: str, texts: Sequence[tuple[str, str]], say: Say) -> Caption:
    title, about = texts
    return Caption(f"by-{name.removesuffix('_fen')}", say(*title), say(*about))


def _words(kind: str, say: Say) -> dict[str, str]:
    """The names of the values of a breakdown, in order."""
    match kind:
        case "stage":
            return {stage.value: say(STAGES[stage], english.STAGES[stage.value]) for stage in Stage}
        case "light":
            return {
                light.value: say(words.LIGHTS[light.value], english.LIGHTS[light.value]) for light in Light
            }
        case "debtor":
            return {
                debtor: say(words.DEBTOR_KINDS[debtor], english.DEBTOR_KINDS[debtor].capitalize())
                for debtor in DEBTORS
            }
        case "age":
            return {age: say(*said) for age, said in AGE_WORDS.items()}
        case _:
            return {band: say(*BAND_WORDS[band]) for band in BANDS}


def _of_kinds(kinds: Kinds, words: Mapping[str, str], shown: str, caption: Caption, say: Say) -> Diagram:
    sums = {kind: kinds.get(kind, Sums()) for kind in words}
    drawn = []
    for kind, word in words.items():
        value = getattr(sums[kind], shown)
        known = _known(sums[kind], value) if shown.endswith("_fen") else value
        drawn.append(Bar(word, float(value), _said(known, shown, say), LIGHTS.get(kind, ACCENT)))
    svg = bars(tuple(drawn), caption)
    heads = (
        (say("案件", "Cases"), False),
        (say("认定欠款", "Recognised"), True),
        (say("已清偿", "Cleared"), True),
        (say("未清偿", "Outstanding"), True),
    )
    rows = [Row(words[kind], _numbers(of_kind)) for kind, of_kind in sums.items()]
    total = Row(say("合计", "Together"), _numbers(reduce(Sums.plus, sums.values(), Sums())))
    return Diagram(
        caption, svg, caption.title.removeprefix("按").removeprefix("By ").capitalize(), heads, rows, total
    )


def _numbers(sums: Sums) -> tuple[int | None, ...]:
    recognised_fen, outstanding_fen = (
        _known(sums, fen) for fen in (sums.recognised_fen, sums.outstanding_fen)
    )
    return sums.cases, recognised_fen, sums.cleared_fen, outstanding_fen


def _known(sums: Sums, fen: int) -> int | None:
    """An amount of the recognised debt; None if it is 0 and some case has not been verified yet."""
    return None if sums.unrecognised and not fen else fen


def _of_months(months: Sequence[Month], shown: str, caption: Caption, say: Say) -> Diagram:
    latest = months[-MONTHS:]
    drawn = tuple(
        Bar(f"{month.first:%Y-%m}", float(value := getattr(month, shown)), _said(value, shown, say))
        for month in latest
    )
    svg = columns(drawn, caption) if drawn else None
    is_money = shown.endswith("_fen")
    heads = [(say("清偿", "Confirmed"), True)]
    if not is_money:
        heads = [(say("登记案件", "Cases received"), False), (say("反映金额", "Claimed"), True)]
    fields = ("confirmed_fen",) if is_money else ("received", "claimed_fen")
    rows = [
        Row(f"{month.first:%Y-%m}", [getattr(month, name) for name in fields]) for month in reversed(months)
    ]
    total = Row(say("合计", "Together"), [sum(getattr(month, name) for month in months) for name in fields])
    return Diagram(caption, svg, say("月份", "Month"), heads, rows, total)


def _said(value: int | None, shown: str, say: Say) -> str:
    return say(*amount(value)) if shown.endswith("_fen") else say(f"{value} 件", str(value))


def ranked(beside: Mapping[str, Beside], names: Mapping[str, str], order: str) -> list[Rank]:
    """Offices in order: by 清偿率, the highest first, or by `outstanding` or `late`, the most first."""
    rates = sorted((rate for one in beside.values() if (rate := _rate(one.sums)) is not None), reverse=True)
    ranks = [
        Rank(
            office,
            names.get(office, office),
            *one,
            place=rates.index(rate) + 1 if (rate := _rate(one.sums)) is not None else None,
        )
        for office, one in sorted(beside.items())
    ]
    if order == "outstanding":
        return sorted(ranks, key=lambda rank: -rank.sums.outstanding_fen)
    if order == "late":
        return sorted(ranks, key=lambda rank: -rank.late)
    return sorted(ranks, key=lambda rank: rank.place or len(ranks) + 1)


def _rate(sums: Sums) -> Fraction | None:
    return Fraction(sums.cleared_fen, sums.recognised_fen) if sums.recognised_fen else None


def of_offices(ranks: Sequence[Rank], say: Say) -> Markup:
    """The 清偿率 of the offices as bars."""
    caption = Caption(
        "by-office",
        say("各办公室清偿率", "Share cleared, by office"),
        say("已清偿占认定欠款的比例", "What is cleared of what is recognised"),
    )
    shown = [(rank.name, rank.sums.cleared_fen, rank.sums.recognised_fen) for rank in ranks]
    return bars(
        tuple(
            Bar(
                name,
                cleared / recognised if recognised else 0.0,
                percent(cleared, recognised) or "–",
            )
            for name, cleared, recognised in shown
        ),
        caption,
        most=1.0,
    )
