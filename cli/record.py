"""What commands need that ask the record alone: PostgreSQL, and the store of papers. Temporal's library is not loaded."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from office.enquiries import Enquiries
from office.evidence.store import Papers
from runtime.connect import connect_database
from runtime.settings import read_settings
from runtime.stack import Stack, configured
from runtime.store import open_papers


def the_stack(data: Path) -> Stack:
    """Where the servers are: by this process's settings, or by the data folder of `dev`."""
    return configured(data, read_settings())


@asynccontextmanager
async def the_database(data: Path) -> AsyncIterator[AsyncEngine]:
    """PostgreSQL."""
    async with connect_database(the_stack(data).database_url) as engine:
        yield engine


@asynccontextmanager
async def the_record(data: Path) -> AsyncIterator[Enquiries]:
    """The record, for reading."""
    async with the_database(data) as engine:
        yield Enquiries(engine)


def the_papers(data: Path) -> Papers:
    """The store of papers (证据材料)."""
    return open_papers(data, read_settings())
