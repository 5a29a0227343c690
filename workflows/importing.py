"""Importing a 台账: the cases of its rows are opened, one attempt going on where the one before was."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.importing import Importer
    from activities.requests import Imported
    from workflows.commitment import AT_LENGTH


@workflow.defn
class ImportLedger:
    """One sheet that somebody has confirmed; its id is made of the file's digest, so it runs once at a time.

    It is started by its signal: whoever asks while the last row is being noted is not overlooked.
    """

    def __init__(self) -> None:
        self._is_asked = True

    @workflow.signal
    def carry_on(self) -> None:
        """Look once more for rows that wait."""
        self._is_asked = True

    @workflow.run
    async def run(self, digest: str) -> Imported:
        """Open what waits."""
        imported = Imported(opened=0, failed=0)
        while self._is_asked:
            self._is_asked = False
            imported = await workflow.execute_activity_method(Importer.open_rows, digest, **AT_LENGTH)
        return imported
