"""Opening cases and giving them commands. The command line, the pages and the HTTP interface all go through `Casework`."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from domain.case.decider import decide
from domain.case.orders import ORDERS
from domain.command_base import reused
from domain.commands import AdoptPolicy, AnyCommand, Approve, Correct, Redate
from domain.correction import APART, apart, leaves
from domain.facts import Corrected, Substituted
from domain.receipt import NO_CONTACTS, Contacts, Receipt, Registrar
from domain.refusal import Code, Refusal
from domain.registration import registrable
from domain.rights import may_register
from domain.rules import Rules
from domain.telling.naming import named, office_named
from domain.value import PartySide
from office.answers import ANSWER_WITHIN, answers, give, send_again, start, starting, update_id
from office.business_time import BusinessTime
from office.codes import code_hash, code_under, draw_code
from office.enquiries import Enquiries, case_told, load, load_with_rules, recorded
from office.faults import Faults
from office.gone import gone
from office.packs import rules_for
from office.repair.reviving import catch_up
from schema import casefiles, journal, registry, rulebook
from schema.window import codes, openings
from schema.window.openings import Key
from workflows.case import ArrearsCase
from workflows.opening import COMMANDS_PER_RUN, CaseOpening, OtherRules


class Opened(NamedTuple):
    """A case that was opened. The access code is returned only here; the record keeps a hash."""

    case_no: str
    access_code: str


class NewCode(NamedTuple):
    """The access code of a party that took another's place. It is returned only here; the record keeps a hash."""

    side: PartySide
    code: str


def _must_register(
    registrar: Registrar | None, receipt: Receipt, today: date, offices: Mapping[str, str], *, below: bool
) -> None:
    """Check that a case may be registered, and by this clerk.

    Raises:
        Refusal: `malformed`: by what it says (domain.registration); `not_yours`: it belongs to another office.
    """
    registrable(receipt, today)
    if registrar is not None and not may_register(registrar.by, receipt.office, below=below):
        raise Refusal(
            Code.NOT_YOURS,
            f"{named(registrar.by, offices)[0]}不能登记{office_named(receipt.office, offices)}的案件",
            f"{registrar.by} is no clerk of {receipt.office} and registers no cases there",
            "by",
        )


def _without_contacts(command: AnyCommand) -> tuple[AnyCommand, Contacts]:
    """Split a command into what may stand in a journal, and the parties' contacts, which may not.

    Raises:
        Refusal: `malformed`: the placeholder for a contact was given as one.
    """
    if not isinstance(command, Correct):
        return command, NO_CONTACTS
    if APART in leaves(command.facts).values():
        raise Refusal(Code.MALFORMED, "联系方式填写有误", f"{APART} is no contact", "facts")
    facts, contacts = apart(command.facts)
    return command.model_copy(update={"facts": facts}), contacts


class Casework(Enquiries):
    """Opens cases and acts on them through their workflows. Inherits the read-only queries of `Enquiries`.

    Args:
        rehearsed_now: The business instant of a rehearsal; without it the real time counts.
    """

    def __init__(
        self,
        client: Client,
        engine: AsyncEngine,
        rehearsed_now: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__(engine)
        self._client = client
        self._time = BusinessTime(rehearsed_now)

    @property
    def client(self) -> Client:
        """The Temporal client, for starting other workflows."""
        return self._client

    async def register(
        self,
        receipt: Receipt,
        policy: str,
        contacts: Contacts = NO_CONTACTS,
        registrar: Registrar | None = None,
        *,
        below: bool = False,
        key: Key | None = None,
        secret: str | None = None,
    ) -> Opened:
        """Open a case under the version of a rule pack that is in force now, with the present calendar.

        This is the one entry for everybody who opens cases; `open` is for rules that are at hand already.

        Args:
            registrar, below, key, secret: See `open`.

        Raises:
            Faults: There is no such pack, or it is wrong.
            Refusal: `not_yours`: another office registers it; `duplicate`: it looks like cases on record, and is not said to
                be distinct; `command_reused`: something else was opened under that key.
            ServerAway: Temporal or every worker is away.
        """
        calendar = await self.calendar(receipt.received_on)
        rules = rules_for(policy, calendar, self.now().date())
        return await self.open(receipt, rules, contacts, registrar, below=below, key=key, secret=secret)

    async def open(
        self,
        receipt: Receipt,
        rules: Rules,
        contacts: Contacts = NO_CONTACTS,
        registrar: Registrar | None = None,
        commands_per_run: int = COMMANDS_PER_RUN,
        *,
        below: bool = False,
        key: Key | None = None,
        secret: str | None = None,
    ) -> Opened:
        """Give a case its number and start its workflow. Returns when the receipt is on record.

        Args:
            registrar: The clerk who enters the case; by default an unnamed clerk of the office.
            below: Whether the clerk may also enter cases of the offices below.
            key: The caller's idempotency key: a second call with it opens nothing and returns the first case.
            secret: The caller's token: with it and a key, a second call returns the same access code, which is otherwise random.

        Raises:
            Refusal: `malformed`; `not_yours`: the clerk is of another office; `duplicate`; `command_reused`: the key is another's.
            ServerAway: Temporal or every worker is away.
        """
        _must_register(registrar, receipt, self.now().date(), rules.offices, below=below)
        access_code = code_under(secret, f"{key.key}/{key.digest}") if key and secret else draw_code()
        async with self._engine.begin() as connection:
            case_no = await openings.opened_under(connection, key) if key else None
            if case_no is not None and await casefiles.load_case(connection, case_no) is not None:
                return Opened(case_no, access_code)
            if case_no is not None:
                rules = await rulebook.of_case(connection, case_no)
            else:
                code = code_hash(access_code)
                case_no = await registry.register_case(connection, receipt, rules, code, contacts)
                if key:
                    await openings.keep(connection, key, case_no)
        opening = CaseOpening(case_no=case_no, rules=rules, receipt=receipt, registrar=registrar)
        await self._start(opening, commands_per_run)
        return Opened(case_no, access_code)

    async def _start(self, opening: CaseOpening, commands_per_run: int) -> None:
        """Start the workflow of a registered case, unless it runs; returns when the receipt is on record."""
        about = {"clock": self._time.clock(), "commands_per_run": commands_per_run}
        opening = opening.model_copy(update=about)
        await start(self._client, opening.case_no, ArrearsCase.run, opening, ArrearsCase.registered)

    async def act(self, case_no: str, command: AnyCommand) -> dict[str, Any]:
        """Carry out a command (see `carry_out`); returns the case as it was right after it, also when the command is sent again."""
        await self.carry_out(case_no, command)
        return await self.answer(case_no, _without_contacts(command)[0])

    async def carry_out(self, case_no: str, command: AnyCommand) -> None:
        """Carry out a command, without returning the case. A command sent again under its id counts once. Contacts in it go to the
        register, and never into the case.

        Raises:
            Refusal: The command may not be carried out.
            UnknownCase: There is no such case.
            WorkflowGone: The case is open, and its workflow was cancelled, terminated or deleted.
            ServerAway: Temporal or every worker is away; the same command may be sent again.
        """
        command, contacts = _without_contacts(command)
        with answers(send_again(command)):
            try:
                await self._send(case_no, command)
            except Refusal:
                if not await self._is_known(case_no, command):
                    if not await self._has_missed_something(case_no, command):
                        raise
                    await catch_up(self._client, case_no)
                    await self._send(case_no, command)
        if contacts != NO_CONTACTS:
            await self._reach_by(case_no, command, contacts)

    async def _reach_by(self, case_no: str, command: AnyCommand, contacts: Contacts) -> None:
        """Store the parties' new contacts, unless a later command has changed them since: this one may be sent again long after."""
        async with self._engine.begin() as connection:
            entries = await journal.of_kinds(connection, [case_no], ["corrected"])
            latest = {
                name.partition(".")[0]: entry.event.key
                for entry in entries
                if isinstance(entry.event.fact, Corrected)
                for name in leaves(entry.event.fact.now)
                if name.endswith(".contact")
            }
            still = {
                side: contact
                for side, contact in contacts._asdict().items()
                if latest.get(side) == command.key
            }
            if any(still.values()):
                await registry.reach_by(connection, case_no, Contacts(**still))

    async def answer(self, case_no: str, command: AnyCommand) -> dict[str, Any]:
        """The case as it was right after a command that was carried out.

        Raises:
            Refusal: The command was not carried out and would be refused, or its id was used before with different content.
            UnknownCase: There is no such case.
            WorkflowGone: The command was not carried out, and the case has no workflow.
        """
        with answers(send_again(command)):
            async with self._questions.connect() as connection:
                answered = await casefiles.answered(connection, case_no, command.key)
                if answered is None:
                    case, rules = await load_with_rules(connection, case_no)
                    if case.ended is not None:
                        decide(case, command, rules, self.now())
                    raise await gone(self._client, case_no)
                if answered.digest != command.digest():
                    raise reused(command.command_id)
                whole = answered.whole
                if whole.case.seq != answered.last_seq:
                    whole = whole._replace(case=await recorded(connection, case_no, answered.last_seq))
                return case_told(whole, answered.on)

    async def successor(self, case_no: str, command: AnyCommand) -> PartySide | None:
        """The side on which a command approved another party in the old one's place, whose code is void. None if it did not, or if
        that is a debtor who has not been told of the case yet.
        """
        if not isinstance(command, Approve):
            return None
        async with self._questions.connect() as connection:
            entries = await journal.of_kinds(connection, [case_no], ["substituted"])
            caused = [one.event.fact for one in entries if one.event.command_id == command.command_id]
            sides = [fact.side for fact in caused if isinstance(fact, Substituted)]
            is_known = PartySide.DEBTOR not in sides or (await load(connection, case_no)).is_known_to_debtor
        return sides[0] if sides and is_known else None

    async def code_after(
        self, case_no: str, command: AnyCommand, secret: str | None = None
    ) -> NewCode | None:
        """The code of a party that took another's place by this command (`successor`); None if there is none, or it was told before.

        Args:
            secret: The caller's token. With it a second call returns the same code; without it the code is random and returned once.
        """
        side = await self.successor(case_no, command)
        if side is None:
            return None
        code = code_under(secret, f"{case_no}/{command.key}") if secret else draw_code()
        async with self._engine.begin() as connection:
            is_valid = await codes.issue(connection, case_no, code_hash(code), side)
        return NewCode(side, code) if is_valid else None

    async def _send(self, case_no: str, command: AnyCommand) -> None:
        try:
            if isinstance(command, AdoptPolicy):
                await self._adopt(case_no, command, await self._rules_of(case_no, command.policy))
            else:
                await self._act(case_no, command)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            if ORDERS[type(command)].after_end and await self._has_ended(case_no):
                await self._act_on_ended(case_no, command)
            else:  # Without a workflow the command can only be answered if it was carried out before.
                await self.answer(case_no, command)

    async def _is_known(self, case_no: str, command: AnyCommand) -> bool:
        """Whether the record knows the command. A case itself remembers only the latest ones.

        Raises:
            Refusal: `command_reused`: its id was used before, with different content.
        """
        async with self._questions.connect() as connection:
            answered = await journal.answered(connection, case_no, command.key)
        if answered is not None and answered.digest != command.digest():
            raise reused(command.command_id)
        return answered is not None

    async def _has_missed_something(self, case_no: str, command: AnyCommand) -> bool:
        """Whether the case on record would accept a command that its workflow has refused, because the workflow lags behind."""
        async with self._questions.connect() as connection:
            case, rules = await load_with_rules(connection, case_no)
        try:
            decide(case, command, rules, self.now())
        except Refusal:
            return False
        return True

    async def _act(self, case_no: str, command: AnyCommand) -> None:
        handle = self._client.get_workflow_handle(case_no)

        async def send(under: str) -> None:
            await handle.execute_update(ArrearsCase.act, command, id=under, rpc_timeout=ANSWER_WITHIN)

        await give(command, send)

    async def redate(self, case_no: str, command: Redate, rules: Rules) -> None:
        """Have a case count days by a new calendar, which `rules` contain. A case that is over by now is left alone.

        Raises:
            WorkflowGone: The case is not over, and its workflow was cancelled, terminated or deleted.
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
                if not case.is_over:
                    raise await gone(self._client, case_no) from error

    async def _rules_of(self, case_no: str, policy: str) -> Rules:
        """The rules for a case under the version of a pack that is in force now, with the present calendar.

        Raises:
            Refusal: `malformed`: there is no such pack, or it is wrong.
        """
        async with self._questions.connect() as connection:
            case = await load(connection, case_no)
        calendar = await self.calendar(case.receipt.received_on)
        try:
            return rules_for(policy, calendar, self.now().date())
        except Faults as faults:
            found = "; ".join(faults.faults)
            raise Refusal(Code.MALFORMED, f"规则包 {policy} 不能用", found, "policy") from faults

    async def _adopt(self, case_no: str, command: AdoptPolicy | Redate, rules: Rules) -> None:
        handle = self._client.get_workflow_handle(case_no)
        other = OtherRules(command=command, rules=rules)

        async def send(under: str) -> None:
            await handle.execute_update(ArrearsCase.adopt, other, id=under, rpc_timeout=ANSWER_WITHIN)

        await give(command, send)

    async def _has_ended(self, case_no: str) -> bool:
        async with self._questions.connect() as connection:
            return (await load(connection, case_no)).ended is not None

    async def _act_on_ended(self, case_no: str, command: AnyCommand) -> None:
        """Act on a case whose workflow has ended: start a new run, together with the command. The run goes on if the command
        re-opens the case, and otherwise ends at once. A command that would be refused starts none.
        """
        async with self._questions.connect() as connection:
            case, rules = await load_with_rules(connection, case_no)
        if not decide(case, command, rules, self.now()):
            return
        opening = CaseOpening(case_no=case_no, rules=rules, case=case, clock=self._time.clock())
        await self._client.execute_update_with_start_workflow(
            ArrearsCase.act,
            command,
            start_workflow_operation=starting(
                case_no, ArrearsCase.run, opening, WorkflowIDReusePolicy.ALLOW_DUPLICATE
            ),
            id=update_id(command),
            rpc_timeout=ANSWER_WITHIN,
        )

    def now(self) -> datetime:
        """The business instant."""
        return self._time.now()
