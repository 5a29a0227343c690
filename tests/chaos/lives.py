"""What people do on each day: the commands of each plot and of the batch, and the notice that changes the calendar."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from domain.bonds.commands import AnyBatchCommand
from domain.commands import AnyCommand
from tests.chaos.model import CLIMBS, WANTS_BONDS, Plan, Plot
from tests.stack import batch_order, order

RECEIVED, ENDORSED, FUNDED, CUT_OFF, APPROVED, LEFT, ARRIVED, REST, REDATED, CLOSED, REOPENED, AGAIN = (
    0,
    2,
    6,
    14,
    16,
    17,
    18,
    20,
    22,
    24,
    26,
    28,
)
INTERVIEWED, REFERRED = 64, 90
DAYS: Final = (
    *(RECEIVED, ENDORSED, FUNDED, APPROVED, LEFT, ARRIVED, REST, REDATED, CLOSED, REOPENED, AGAIN),
    *(36, 48, INTERVIEWED, 76, REFERRED),
)
"""The days on which somebody acts or something falls due, counted from the receipt."""


@dataclass
class Life:
    """A case under way: its plan, its office, the day of its receipt, its number, and its share of a batch."""

    plan: Plan
    office: str
    since: date
    number: str = ""
    share: int = 0
    given: list[AnyCommand] = field(default_factory=list)

    @property
    def clerk(self) -> str:
        return f"clerk:李敏@{self.office}"

    @property
    def head(self) -> str:
        return f"head:孙@{self.office}"

    @property
    def superior(self) -> str:
        return f"head:高@{self.office[:4]}00"

    def on(self, day: int) -> list[AnyCommand]:
        """The commands that people give on a day, in order."""
        plot = self.plan.plot
        if plot in CLIMBS:
            return self._climbing(day)
        orders = {
            RECEIVED: self._intake,
            ENDORSED: self._verification,
            FUNDED: self._funding,
            LEFT: lambda: self._leave(Plot.WITHDRAWN_LATE),
            REST: self._second_payment,
            REDATED: self._bond_payment,
            CLOSED: lambda: self._striking_off("first") if self._is_clear else [],
            REOPENED: self._reopening,
            AGAIN: self._once_more,
        }
        return orders[day]() if day in orders else []

    @property
    def _is_clear(self) -> bool:
        plan = self.plan
        is_paid = plan.plot in (Plot.BUDGET, Plot.REOPENED)
        return is_paid or (plan.plot is Plot.BONDED and self.share == plan.owed)

    def _climbing(self, day: int) -> list[AnyCommand]:
        if day == RECEIVED and self.plan.plot is Plot.SILENT:
            return [*self._intake(), order("acknowledge", "debtor:王强")]
        if day == INTERVIEWED:
            return [order("approve_step", self.superior, step="interview")]
        if day == REFERRED:
            do = "approve_step" if self.plan.referred else "decline_step"
            return [order(do, "head:何@620000", "referral", step="referred", reason="久拖不决")]
        return []

    def _intake(self) -> list[AnyCommand]:
        if self.plan.plot is Plot.REFUSED:
            return [order("refuse", self.clerk, ground="不属受理范围"), order("approve", self.head)]
        return [order("accept", self.clerk), order("forward", self.clerk, to="debtor")]

    def _verification(self) -> list[AnyCommand]:
        acknowledge = order("acknowledge", "debtor:王强")
        if self.plan.plot is Plot.REFUSED:
            return []
        if self.plan.plot is Plot.UNFOUNDED:
            unfounded = order("unfounded", self.clerk, reason="并无合同")
            return [acknowledge, unfounded, order("approve", self.head)]
        orders = [acknowledge]
        if self.plan.objects:
            object_to = order("object", "creditor:赵", reason="少算了一期")
            orders += [self._recognise("too little", self.plan.owed // 2), object_to]
        source = "bond" if self.plan.plot in WANTS_BONDS else "budget"
        return [
            *orders,
            self._recognise("right", self.plan.owed),
            order("endorse", "creditor:赵"),
            self._plan(source),
        ]

    def _recognise(self, name: str, fen: int) -> AnyCommand:
        return order(
            "recognise",
            "debtor:王强",
            name,
            settled=_yuan(fen),
            paid="0",
            undisputed=_yuan(fen),
            as_of=self.since,
        )

    def _plan(self, source: str) -> AnyCommand:
        amount = _yuan(self.plan.owed)
        due_on = self.since + timedelta(days=60)
        return order(
            "plan",
            "debtor:王强",
            sources=[{"kind": source, "amount": amount}],
            instalments=[{"due_on": due_on, "amount": amount}],
        )

    def _funding(self) -> list[AnyCommand]:
        plan, finance = self.plan, f"finance:钱@{self.office}"
        if plan.plot is Plot.JUDICIAL:
            return [
                order("go_judicial", "creditor:赵", court="安宁区人民法院", reference="(2023)甘0105民初1号")
            ]
        if plan.plot not in (Plot.BUDGET, Plot.REOPENED):
            return self._leave(Plot.WITHDRAWN)
        reference = f"安财预 {plan.name}"
        orders = [order("fund", finance, source="budget", amount=_yuan(plan.owed), reference=reference)]
        if plan.bounces:
            bounce = order("bounce", finance, voucher="退票", reason="账号有误")
            orders += [self._report("退票", plan.first), bounce]
        return [*orders, *self._pay("一期", plan.first)]

    def _leave(self, plot: Plot) -> list[AnyCommand]:
        if self.plan.plot is not plot:
            return []
        return [
            order("withdraw", "creditor:赵", reason="另行和解"),
            order("confirm_withdrawal", self.clerk, voluntary=True, note="电话核实,自愿撤回"),
        ]

    def _second_payment(self) -> list[AnyCommand]:
        left = self.plan.owed - self.plan.first
        return self._pay("二期", left) if self.plan.plot in (Plot.BUDGET, Plot.REOPENED) and left else []

    def _bond_payment(self) -> list[AnyCommand]:
        return self._pay("债券", self.share) if self.plan.plot is Plot.BONDED and self.share else []

    def _pay(self, voucher: str, fen: int) -> list[AnyCommand]:
        return [self._report(voucher, fen), self._confirm(voucher)]

    def _report(self, voucher: str, fen: int) -> AnyCommand:
        report = {"voucher": voucher, "amount": _yuan(fen), "paid_on": self.since}
        return order("report_payment", "debtor:王强", f"report {voucher}", **report)

    def _confirm(self, voucher: str, name: str = "confirm") -> AnyCommand:
        return order("confirm_receipt", "creditor:赵", f"{name} {voucher}", voucher=voucher)

    def _striking_off(self, name: str) -> list[AnyCommand]:
        return [
            order("call_back", self.clerk, f"{name} call", satisfied="yes", note="企业满意"),
            order("close", self.head, f"{name} close", report="全额清偿"),
        ]

    def _reopening(self) -> list[AnyCommand]:
        if self.plan.plot is not Plot.REOPENED:
            return []
        return [order("reopen", self.superior, reason="回头看未到账", voucher="一期")]

    def _once_more(self) -> list[AnyCommand]:
        if self.plan.plot is not Plot.REOPENED:
            return []
        return [self._confirm("一期", "confirm again"), *self._striking_off("second")]


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}元"


def of_batch(batch_no: str, office: str, day: int, awaited: int) -> list[AnyBatchCommand]:
    """The commands to a wave's batch on a day, while cases await `awaited` fen of it. The money comes in two parts."""
    finance, first = f"finance:钱@{office}", awaited * 3 // 5
    parts = {ARRIVED: (f"{batch_no} 一", first), REST: (f"{batch_no} 二", awaited - first)}
    if day == APPROVED:
        return [batch_order("approve", f"head:孙@{office}")]
    if day in parts and awaited:
        reference, fen = parts[day]
        return [batch_order("arrive", finance, f"arrive {reference}", amount=_yuan(fen), reference=reference)]
    return [batch_order("close_batch", finance)] if day == CLOSED else []
