"""How a case is carried from one event to the next: decided, recorded, and only then changed.

`ArrearsCase` is this with its messages. The sandbox loads that class anew for every open case, and this one once for all.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from temporalio import workflow
from temporalio.exceptions import ApplicationError

from activities.requests import Recorded, RecordRequest
from domain.case.casefile import Case
from domain.case.decider import begin, carry_out, fold, receive, take_calendar
from domain.case.happening import Happened
from domain.case.ladder import fallen_due, next_at, spread
from domain.commands import AdoptPolicy, Ordered
from domain.events import Event
from domain.refusal import Refusal
from domain.rules import Rules
from workflows.attributes import attributes_now, attributes_of
from workflows.commitment import PAUSE, done, recorded, refused
from workflows.opening import CaseOpening, OtherRules

log = structlog.get_logger(__name__)


class Course:
    """A case under way: its state is one `Case`, its only writer the lock's holder."""

    def __init__(self, opening: CaseOpening) -> None:
        self._opening = opening
        self._rules = opening.rules
        self._clock = opening.clock.fixed(workflow.now())
        self._recorded: Case | None = opening.case
        self._failed: ApplicationError | None = None
        self._lock = asyncio.Lock()
        self._foreseen: tuple[tuple[Ordered, int, datetime], Happened] | None = None
        self._wakes: tuple[int, datetime | None] = (0, None)
        self._taken = 0
        self._shown = attributes_of(opening)

    @property
    def _case(self) -> Case:
        assert self._recorded is not None, "nobody reads a case before it is recorded"
        return self._recorded

    def _now(self) -> datetime:
        return workflow.now() + self._clock.offset

    def _is_settled(self) -> bool:
        """Whether the case is what the record says. While something is being recorded the record may be ahead of the case, and
        what people command goes by what the record shows them.
        """
        return self._recorded is not None and not self._lock.locked()

    def _decide(self, command: Ordered) -> Happened:
        """What a command makes happen now; a refusal is the answer to its update. Validator and handler ask one after the other, and
        it is decided once: by command, case and instant, on which alone it depends.
        """
        asked = (command, self._case.seq, self._now())
        if self._foreseen is None or self._foreseen[0] != asked:
            try:
                self._foreseen = asked, carry_out(self._case, command, self._rules, self._now())
            except Refusal as refusal:
                raise refused(refusal) from None
        return self._foreseen[1]

    def _decide_rules(self, other: OtherRules) -> Happened:
        """What other rules, or another calendar, make happen now."""
        try:
            if isinstance(other.command, AdoptPolicy):
                return carry_out(self._case, other.command, self._rules, self._now(), other.rules)
            return take_calendar(self._case, other.command, self._rules, other.rules, self._now())
        except Refusal as refusal:
            raise refused(refusal) from None

    async def _until_recorded(self) -> None:
        await workflow.wait_condition(lambda: self._recorded is not None or self._failed is not None)
        if self._failed is not None:
            raise self._failed

    async def _receive(self) -> None:
        """Record the receipt. A case that cannot even be received fails, when whoever waits for it has been told."""
        async with self._lock:
            opening = self._opening
            assert opening.receipt is not None
            received = receive(opening.case_no, opening.receipt, self._rules, self._now(), opening.registrar)
            try:
                standing = await self._commit(tuple(received), first_seq=1)
            except ApplicationError as refusal:
                self._failed = refusal
                await workflow.wait_condition(workflow.all_handlers_finished)
                raise
            self._recorded = begin(opening.case_no, standing.instead or received)
            self._show()

    async def _record(self, decide: Callable[[], Happened], rules: Rules | None = None) -> None:
        """Have recorded what is decided. Where the record knows of something else, that is what happened, and it is decided anew."""
        while (happened := decide()).events:
            standing = await self._commit(tuple(happened.events), self._case.seq + 1, rules)
            if standing.instead:
                self._learn(standing)
            elif standing.seq > self._case.seq:
                self._become(happened.case, rules)
                return
            else:
                return  # The record knows the command, and the case no more: it happened long ago.

    async def _catch_up(self) -> None:
        """Learn what is on record and the case does not know: there is none unless a worker died at an awkward moment, or Temporal was
        restored from an older backup.
        """
        while (standing := await self._commit((), self._case.seq + 1)).instead:
            self._learn(standing)

    def _learn(self, standing: Recorded) -> None:
        self._become(fold(self._case, standing.instead), standing.rules)

    def _become(self, case: Case, rules: Rules | None) -> None:
        self._recorded = case
        self._rules = rules or self._rules
        self._foreseen = None
        self._taken += 1
        self._show()
        log.info("moved", stage=case.stage, mode=case.mode, seq=case.seq)

    async def _commit(
        self, events: tuple[Event, ...], first_seq: int, rules: Rules | None = None
    ) -> Recorded:
        return await recorded(
            RecordRequest(stream=self._opening.case_no, first_seq=first_seq, events=events, rules=rules)
        )

    async def _is_over(self) -> bool:
        """Whether the case is over for good: what still runs beside it may yet re-open it."""
        if not self._case.is_over:
            return False
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._case.is_over

    async def _wait(self) -> None:
        """Wait for what happens next by itself, and have it recorded. Returns before that when the case is over, has something else
        to wait for, or has to continue as new.
        """
        at = self._wakes_at()
        timeout = max(at - self._now(), timedelta(0)) if at else None
        try:
            await workflow.wait_condition(
                lambda: self._case.is_over or self._wakes_at() != at or self._is_long(),
                timeout=timeout,
            )
        except TimeoutError:
            async with self._lock:
                falling = self._record(lambda: fallen_due(self._case, self._rules, self._now()))
                is_recorded = await done("fallen_due", falling)
            if not is_recorded:
                await self._pause()

    async def _pause(self) -> None:
        """What is due by itself cannot be recorded: others are served, and it is tried again later."""
        with suppress(TimeoutError):
            await workflow.wait_condition(lambda: self._case.is_over or self._is_long(), timeout=PAUSE)

    def _is_long(self) -> bool:
        """Whether the run has recorded enough, or been sent enough, to continue as new."""
        return self._taken >= self._opening.commands_per_run or workflow.info().is_continue_as_new_suggested()

    def _wakes_at(self) -> datetime | None:
        """When the case wakes. Every activation asks for it, and it is counted once for each entry, on which alone it depends."""
        case, rules = self._case, self._rules
        if self._wakes[0] != case.seq:
            at = next_at(case, rules)
            self._wakes = case.seq, at + timedelta(seconds=spread(case.case_no, rules)) if at else None
        return self._wakes[1]

    def _show(self) -> None:
        """Tell operators how the case stands: by what they list workflows by, where that has changed, and in words to whoever looks at
        this one, which costs no history.
        """
        case, shown = self._case, self._shown
        self._shown = attributes_now(case)
        changed = [pair for pair in self._shown if pair not in shown.search_attributes]
        if changed:
            workflow.upsert_search_attributes([pair.key.value_set(pair.value) for pair in changed])
        workflow.set_current_details(f"{case.stage} · {case.mode} · {case.holder}")

    async def _continue_as_new(self) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(
            self._opening.model_copy(
                update={
                    "receipt": None,
                    "registrar": None,
                    "case": self._case,
                    "clock": self._clock,
                    "rules": self._rules,
                }
            )
        )
