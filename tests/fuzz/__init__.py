"""Input by chance, from a seed that each failure names: whatever is sent is answered, soon, and in little memory.

`FUZZ` is how many inputs each test makes, and `SEED` where chance begins: `make fuzz FUZZ=1000 SEED=7`.
"""

import os
from collections.abc import Iterator
from random import Random
from typing import Final

ROUNDS: Final = int(os.environ.get("FUZZ", "6"))
SEED: Final = int(os.environ.get("SEED", "2026"))


def chances(what: str) -> Iterator[tuple[str, Random]]:
    """Chance for each round of a test, and what the round is called: equal names and seeds draw the same."""
    for number in range(ROUNDS):
        name = f"{what} #{number} of SEED={SEED}"
        yield name, Random(name)
