"""People who send a command again if no server answered, or give up without learning its outcome."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from itertools import count
from random import Random
from typing import Final, NamedTuple, TypeVar

from sqlalchemy.exc import DBAPIError
from temporalio.service import RPCError

from domain.bonds.commands import AnyBatchCommand
from domain.commands import AnyCommand
from domain.refusal import Code, Refusal
from office.away import ServerAway
from office.batches import Batchwork
from office.cases import Casework

T = TypeVar("T")

THERE_ALREADY: Final = (
    Code.WRONG_STAGE,
    Code.CASE_ENDED,
    Code.VOUCHER_REUSED,
    Code.REFERENCE_REUSED,
    Code.UNKNOWN_VOUCHER,
    Code.MALFORMED,
    Code.NOT_YOURS,
)
"""The refusals for a colleague who repeats a command that had been carried out unnoticed. `malformed`: a second plan needs a reason;
`not_yours`: a gate was for the head above, and no longer exists.
"""

PATIENCE: Final = 240.0
"""The seconds after which an unanswered command is a fault."""


class Given(NamedTuple):
    """A command that was sent at least once, and whether it was acknowledged."""

    stream: str
    key: str
    is_acknowledged: bool


class People:
    """Everybody who gives commands. Random choices about a command depend only on the seed and the command.

    Attributes:
        given: All commands, to be looked up in the journal.
        faults: Answers that nobody should get.
        attempts: How often something was sent.
    """

    def __init__(self, cases: Casework, batches: Batchwork, seed: int) -> None:
        self._cases, self._batches, self._seed = cases, batches, seed
        self.given: list[Given] = []
        self.faults: list[str] = []
        self.attempts = 0
        self.refused = 0

    async def order(self, stream: str, orders: Iterable[AnyCommand | AnyBatchCommand]) -> None:
        """Give commands to a case or batch, one after the other, each until it is carried out."""
        for command in orders:
            random = Random(f"{self._seed} {stream} {command.command_id}")
            if random.random() < 0.15:
                await self._ask_in_vain(stream, command)
            senders = 2 if random.random() < 0.2 else 1
            known = await asyncio.gather(*(self._give(stream, command, random) for _ in range(senders)))
            self.given.append(Given(stream, command.key, any(known)))
            if not any(known):
                await self._give_anew(stream, command, random)

    async def until_done(
        self, deed: Callable[[], Awaitable[T]], what: str, *, is_operators: bool = False
    ) -> T:
        """Repeat something until a server answers."""
        async with asyncio.timeout(3 * PATIENCE):
            while True:
                try:
                    return await (self._operate(deed, what) if is_operators else self._answer(deed, what))
                except ServerAway:
                    await asyncio.sleep(0.3)

    async def _give(self, stream: str, command: AnyCommand | AnyBatchCommand, random: Random) -> bool:
        """Send a command until it is answered. False if the sender has given up."""
        try:
            async with asyncio.timeout(PATIENCE):
                for _ in count():
                    try:
                        if random.random() < 0.1:
                            return await self._walk_away(stream, command, random.uniform(0, 0.1))
                        await self._send(stream, command)
                    except ServerAway:
                        if random.random() < 0.4:
                            return False
                        await asyncio.sleep(random.uniform(0.1, 0.5))
                    else:
                        return True
        except Refusal as refusal:
            self.faults.append(f"{stream} {command.command_id}: refused, {refusal}")
        except TimeoutError:
            self.faults.append(f"{stream} {command.command_id}: no answer within {PATIENCE:.0f} s")
        return False

    async def _walk_away(self, stream: str, command: AnyCommand | AnyBatchCommand, after: float) -> bool:
        """Send a command, and stop waiting after some seconds. False if no answer had come by then."""
        try:
            await asyncio.wait_for(self._send(stream, command), after)
        except TimeoutError:
            return False
        return True

    async def _give_anew(self, stream: str, command: AnyCommand | AnyBatchCommand, random: Random) -> None:
        """A colleague gives a command that somebody gave up, unless it turns out to be carried out."""
        anew = command.model_copy(update={"command_id": f"{command.command_id} anew"})
        is_refused = False

        async def send() -> None:
            nonlocal is_refused
            try:
                await self._send(stream, anew)
            except Refusal as refusal:
                if refusal.code not in THERE_ALREADY:
                    self.faults.append(f"{stream} {anew.command_id}: refused, {refusal}")
                is_refused = True

        await self.until_done(send, f"{stream} {anew.command_id}")
        if not is_refused:
            self.given.append(Given(stream, anew.key, is_acknowledged=True))

    async def _ask_in_vain(self, stream: str, command: AnyCommand | AnyBatchCommand) -> None:
        """Somebody without the right gives the same command. It is refused or finds no server, and has no effect."""
        changed = {"command_id": "stranger", "by": "clerk:路人@622927"}
        stranger = type(command).model_validate(command.model_dump() | changed)
        try:
            await self._send(stream, stranger)
        except Refusal:
            self.refused += 1
        except ServerAway:
            pass
        else:
            self.faults.append(f"{stream} {command.command_id}: a stranger may do this")

    async def _send(self, stream: str, command: AnyCommand | AnyBatchCommand) -> None:
        async def send() -> object:
            if isinstance(command, AnyBatchCommand):
                return await self._batches.act(stream, command)
            return await self._cases.act(stream, command)

        self.attempts += 1
        await self._answer(send, f"{stream} {command.command_id}")

    async def _operate(self, deed: Callable[[], Awaitable[T]], what: str) -> T:
        """Operators get Temporal's own errors, which are converted here."""
        try:
            return await deed()
        except (OSError, DBAPIError, RPCError) as error:
            raise ServerAway(what) from error

    async def _answer(self, deed: Callable[[], Awaitable[T]], what: str) -> T:
        """The answer to something that is sent once. Any other error is noted as a fault, and treated as a server that is away."""
        try:
            return await deed()
        except (Refusal, ServerAway):
            raise
        except (OSError, DBAPIError) as error:
            raise ServerAway(what) from error
        except RPCError as error:
            self.faults.append(f"{what}: {error.status.name}: {error}")
            raise ServerAway(what) from error
