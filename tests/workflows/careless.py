"""A workflow as nobody should write it: its module imports a database library, and does not say that it means to share it."""

import sqlalchemy
from temporalio import workflow


@workflow.defn
class Careless:
    """Harmless to run, but every case would load its own copy of the library."""

    @workflow.run
    async def run(self) -> str:
        return sqlalchemy.__version__
