"""The same workflow as it should be written: it passes shared imports through the sandbox."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    import sqlalchemy


@workflow.defn
class Careful:
    """Shares one copy of the library with all cases."""

    @workflow.run
    async def run(self) -> str:
        return sqlalchemy.__version__
