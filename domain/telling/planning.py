"""清偿计划: the texts of the form, and the sentence about the fact."""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.money import format_money
from domain.telling import english as en
from domain.telling import words as zh
from domain.telling.asking import Asking, Label, Words
from domain.telling.sentence import sentence
from domain.telling.words import Sentence

ASKING: Final[Words] = {
    c.MakePlan: Asking(
        "清偿计划",
        "Plan of payment",
        {
            "sources": Label("资金来源", "Sources of money"),
            "sources.kind": Label("来源", "Source"),
            "sources.expected_on": Label("预计到位", "Expected on"),
            "instalments": Label("分期", "Instalments"),
            "reason": Label("修订理由", "Why it is revised"),
        },
        note=(
            "两项合计均须等于尚未清偿的无分歧欠款;首期和各期之间不超过一年,全部不超过十年。已有计划的,须写明修订理由;"
            "再次推迟,或者推迟已逾期的款项,须经审批。",
            "Both add up to what is undisputed and not cleared; no year passes without an instalment, and all is paid in ten. "
            "A revision says why; it waits for approval where it puts money off again, or what has lapsed.",
        ),
    ),
}


@sentence.register
def _(fact: e.Planned) -> Sentence:
    sources = [(source.kind, format_money(source.planned_fen)) for source in fact.sources]
    return (
        f"清偿计划 {f'修订({fact.reason}):' if fact.reason else ''}"
        f"{'、'.join(f'{zh.SOURCES[kind]} {money}' for kind, money in sources)};分 {len(fact.instalments)} 期",
        f"Plan{f' revised ({fact.reason})' if fact.reason else ''}: "
        f"{', '.join(f'{en.SOURCES[kind]} {money}' for kind, money in sources)}; {len(fact.instalments)} instalments",
    )
