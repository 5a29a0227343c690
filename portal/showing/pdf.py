"""Documents as PDF, if the server has LibreOffice."""

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import Final

from office.away import ServerAway

NAMES: Final = ("soffice", "libreoffice")
PATIENCE: Final = 60.0
"""The seconds that one document may take."""

_ONE_AT_A_TIME: Final = asyncio.Semaphore(1)


def converter() -> str | None:
    """The path of LibreOffice; None if it is not installed."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


async def pdf_of(docx: bytes, converter: str) -> bytes:
    """Convert a document to PDF.

    Raises:
        ServerAway: LibreOffice failed, or took too long.
    """
    async with _ONE_AT_A_TIME:
        with tempfile.TemporaryDirectory(prefix="qingqian-pdf-") as folder:
            made = Path(folder) / "document.pdf"
            made.with_suffix(".docx").write_bytes(docx)
            await _convert(converter, made.with_suffix(".docx"))
            if not made.exists():
                raise ServerAway(
                    "LibreOffice made no PDF of the document; try again, or take it along for Word"
                )
            return made.read_bytes()


async def _convert(converter: str, source: Path) -> None:
    """Run LibreOffice with a profile of its own, so that no running instance takes the job over; its child processes end with it."""
    running = await asyncio.create_subprocess_exec(
        converter,
        f"-env:UserInstallation=file://{source.parent}/profile",
        *("--headless", "--convert-to", "pdf", "--outdir", str(source.parent), str(source)),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(running.wait(), PATIENCE)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        await running.wait()
