"""The same workflow, written as it should be: what it shares with the world outside the sandbox, it names."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    import sqlalchemy


@workflow.defn
class Careful:
    """Shares one copy of the library with everyone."""

    @workflow.run
    async def run(self) -> str:
        return sqlalchemy.__version__
