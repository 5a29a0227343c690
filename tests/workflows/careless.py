"""A workflow as nobody should write it: it imports a database library inside the sandbox without passing it through."""

import sqlalchemy
from temporalio import workflow


@workflow.defn
class Careless:
    """It runs, but every case would load a copy of the library of its own."""

    @workflow.run
    async def run(self) -> str:
        return sqlalchemy.__version__
