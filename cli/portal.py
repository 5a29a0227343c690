"""`qingqian portal`: the window alone."""

from typing import Annotated

import typer

from cli.options import DATA, DONE, Data, finish
from portal.serve import serve
from runtime.logs import configure_logs
from runtime.settings import read_settings


def portal(
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for a free one.")] = 8080,
    data: Data = DATA,
) -> None:
    """Serve the window alone, on the stack that `dev` runs or the environment names. Ctrl-C stops it."""

    async def run() -> int:
        await serve(data, host, port, read_settings())
        return DONE

    configure_logs("info")
    finish(run(), as_json=False)
