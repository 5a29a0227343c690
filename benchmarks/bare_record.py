"""The bare workflow's messages, and its activity: two inserts in one transaction, into tables of its own."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, DateTime, Integer, MetaData, Table, Text, insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity

metadata = MetaData()

effect = Table("bare_effect", metadata, Column("effect_key", Text, primary_key=True))

entry = Table(
    "bare_entry",
    metadata,
    Column("case_no", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("step_id", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)


class Bare(BaseModel):
    """The base class of the messages. Frozen, like our values."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Step(Bare):
    """A command. It brings the instants at which the workflow must wake, which ours computes from the rules."""

    step_id: str
    wakes: tuple[datetime, ...]
    is_last: bool = False


class Start(Bare):
    """The input of a bare workflow; `starts_at` is the business instant at which a rehearsal starts."""

    case_no: str
    first: Step
    starts_at: datetime | None = None


class Entry(Bare):
    """The input of the activity."""

    case_no: str
    seq: int
    step_id: str
    at: datetime


class BareRecorder:
    """The activity that records the steps of bare cases."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @activity.defn
    async def record_bare(self, wanted: Entry) -> None:
        """Record a step; idempotent."""
        key = {"effect_key": f"{wanted.case_no}/{wanted.seq}"}
        async with self._engine.begin() as connection:
            claim = upsert(effect).values(key).on_conflict_do_nothing()
            if (await connection.execute(claim)).rowcount == 1:
                await connection.execute(insert(entry).values(wanted.model_dump()))


async def create_tables(engine: AsyncEngine) -> None:
    """Create the bare workflow's tables."""
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
