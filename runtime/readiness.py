"""What a server does before it serves."""

import gc
from functools import cache
from typing import Final

from domain.commands import COMMAND
from domain.value import build

COLLECTED_AFTER: Final = (20_000, 20, 100)
"""When Python looks for garbage that refers to itself. By default it does so after 700 new objects, of which a command makes thousands
that last until it is answered: a twentieth of a worker's CPU (`benchmarks/README.md`).
"""


@cache
def get_ready() -> None:
    """Build the validators of all types, once in a process: else whoever needs one first waits, and threads that need it at once
    build it twice. From then on garbage is collected at a server's pace.
    """
    build()
    COMMAND.rebuild()
    gc.set_threshold(*COLLECTED_AFTER)
