"""One life of a case, from receipt to strike-off, for our workflow and for the bare one: the opening and eleven commands."""

import itertools
import time
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol

from temporalio.client import WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy

from benchmarks.bare import BARE_QUEUE, BareCase
from benchmarks.bare_record import Start, Step
from benchmarks.stack import Bench
from domain.calendar import SHANGHAI, business_date, business_instant
from domain.case.casefile import Case
from domain.case.decider import begin, carry_out, receive
from domain.commands import AnyCommand, Fund, read_command
from domain.receipt import Receipt
from office.calendar.loading import published_calendar
from office.cases import Casework
from office.packs import load_pack
from workflows.case import ArrearsCase
from workflows.opening import CaseOpening
from workflows.queue import TASK_QUEUE

OFFICE: Final = "620105"


def receipt_of(day: date) -> Receipt:
    """The receipt of the case."""
    return Receipt.model_validate(
        {
            "title": "跑分工程款",
            "project": "跑分工程",
            "creditor": {"name": "八冶集团", "size": "large", "ownership": "state"},
            "debtor": {"name": "安宁区环卫局", "kind": "organ"},
            "office": OFFICE,
            "channel": "hotline",
            "kind": "works",
            "claimed": 400_000_000,
            "received_on": day,
            "livelihood": True,
            "distinct": True,
        }
    )


def commands_of(day: date) -> list[AnyCommand]:
    """The shortest sequence of commands up to the strike-off, all on one day. Amounts are in fen."""
    fen, later = 42_160_000, day + timedelta(days=30)
    clerk, head, finance = (f"{role}@{OFFICE}" for role in ("clerk:李敏", "head:孙", "finance:钱"))
    debtor, creditor = "debtor:王强", "creditor:赵"
    steps: list[dict[str, Any]] = [
        {"do": "accept", "by": clerk},
        {"do": "forward", "by": clerk, "to": "debtor"},
        {"do": "acknowledge", "by": debtor},
        {"do": "recognise", "by": debtor, "settled": fen, "paid": 0, "undisputed": fen, "as_of": day},
        {"do": "endorse", "by": creditor},
        {
            "do": "plan",
            "by": debtor,
            "sources": [{"kind": "budget", "amount": fen, "expected_on": later}],
            "instalments": [{"due_on": later, "amount": fen}],
        },
        {"do": "fund", "by": finance, "source": "budget", "amount": fen, "reference": "安财预1号"},
        {"do": "report_payment", "by": debtor, "voucher": "PZ-1", "amount": fen, "paid_on": day},
        {"do": "confirm_receipt", "by": creditor, "voucher": "PZ-1"},
        {"do": "call_back", "by": clerk, "satisfied": "yes", "note": "款项已到账"},
        {"do": "close", "by": head, "report": "已全额清偿"},
    ]
    return [read_command({"command_id": f"c{no}"} | step) for no, step in enumerate(steps, 1)]


def of_case(case_no: str, commands: Iterable[AnyCommand]) -> Iterator[AnyCommand]:
    """The commands for one case: each case needs a money reference of its own."""
    for command in commands:
        yield command.model_copy(update={"reference": case_no}) if isinstance(command, Fund) else command


def wakes_of(case: Case) -> tuple[datetime, ...]:
    """The instants at which a case climbs the ladder, which the bare workflow is given in the place of rules."""
    wakes = set()
    for duty in case.duties:
        levels = [stone.level for stone in duty.milestones]
        reached = case.levels.get(str(duty.key))
        for stone in duty.milestones[levels.index(reached) + 1 if reached else 0 :]:
            wakes.add(business_instant(stone.on, stone.hour))
    return tuple(sorted(wakes))


class Side(Protocol):
    """One of the two engines that are compared."""

    name: str

    async def open(self) -> str:
        """Open a case; returns its number when the opening is on record."""

    async def lead(self, case_no: str, commands: int) -> None:
        """Give a case the first `commands` commands of a life."""

    async def live(self) -> list[float]:
        """Lead a whole life; returns the latency of each command, in seconds."""


class Ours:
    """This engine, called like by every interface."""

    name = "ours"

    def __init__(self, on: Bench) -> None:
        self._client, self._casework = on.client, Casework(on.client, on.engine)
        day = business_date(datetime.now(SHANGHAI))
        self._receipt = receipt_of(day)
        self._rules = load_pack("gansu").for_case(published_calendar(day))
        self._commands = commands_of(day)
        self._numbers = itertools.count(1)

    async def open(self) -> str:
        """Start the workflow only: a memory benchmark needs no registration and no access code."""
        case_no = f"QQ-{OFFICE}-{self._receipt.received_on.year}-{next(self._numbers):06d}"
        start = WithStartWorkflowOperation(
            ArrearsCase.run,
            CaseOpening(case_no=case_no, rules=self._rules, receipt=self._receipt),
            id=case_no,
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        )
        await self._client.execute_update_with_start_workflow(
            ArrearsCase.registered, start_workflow_operation=start
        )
        return case_no

    async def lead(self, case_no: str, commands: int) -> None:
        """Give commands by updates only."""
        handle = self._client.get_workflow_handle(case_no)
        for command in of_case(case_no, self._commands[:commands]):
            await handle.execute_update(ArrearsCase.act, command, id=command.command_id)

    async def live(self) -> list[float]:
        """Open a case and lead it to its end through `Casework`."""
        case_no, _ = await self._casework.open(self._receipt, self._rules)
        waited = []
        for command in of_case(case_no, self._commands):
            began = time.perf_counter()
            answer = await self._casework.act(case_no, command)
            waited.append(time.perf_counter() - began)
        assert answer["stage"] == "closed", answer["stage"]
        return waited

    def steps(self) -> list[Step]:
        """The same life for the bare workflow: as many steps, each with the instants at which ours would wake next."""
        now = datetime.now(SHANGHAI)
        received = receive("bare", self._receipt, self._rules, now)
        case = begin("bare", received)
        steps = [Step(step_id="c0", wakes=wakes_of(case))]
        for command in self._commands:
            case = carry_out(case, command, self._rules, now).case
            steps.append(
                Step(step_id=command.command_id, wakes=wakes_of(case), is_last=case.ended is not None)
            )
        return steps


class BareSide:
    """The bare workflow, called directly."""

    name = "bare"

    def __init__(self, on: Bench, steps: Iterable[Step]) -> None:
        self._client = on.client
        self._first, *self._rest = steps
        self._numbers = itertools.count(1)

    async def open(self, starts_at: datetime | None = None) -> str:
        """Start by update-with-start, as ours does."""
        day = business_date(starts_at or datetime.now(SHANGHAI))
        case_no = f"BARE-{OFFICE}-{day.year}-{next(self._numbers):06d}"
        start = WithStartWorkflowOperation(
            BareCase.run,
            Start(case_no=case_no, first=self._first, starts_at=starts_at),
            id=case_no,
            task_queue=BARE_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        )
        await self._client.execute_update_with_start_workflow(
            BareCase.registered, start_workflow_operation=start
        )
        return case_no

    async def lead(self, case_no: str, commands: int) -> None:
        """Give steps by updates only."""
        handle = self._client.get_workflow_handle(case_no)
        for step in self._rest[:commands]:
            await handle.execute_update(BareCase.act, step, id=step.step_id)

    async def live(self) -> list[float]:
        """Start a case and lead it to its end by updates."""
        case_no = await self.open()
        handle = self._client.get_workflow_handle(case_no)
        waited = []
        for step in self._rest:
            began = time.perf_counter()
            await handle.execute_update(BareCase.act, step, id=step.step_id)
            waited.append(time.perf_counter() - began)
        return waited
