"""The workflow of one arrears case, from receipt to strike-off: its updates and signals."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.case.decider import take_escalation, take_news
    from domain.commands import Command, Escalate, TakeBondNews
    from domain.value import Stage
    from workflows.commitment import done
    from workflows.course import Course
    from workflows.opening import CaseOpening, OtherRules


# The sandbox loads this module again for every open case, so its documentation is in comments, which take no memory.
#
# One case; the workflow id is its number. Every change takes three steps: the decider says what happens, an activity records it,
# and only then does the workflow's state change and the caller get an answer.
@workflow.defn
class ArrearsCase(Course):
    @workflow.init
    def __init__(self, opening: CaseOpening) -> None:
        super().__init__(opening)

    @workflow.run
    async def run(self, opening: CaseOpening) -> Stage:
        # 受理 → 转办 → 核实 → 资金筹措 → 纳入债券 → 分期支付 → 回访审核 → 销号, or one of the other ends. People move the case by the
        # update `act`, bond batches by the signal `bond_news`, superior offices and hotlines by the signal `escalate`. Otherwise the
        # workflow waits on one timer: for the next day on which a duty climbs the escalation ladder.
        if opening.receipt is not None:
            await self._receive()
        while not await self._is_over():
            await self._wait()
            if self._is_long():
                await self._continue_as_new()
        return self._case.stage

    @workflow.update
    async def registered(self) -> None:
        # Returns once the receipt is on record.
        await self._until_recorded()

    @workflow.update
    async def act(self, command: Command) -> None:
        # Carry out a command. Returns when it is on record; the same command sent again returns at once.
        await self._until_recorded()
        async with self._lock:
            await self._record(lambda: self._decide(command))

    @act.validator
    def _may_act(self, command: Command) -> None:
        # A command that is refused here leaves nothing in the history. While an activity is recording, the record may be ahead of the
        # case; the command is then accepted here, and decided under the lock.
        if self._is_settled():
            self._decide(command)

    @workflow.signal
    async def bond_news(self, news: TakeBondNews | None = None) -> None:
        # A bond batch included the case, sent money, or found the spending ineligible. A signal has no caller to answer, so one that
        # was sent by hand, empty or about money that does not exist, is dropped: an exception would block the workflow.
        await self._until_recorded()
        if news is None:
            return
        async with self._lock:
            taking = self._record(lambda: take_news(self._case, news, self._rules, self._now()))
            await done("bond_news", taking, news.command_id)

    @workflow.update
    async def adopt(self, other: OtherRules) -> None:
        # Apply other rules, or count days by another calendar, from now on.
        await self._until_recorded()
        async with self._lock:
            await self._record(lambda: self._decide_rules(other), other.rules)

    @adopt.validator
    def _may_adopt(self, other: OtherRules) -> None:
        if self._is_settled():
            self._decide_rules(other)

    @workflow.update
    async def catch_up(self) -> None:
        # Returns once the case knows everything that is on record.
        await self._until_recorded()
        async with self._lock:
            await self._catch_up()

    @workflow.signal
    async def learn(self) -> None:
        # Another case was merged into this one: that is already on record, and this workflow has yet to learn it.
        await self._until_recorded()
        async with self._lock:
            await done("learn", self._catch_up())

    @workflow.signal
    async def escalate(self, command: Escalate | None = None) -> None:
        # From a superior office or on behalf of a hotline. An escalation that is not allowed is ignored: a signal has no answer.
        await self._until_recorded()
        if command is None:
            return
        async with self._lock:
            rising = self._record(lambda: take_escalation(self._case, command, self._rules, self._now()))
            await done("escalate", rising, command.command_id)
