"""The machinery of a case's workflow: decide what happens, record it, and only then change the case.

`ArrearsCase` adds the updates and signals. The two are apart because the sandbox loads the module of a workflow class again for
every open case, but this one only once per process.
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
from domain.commands import AdoptPolicy, AnyCommand
from domain.events import Event
from domain.refusal import Refusal
from domain.rules import Rules
from workflows.attributes import attributes_now, attributes_of
from workflows.commitment import PAUSE, done, recorded, refused
from workflows.opening import CaseOpening, OtherRules

log = structlog.get_logger(__name__)


class Course:
    """The base class of `ArrearsCase`. The workflow's state is one immutable `Case`; only the holder of the lock replaces it."""

    def __init__(self, opening: CaseOpening) -> None:
        self._opening = opening
        self._rules = opening.rules
        self._clock = opening.clock.fixed(workflow.now())
        self._recorded: Case | None = opening.case
        self._failed: ApplicationError | None = None
        self._lock = asyncio.Lock()
        self._decision: tuple[tuple[AnyCommand, int, datetime], Happened] | None = None
        self._wake: tuple[int, datetime | None] = (0, None)
        self._recordings = 0
        self._attributes = attributes_of(opening)

    @property
    def _case(self) -> Case:
        assert self._recorded is not None, "nobody reads a case before it is recorded"
        return self._recorded

    def _now(self) -> datetime:
        return workflow.now() + self._clock.offset

    def _is_settled(self) -> bool:
        """Whether the case is known to match the record. While an activity is recording, the record may be ahead of the workflow; a
        validator must not refuse a command then, because people act on what the record shows them.
        """
        return self._recorded is not None and not self._lock.locked()

    def _decide(self, command: AnyCommand) -> Happened:
        """What a command makes happen now. The last decision is kept, because an update's validator and its handler ask for the same
        one; it depends on nothing but the command, the case and the instant.

        Raises:
            ApplicationError: Type `REFUSED`: the answer to the update.
        """
        asked = (command, self._case.seq, self._now())
        if self._decision is None or self._decision[0] != asked:
            try:
                self._decision = asked, carry_out(self._case, command, self._rules, self._now())
            except Refusal as refusal:
                raise refused(refusal) from None
        return self._decision[1]

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
        """Record the receipt. If it is refused, the workflow fails, but only after the waiting `registered` updates were answered."""
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
        """Decide, and record the decision. If the record already holds other events at this place, learn those and decide again."""
        while (happened := decide()).events:
            standing = await self._commit(tuple(happened.events), self._case.seq + 1, rules)
            if standing.instead:
                self._learn(standing)
            elif standing.seq > self._case.seq:
                self._become(happened.case, rules)
                return
            else:
                return  # A repeated command, so old that only the record still remembers it.

    async def _catch_up(self) -> None:
        """Learn the events that are on record and unknown here. There are some only after a worker died between the commit and its
        answer, or after Temporal was restored from an older backup.
        """
        while (standing := await self._commit((), self._case.seq + 1)).instead:
            self._learn(standing)

    def _learn(self, standing: Recorded) -> None:
        self._become(fold(self._case, standing.instead), standing.rules)

    def _become(self, case: Case, rules: Rules | None) -> None:
        self._recorded = case
        self._rules = rules or self._rules
        self._decision = None
        self._recordings += 1
        self._show()
        log.info("moved", stage=case.stage, mode=case.mode, seq=case.seq)

    async def _commit(
        self, events: tuple[Event, ...], first_seq: int, rules: Rules | None = None
    ) -> Recorded:
        return await recorded(
            RecordRequest(stream=self._opening.case_no, first_seq=first_seq, events=events, rules=rules)
        )

    async def _is_over(self) -> bool:
        """Whether the case is over and nothing can re-open it: handlers that still run are awaited before the answer is final."""
        if not self._case.is_over:
            return False
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._case.is_over

    async def _wait(self) -> None:
        """Wait until the next deadline, and record what falls due then. Returns early when the case is over, when the deadline has
        moved, or when it is time to continue as new.
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
        """Wait before a refused deadline is tried again, so that the workflow does not spin."""
        with suppress(TimeoutError):
            await workflow.wait_condition(lambda: self._case.is_over or self._is_long(), timeout=PAUSE)

    def _is_long(self) -> bool:
        """Whether the run should continue as new: it has recorded its share of commands, or the server suggests it."""
        return (
            self._recordings >= self._opening.commands_per_run
            or workflow.info().is_continue_as_new_suggested()
        )

    def _wakes_at(self) -> datetime | None:
        """When the case must wake next. Every activation asks for this, so it is computed once per journal entry, on which alone it
        depends.
        """
        case, rules = self._case, self._rules
        if self._wake[0] != case.seq:
            at = next_at(case, rules)
            self._wake = case.seq, at + timedelta(seconds=spread(case.case_no, rules)) if at else None
        return self._wake[1]

    def _show(self) -> None:
        """Show operators how the case stands: in its search attributes, if they changed, and in the workflow's current details, which
        add nothing to the history.
        """
        case, shown = self._case, self._attributes
        self._attributes = attributes_now(case)
        changed = [pair for pair in self._attributes if pair not in shown.search_attributes]
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
