"""Fields of commands by chance, such as mostly fit a case as it is: all of an amount, part of it, seldom a fen too many."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final, TypeVar

from hypothesis import strategies as st

from domain.case.casefile import Case
from domain.case.funds import funds_on_hand
from domain.money import format_money
from domain.value import BONDS, Mode, SourceKind, Step
from tests.domain.story import USUAL, Story

T = TypeVar("T")
_ABOVE: Final = {
    "620000": "620000",
    "620100": "620000",
    "620300": "620000",
    "620105": "620100",
    "620104": "620100",
    "620302": "620300",
}
_SHARES: Final = st.sampled_from([1.0, 1.0, 1.0, 0.5, 0.25, 0.0])
_SLIPS: Final = st.sampled_from([0, 0, 0, 0, 0, 0, 1, -1])


class Chance:
    """What somebody might write on the story's day."""

    def __init__(self, told: Story, data: st.DataObject) -> None:
        self._told, self._case, self._data = told, told.case, data

    def giver(self, do: str) -> str:
        """Whoever usually gives the command, in the office that may."""
        giver, _, office = USUAL[do][0].partition("@")
        holder = self._case.holder
        if do in ("approve_step", "decline_step") and self._case.gates:
            holder = self._case.gates[0].office
        elif do in ("reopen", "uphold", "escalate", "reassign"):
            holder = _ABOVE[holder]
        return f"{giver}@{holder}" if office else giver

    def fields(self, do: str) -> dict[str, Any]:
        """Fields for a command; none where the usual ones do."""
        chosen = getattr(self, f"_{do}", None)
        return chosen() if chosen else {}

    def part(self, fen: int) -> int:
        """Some of an amount, never below zero."""
        return max(0, int(fen * self._data.draw(_SHARES)) + self._data.draw(_SLIPS))

    def _days(self, least: int, most: int) -> str:
        return (self._told.today + timedelta(days=self._data.draw(st.integers(least, most)))).isoformat()

    def _pick(self, *choices: T) -> T:
        return self._data.draw(st.sampled_from(choices))

    def _forward(self) -> dict[str, Any]:
        return {"to": self._pick("debtor", "debtor", "620100", "620104", "620105", "620302")}

    def _reassign(self) -> dict[str, Any]:
        return {"to": self._pick("620104", "620105", "620100", "620302")}

    def _recognise(self) -> dict[str, Any]:
        moving = self._case.cleared_fen + self._case.in_transit_fen + self._case.bond_awaited_fen
        amounts = {
            "undisputed": moving + self.part(10**8),
            "disputed": self._pick(0, 0, self.part(10**6)),
            "not_yet_due": self._pick(0, 0, self.part(10**6)),
            "judicial": self._pick(0, 0, self.part(10**6)),
            "paid": self.part(10**9),
        }
        amounts["settled"] = sum(amounts.values()) + self._pick(0, 0, 0, 0, 0, 1)
        dated = self.part(amounts["not_yet_due"])
        dues = (
            [{"amount": format_money(dated), "due_on": self._days(1, 60), "what": "质保金"}] if dated else []
        )
        return _written(amounts) | {"as_of": self._days(-9, 0), "dues": dues}

    _determine = _recognise

    def _deem_endorsed(self) -> dict[str, Any]:
        days = (self._days(-3, 0), self._days(-9, -1))
        return {"attempts": [{"on": on, "how": "电话", "what": "无人接听"} for on in days]}

    def _adjust(self) -> dict[str, Any]:
        why = self._pick("error", "discount", "deduction", "supplement")
        return self._recognise() | {"why": why, "agreed_by_both": self._pick(True, True, False)}

    def _go_judicial(self) -> dict[str, Any]:
        return {"part": self._pick("disputed", "disputed", "all")}

    def _judgment(self) -> dict[str, Any]:
        case = self._case
        open_fen = case.judicial_fen
        if case.ended is not None:
            open_fen += case.outstanding_fen + case.disputed_fen + case.not_yet_due_fen
        recognised = max(min(self.part(open_fen), open_fen), 0)
        amounts = {"recognised": recognised, "rejected": self.part(open_fen - recognised)}
        return _written(amounts) | {"pay_by": self._pick(None, self._days(1, 60))}

    def _resolve_dispute(self) -> dict[str, Any]:
        recognised = min(self.part(self._case.disputed_fen), self._case.disputed_fen)
        return _written(
            {"recognised": recognised, "rejected": self.part(self._case.disputed_fen - recognised)}
        )

    def _plan(self) -> dict[str, Any]:
        to_plan = max(self._case.outstanding_fen - self._case.direct_in_transit_fen, 0)
        sources, left = [], to_plan
        for kind, committed in _committed(self._case):
            sources.append((kind, min(committed, left)))
            left -= min(committed, left)
        first = min(self.part(left), left)
        sources += [(self._pick(*SourceKind), first), (self._pick(*BONDS, *SourceKind), left - first)]
        half = to_plan // 2
        written = {
            "sources": [{"kind": kind, "amount": format_money(fen)} for kind, fen in sources if fen],
            "instalments": [
                {"due_on": self._days(0, 90), "amount": format_money(fen)}
                for fen in (half, to_plan - half)
                if fen
            ],
            "reason": self._pick(*["资金变化"] * 7, None),
        }
        return {name: value for name, value in written.items() if value}

    def _fund(self) -> dict[str, Any]:
        sources = self._case.plan.sources if self._case.plan else ()
        left = [(source.kind, source.planned_fen - source.arrived_fen) for source in sources]
        open_ones = [(kind, fen) for kind, fen in left * 6 if fen and kind not in BONDS]
        kind, fen = self._pick(*open_ones, ("loan", 1), ("bond", 1), ("special_bond", 1))
        reference = f"文{self._pick(0, *[self._case.seq] * 5)}"
        return {"source": kind, "amount": format_money(self.part(fen) or 1), "reference": reference}

    def _report_payment(self) -> dict[str, Any]:
        voucher = f"PZ-{self._pick(0, *[self._case.seq] * 5)}"
        direct = self._pick(False, False, True)
        at_most = self._case.available_fen
        if direct:
            at_most = self._case.outstanding_fen - self._case.in_transit_fen - self._case.bond_awaited_fen
        interest = self._case.interest_on(self._told.today)
        of_which = self.part(interest.payable_fen) if interest and self._pick(True, True, False) else 0
        principal = self._pick(self.part(at_most), 0) if of_which else self.part(at_most)
        amount = principal + of_which or 1
        written = {"amount": format_money(amount), "interest": format_money(of_which), "direct": direct}
        form = self._pick("cash", "cash", "cash", "bill", "in_kind")
        if form == "bill":
            written["matures_on"] = self._days(0, 90)
        return {"voucher": voucher, "paid_on": self._days(-3, 0), "form": form, **written}

    def _endorse(self) -> dict[str, Any]:
        return {"interest_waived": self._pick(*[False] * 5, True)}

    def _fix_interest(self) -> dict[str, Any]:
        rule = self._pick("agreed", "agreed", "lpr", "statutory", "none")
        much = self._pick({"rate": "0.05%/d"}, {"rate": "3.45%/y"}, {"amount": "1万元"}, {})
        return {"rule": rule, "from": self._days(-400, 0), "rate": None} | much

    def _waive_interest(self) -> dict[str, Any]:
        interest = self._case.interest_on(self._told.today)
        some = self.part(interest.payable_fen) if interest else 0
        return {"amount": self._pick(None, format_money(some)) if some else None}

    def _voucher(self, *states: str) -> str:
        fitting = [payment.voucher for payment in self._case.payments if payment.state in states]
        return self._pick(*fitting * 6, "PZ-0")

    def _confirm_receipt(self) -> dict[str, Any]:
        voucher = self._voucher("reported", "disputed", "maturing")
        payment = self._case.payment(voucher)
        amount = self.part(payment.awaited_fen) if payment and self._pick(False, False, True) else 0
        written: dict[str, Any] = {"voucher": voucher}
        if amount:
            written["amount"] = format_money(amount)
        if self._pick(False, True):
            written["transferred_on"] = self._days(-2, 0)
        return written

    def _bounce(self) -> dict[str, Any]:
        return {"voucher": self._voucher("reported", "disputed", "maturing")}

    def _dispute_receipt(self) -> dict[str, Any]:
        return {"voucher": self._voucher("reported", "reported", "attested")}

    def _answer(self) -> dict[str, Any]:
        return {"voucher": self._voucher("disputed")}

    def _attest_receipt(self) -> dict[str, Any]:
        days = (self._days(-3, 0), self._days(-9, -1))
        attempts = [{"on": on, "how": "电话", "what": "无人接听"} for on in days]
        voucher = self._voucher("reported", "disputed")
        return {"voucher": voucher, "attempts": attempts, "arrived": self._pick(True, True, False)}

    def _reverse(self) -> dict[str, Any]:
        return {"voucher": self._voucher("confirmed", "attested", "maturing")}

    def _call_back(self) -> dict[str, Any]:
        return {
            "satisfied": self._pick("yes", "no", "no", "unreachable"),
            "attempts": self._deem_endorsed()["attempts"],
            "voucher": self._pick(None, self._voucher("confirmed", "attested")),
        }

    def _reopen(self) -> dict[str, Any]:
        return {"voucher": self._pick(None, self._voucher("confirmed", "attested"))}

    def _extend(self) -> dict[str, Any]:
        open_ones = [(duty.duty, duty.subject) for duty in self._case.duties]
        duty, subject = self._pick(*open_ones, ("verification", None))
        return {"duty": duty, "subject": subject, "days": self._pick(1, 5, 20, 60, 61)}

    def _suspend(self) -> dict[str, Any]:
        ground = self._pick("other", "other", "court", "appraisal")
        return {"ground": ground, "until": self._pick(None, self._days(0, 200), self._days(1, 10))}

    def _substitute(self) -> dict[str, Any]:
        debtor = {"side": "debtor", "party": {"name": "安宁区城市管理局", "kind": "organ"}}
        return self._pick({}, debtor, debtor | {"party": {"name": "某某集团", "kind": "large_enterprise"}})

    def _correct(self) -> dict[str, Any]:
        return self._pick(
            *({}, {"facts": {"title": "另"}}, {"facts": {"creditor": {"size": "large"}}}),
            *({"facts": {"received_on": self._days(-40, 0)}}, {"facts": {"debtor": {"kind": "private"}}}),
            {"facts": {"claimed": "0", "migrant_wages": True}},
        )

    def _escalate(self) -> dict[str, Any]:
        return {"mode": self._pick(*Mode)}

    def _approve_step(self) -> dict[str, Any]:
        steps = [gate.step for gate in self._case.gates[:1]]
        return {"step": self._pick(*steps * 6, *Step)}

    _decline_step = _approve_step


def _written(amounts: dict[str, int]) -> dict[str, Any]:
    return {name: format_money(fen) for name, fen in amounts.items()}


def _committed(case: Case) -> Iterator[tuple[SourceKind, int]]:
    """What a revision of the plan must keep: money on hand, and bonds that are awaited."""
    for kind, fen in funds_on_hand(case).items():
        yield kind, fen + case.bond_awaited_of(kind)
