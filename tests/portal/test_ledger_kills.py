"""Workers are killed while they open the cases of a sheet: every row is opened once."""

import asyncio
import io
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.calendar import SHANGHAI
from office.cases import Casework
from office.sheets import importing
from office.sheets.importing import Sender
from office.verification.verifying import verify
from runtime.connect import connect_database
from runtime.temporal import connect_temporal
from schema.migrate import migrate
from schema.seen.sight import Sight
from schema.tables import event, registration
from schema.window import imports
from tests.durability.processes import running
from tests.portal.sheets import file_of, rows
from tests.stack import agreed, eventually

pytestmark = [pytest.mark.kill, pytest.mark.long]

CLERK: Final = Sender("limin", "李敏", "620105")
ROWS: Final = 30


async def registered(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int((await connection.execute(select(func.count()).select_from(registration))).scalar_one())


async def test_workers_that_are_killed_in_the_middle_open_every_row_once(tmp_path: Path) -> None:
    with running(tmp_path) as (servers, workers):
        async with connect_database(servers.postgres.url) as engine:
            await migrate(engine)
            client = await connect_temporal(servers.temporal_address)
            now = datetime.now(SHANGHAI)
            sheet = io.BytesIO(file_of(*rows(ROWS, 登记日=now.date())))
            looked = await importing.look_at(engine, sheet, CLERK, "gansu", now)
            await importing.keep(engine, looked, CLERK, "gansu", "台账.xlsx")
            async with engine.connect() as connection:
                found = await imports.find(connection, Sight.of_office(CLERK.office), looked.digest)
            assert found is not None
            cases = Casework(client, engine)
            await importing.confirm(cases, engine, found, office=CLERK.office, seen=False)
            for enough in (3, 12, 21):

                async def is_under_way(enough: int = enough) -> bool:
                    return await registered(engine) >= enough

                await eventually(is_under_way, within=60)
                workers.kill()
            handle = await importing.carry_on(cases, looked.digest)
            async with asyncio.timeout(120):
                imported = await handle.result()
            verified = await verify(client, engine)
            async with engine.connect() as connection:
                received = select(func.count()).where(event.c.kind == "received")
                begun = (await connection.execute(received)).scalar_one()
        assert workers.deaths == 3
    assert (imported.opened, imported.failed, begun) == (ROWS, 0, ROWS)
    assert verified == agreed(ROWS)
