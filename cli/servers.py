"""What commands need that act: Temporal beside the record."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from cli.record import the_stack
from office.batches import Batchwork
from office.cases import Casework
from runtime.connect import connect_database
from runtime.temporal import connect_temporal


@asynccontextmanager
async def the_servers(data: Path) -> AsyncIterator[tuple[Client, AsyncEngine]]:
    """Both servers."""
    stack = the_stack(data)
    async with connect_database(stack.database_url) as engine:
        yield await connect_temporal(stack.temporal_address), engine


@asynccontextmanager
async def the_cases(data: Path) -> AsyncIterator[Casework]:
    """Both servers, for acting on cases."""
    async with the_servers(data) as (client, engine):
        yield Casework(client, engine)


@asynccontextmanager
async def the_batches(data: Path) -> AsyncIterator[Batchwork]:
    """Both servers, for acting on bond batches."""
    async with the_servers(data) as (client, engine):
        yield Batchwork(client, engine)
