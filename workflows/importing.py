"""Importing a ledger sheet (台账): opens a case for each row. An attempt resumes where the one before stopped."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.importing import Importer
    from activities.requests import Imported
    from workflows.commitment import LONG_ACTIVITY_OPTIONS


@workflow.defn
class ImportLedger:
    """The import of one confirmed sheet. Its workflow id contains the digest of the file, so a sheet is imported once at a time.

    It is started by signal-with-start, so a request that arrives while the last row is being noted is not lost.
    """

    def __init__(self) -> None:
        self._is_asked = True

    @workflow.signal
    def carry_on(self) -> None:
        """Look again for rows that have no case yet."""
        self._is_asked = True

    @workflow.run
    async def run(self, digest: str) -> Imported:
        """Open the cases of all rows that have none; returns the counts of the last pass."""
        imported = Imported(opened=0, failed=0)
        while self._is_asked:
            self._is_asked = False
            imported = await workflow.execute_activity_method(
                Importer.open_rows, digest, **LONG_ACTIVITY_OPTIONS
            )
        return imported
