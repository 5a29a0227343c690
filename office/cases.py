"""What the clearing office does with cases. The command line and every other window do it through here."""

import hashlib
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.asked import reused
from domain.calendar import SHANGHAI
from domain.case.decider import decide
from domain.case.view import case_json
from domain.commands import AdoptPolicy, Ordered, Redate, Reopen
from domain.receipt import Receipt
from domain.refusal import Code, Refusal
from domain.rules import Rules
from office.answers import ANSWER_WITHIN, answers, give, update_id
from office.enquiries import Enquiries, load, recorded
from office.faults import Faults
from office.gone import gone
from office.packs import rules_for
from office.reviving import catch_up
from schema import casefiles, journal, registry
from schema.window import openings
from schema.window.openings import Key
from workflows.case import ArrearsCase
from workflows.opening import COMMANDS_PER_RUN, CaseOpening, Clock, OtherRules
from workflows.queue import TASK_QUEUE

CODE_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without the letters and digits that people confuse on the phone. Sixteen of them are 79 random bits: unlike a password
somebody chose, such a code needs no slow hash to withstand guessing."""


class Opened(NamedTuple):
    """A case that was opened. The access code is shown this once and stored only as a hash."""

    case_no: str
    access_code: str


def draw_code() -> str:
    """An access code, drawn at random."""
    return as_code(secrets.choice(CODE_ALPHABET) for _ in range(16))


def code_hash(code: str) -> str:
    """What is kept of an access code."""
    return hashlib.sha256(code.encode()).hexdigest()


def as_code(letters: Iterable[str]) -> str:
    """A code as people read it: four characters and a dash."""
    typed = "".join(letters)
    return "-".join(typed[start : start + 4] for start in range(0, len(typed), 4))


def as_issued(typed: str) -> str:
    """A code as it was given, four characters and a dash, however it is typed: small letters, spaces, no dashes."""
    return as_code(letter for letter in typed.upper() if letter in CODE_ALPHABET)


class Casework(Enquiries):
    """Opens cases and acts on them through their workflows; besides, everything that can be enquired.

    Args:
        rehearsed_now: The business instant of a rehearsal; live cases go by the real time.
    """

    def __init__(
        self,
        client: Client,
        engine: AsyncEngine,
        rehearsed_now: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__(engine)
        self._client = client
        self._rehearsed_now = rehearsed_now

    @property
    def client(self) -> Client:
        """The connection to Temporal, for whatever else is started there."""
        return self._client

    async def open(
        self,
        receipt: Receipt,
        rules: Rules,
        contact: str | None = None,
        commands_per_run: int = COMMANDS_PER_RUN,
        *,
        access_code: str | None = None,
        key: Key | None = None,
    ) -> Opened:
        """Register a case and start its workflow; returns when the receipt is on record.

        Args:
            access_code: The code that opens the enterprise's view of it; one is drawn when none is given.
            key: The caller's: asked again under it, nothing is opened, and the case of then is the answer.

        Raises:
            Refusal: `command_reused`: something else was opened under that key.
            ServerAway: Temporal or every worker is away.
        """
        access_code = access_code or draw_code()
        async with self._engine.begin() as connection:
            case_no = await openings.opened_under(connection, key) if key else None
            if case_no is not None:
                rules = await casefiles.load_rules(connection, case_no)
                is_recorded = await casefiles.load_case(connection, case_no) is not None
            else:
                is_recorded = False
                case_no = await registry.register_case(
                    connection, receipt, rules, code_hash(access_code), contact
                )
                if key:
                    await openings.keep(connection, key, case_no)
        if not is_recorded:
            await self._start(case_no, receipt, rules, commands_per_run)
        return Opened(case_no, access_code)

    async def _start(self, case_no: str, receipt: Receipt, rules: Rules, commands_per_run: int) -> None:
        """Start the workflow of a registered case, unless it runs; returns when the receipt is on record."""
        opening = CaseOpening(
            case_no=case_no,
            rules=rules,
            receipt=receipt,
            clock=self._clock(),
            commands_per_run=commands_per_run,
        )
        start = WithStartWorkflowOperation(
            ArrearsCase.run,
            opening,
            id=case_no,
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        )
        with answers(f"case {case_no} is registered and will be recorded when it is back"):
            try:
                await self._client.execute_update_with_start_workflow(
                    ArrearsCase.registered, start_workflow_operation=start, rpc_timeout=ANSWER_WITHIN
                )
            except WorkflowAlreadyStartedError as error:
                raise await gone(self._client, case_no) from error

    async def act(self, case_no: str, command: Ordered) -> dict[str, Any]:
        """Carry out a command; returns the case as it was right after it, however often it is asked.

        Raises:
            Refusal: The command may not be carried out.
            UnknownCase: There is no such case.
            WorkflowGone: The case is open, and its workflow was cancelled, terminated or deleted.
            ServerAway: Temporal or every worker is away; the same command may be sent again.
        """
        with answers(f"send the command again with --id {command.command_id} to learn what became of it"):
            try:
                await self._carry_out(case_no, command)
            except Refusal:
                if not await self._is_known(case_no, command):
                    if not await self._has_missed_something(case_no, command):
                        raise
                    await catch_up(self._client, case_no)
                    await self._carry_out(case_no, command)
            return await self._answer(case_no, command)

    async def _carry_out(self, case_no: str, command: Ordered) -> None:
        try:
            if isinstance(command, Reopen):
                await self._reopen(case_no, command)
            elif isinstance(command, AdoptPolicy):
                await self._adopt(case_no, command, await self._rules_of(case_no, command.policy))
            else:
                await self._act(case_no, command)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise

    async def _is_known(self, case_no: str, command: Ordered) -> bool:
        """Whether the command was carried out so long ago that only the record remembers."""
        async with self._questions.connect() as connection:
            return await journal.answered(connection, case_no, command.key) is not None

    async def _has_missed_something(self, case_no: str, command: Ordered) -> bool:
        """Whether the record would not refuse what the workflow did: then the workflow has yet to learn of something."""
        async with self._questions.connect() as connection:
            case = await load(connection, case_no)
            rules = await casefiles.load_rules(connection, case_no)
        try:
            decide(case, command, rules, self.now())
        except Refusal:
            return False
        return True

    async def _act(self, case_no: str, command: Ordered) -> None:
        handle = self._client.get_workflow_handle_for(ArrearsCase.run, case_no)

        async def send(under: str) -> None:
            await handle.execute_update(ArrearsCase.act, command, id=under, rpc_timeout=ANSWER_WITHIN)

        await give(command, send)

    async def redate(self, case_no: str, command: Redate, rules: Rules) -> None:
        """Have a case count by the calendar of a notice, which `rules` contain. One that has ended meanwhile needs none.

        Raises:
            WorkflowGone: The case is open, and its workflow was cancelled, terminated or deleted.
            ServerAway: Temporal or every worker is away; the same command may be sent again.
        """
        with answers("load the notice again to go on"):
            try:
                await self._adopt(case_no, command, rules)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                async with self._questions.connect() as connection:
                    case = await load(connection, case_no)
                if case.ended is None:
                    raise await gone(self._client, case_no) from error

    async def _rules_of(self, case_no: str, policy: str) -> Rules:
        """The rules of a pack, as they and the calendar are now, for a case.

        Raises:
            Refusal: `malformed`: there is no such pack, or it is wrong.
        """
        async with self._questions.connect() as connection:
            case = await load(connection, case_no)
        calendar = await self.calendar(case.receipt.received_on)
        try:
            return rules_for(policy, case.receipt.office, calendar)
        except Faults as faults:
            found = "; ".join(faults.faults)
            raise Refusal(Code.MALFORMED, f"规则包 {policy} 不能用", found, "policy") from faults

    async def _adopt(self, case_no: str, command: AdoptPolicy | Redate, rules: Rules) -> None:
        handle = self._client.get_workflow_handle_for(ArrearsCase.run, case_no)
        other = OtherRules(command=command, rules=rules)

        async def send(under: str) -> None:
            await handle.execute_update(ArrearsCase.adopt, other, id=under, rpc_timeout=ANSWER_WITHIN)

        await give(command, send)

    async def _reopen(self, case_no: str, command: Reopen) -> None:
        """A new run of the same case, begun by the command itself; what is refused starts nothing."""
        async with self._questions.connect() as connection:
            case = await load(connection, case_no)
            rules = await casefiles.load_rules(connection, case_no)
        if not decide(case, command, rules, self.now()):
            return
        start = WithStartWorkflowOperation(
            ArrearsCase.run,
            CaseOpening(case_no=case_no, rules=rules, case=case, clock=self._clock()),
            id=case_no,
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )
        await self._client.execute_update_with_start_workflow(
            ArrearsCase.act,
            command,
            start_workflow_operation=start,
            id=update_id(command),
            rpc_timeout=ANSWER_WITHIN,
        )

    async def _answer(self, case_no: str, command: Ordered) -> dict[str, Any]:
        """The case as it was when the command had been carried out; of an ended case, also why it cannot be."""
        async with self._questions.connect() as connection:
            answered = await casefiles.answered(connection, case_no, command.key)
            if answered is None:
                case = await load(connection, case_no)
                if case.ended is not None:
                    rules = await casefiles.load_rules(connection, case_no)
                    decide(case, command, rules, self.now())
                raise await gone(self._client, case_no)
            if answered.digest != command.digest():
                raise reused(command.command_id)
            case = answered.case
            if case.seq != answered.last_seq:
                case = await recorded(connection, case_no, answered.last_seq)
        return case_json(case, answered.on)

    def now(self) -> datetime:
        """The business instant."""
        return self._rehearsed_now() if self._rehearsed_now else datetime.now(SHANGHAI)

    def _clock(self) -> Clock:
        return Clock(starts_at=self._rehearsed_now()) if self._rehearsed_now else Clock()
