"""People at their windows: they send a command again when no server answered, or give up and never learn what became of it."""

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
"""What a colleague is told who orders once more what was done without anybody knowing. `malformed`: a second plan needs a reason;
`not_yours`: a gate was for the head above, and is no more.
"""

PATIENCE: Final = 240.0
"""Seconds after which a command that nobody answers is a fault."""


class Given(NamedTuple):
    """A command that was sent at least once, and whether somebody was told that it is on record."""

    stream: str
    key: str
    is_acknowledged: bool


class People:
    """Everybody who orders something. What chance decides of a command hangs on the seed and the command alone.

    Attributes:
        given: All commands, to be looked for in the journal.
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
        """Give a case or batch orders, one after the other, each until it is done."""
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
        """Do something again and again until a server answers."""
        async with asyncio.timeout(3 * PATIENCE):
            while True:
                try:
                    return await (self._operate(deed, what) if is_operators else self._answer(deed, what))
                except ServerAway:
                    await asyncio.sleep(0.3)

    async def _give(self, stream: str, command: AnyCommand | AnyBatchCommand, random: Random) -> bool:
        """Send a command until it is answered; False when whoever sends it has given up."""
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
        """Send a command, and be gone before the answer comes, or not."""
        try:
            await asyncio.wait_for(self._send(stream, command), after)
        except TimeoutError:
            return False
        return True

    async def _give_anew(self, stream: str, command: AnyCommand | AnyBatchCommand, random: Random) -> None:
        """A colleague does what somebody gave up, unless it turns out to be done."""
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
        """Somebody without any right gives the same order: it is refused, or finds no server, and nothing comes of it."""
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
        """Operators are told of Temporal in its own words."""
        try:
            return await deed()
        except (OSError, DBAPIError, RPCError) as error:
            raise ServerAway(what) from error

    async def _answer(self, deed: Callable[[], Awaitable[T]], what: str) -> T:
        """The answer to something sent once. What is neither an answer nor a server away is noted, and taken for the latter."""
        try:
            return await deed()
        except (Refusal, ServerAway):
            raise
        except (OSError, DBAPIError) as error:
            raise ServerAway(what) from error
        except RPCError as error:
            self.faults.append(f"{what}: {error.status.name}: {error}")
            raise ServerAway(what) from error
