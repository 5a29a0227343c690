"""Opening bond batches and giving them commands."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.bonds.batch import ENDED, decide_batch
from domain.bonds.commands import AnyBatchCommand, BatchOpening
from domain.calendar import business_date
from domain.command_base import reused
from domain.limits import within_sight
from domain.refusal import Refusal
from domain.rules import OrderKey
from office.answers import ANSWER_WITHIN, answers, give, send_again, start
from office.business_time import BusinessTime
from office.enquiries import Enquiries, load_batch
from office.gone import gone
from office.repair.reviving import catch_up
from schema import casefiles, journal, registry
from schema.window import openings
from schema.window.openings import Key
from workflows.bond_batch import BondBatch
from workflows.opening import BatchStart


class Batchwork:
    """Opens bond batches and acts on them through their workflows, and answers from the record.

    Args:
        rehearsed_now: The business instant of a rehearsal; live batches go by the real time.
    """

    def __init__(
        self,
        client: Client,
        engine: AsyncEngine,
        rehearsed_now: Callable[[], datetime] | None = None,
    ) -> None:
        self._client = client
        self._engine = engine
        self._time = BusinessTime(rehearsed_now)

    async def open(
        self,
        opening: BatchOpening,
        order: tuple[OrderKey, ...],
        *,
        key: Key | None = None,
        account: int | None = None,
    ) -> str:
        """Number a batch and start its workflow; returns the number when the opening is on record.

        Args:
            key: The caller's: asked again under it, nothing is opened, and the batch of then is the answer.
            account: That of whoever opens it, where the window knows it.

        Raises:
            Refusal: `command_reused`: something else was opened under that key; `malformed`: a day is too far ahead.
            ServerAway: Temporal or every worker is away.
        """
        within_sight(opening, business_date(self._time.now()))
        async with self._engine.begin() as connection:
            batch_no = await openings.opened_under(connection, key) if key else None
            is_recorded = (
                batch_no is not None and await casefiles.load_batch(connection, batch_no) is not None
            )
            if batch_no is None:
                batch_no = await registry.register_batch(connection, opening)
                if key:
                    await openings.keep(connection, key, batch_no)
        if not is_recorded:
            begins = BatchStart(
                batch_no=batch_no,
                allocation_order=order,
                opening=opening,
                account=account,
                clock=self._time.clock(),
            )
            await start(self._client, batch_no, BondBatch.run, begins, BondBatch.registered)
        return batch_no

    async def act(self, batch_no: str, command: AnyBatchCommand) -> dict[str, Any]:
        """Carry out a command; returns the batch as it stands. See `carry_out`."""
        await self.carry_out(batch_no, command)
        with answers(send_again(command)):
            return await self.show(batch_no)

    async def carry_out(self, batch_no: str, command: AnyBatchCommand) -> None:
        """Carry out a command. Sent again under its id it counts once. The cases are informed a moment later.

        Raises:
            Refusal: The command may not be carried out.
            UnknownCase: There is no such batch.
            WorkflowGone: The batch is open, and its workflow was cancelled, terminated or deleted.
            ServerAway: Temporal or every worker is away; the same command may be sent again.
        """
        with answers(send_again(command)):
            try:
                await self._send(batch_no, command)
            except Refusal:
                if not await self._has_missed_something(batch_no, command):
                    raise
                await catch_up(self._client, batch_no)
                await self._send(batch_no, command)

    async def _send(self, batch_no: str, command: AnyBatchCommand) -> None:
        handle = self._client.get_workflow_handle(batch_no)

        async def send(under: str) -> None:
            await handle.execute_update(BondBatch.act, command, id=under, rpc_timeout=ANSWER_WITHIN)

        try:
            await give(command, send)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            await self._refuse_unless_done(batch_no, command)

    async def _has_missed_something(self, batch_no: str, command: AnyBatchCommand) -> bool:
        """Whether the batch on record would accept a command that its workflow has refused, because the workflow lags behind."""
        async with self._engine.connect() as connection:
            batch = await load_batch(connection, batch_no)
        try:
            decide_batch(batch, command, self._time.now())
        except Refusal:
            return False
        return True

    async def _refuse_unless_done(self, batch_no: str, command: AnyBatchCommand) -> None:
        """The workflow is over: a command it carried out keeps its answer, any other cannot be carried out."""
        async with self._engine.connect() as connection:
            effect = await journal.answered(connection, batch_no, command.key)
            batch = await load_batch(connection, batch_no)
        if effect is None:
            if batch.stage in ENDED:
                decide_batch(batch, command, self._time.now())
            raise await gone(self._client, batch_no)
        if effect.digest != command.digest():
            raise reused(command.command_id)

    async def show(self, batch_no: str) -> dict[str, Any]:
        """See `Enquiries.batch`."""
        return await Enquiries(self._engine).batch(batch_no)
