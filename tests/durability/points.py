"""The named points at which a worker can be made to kill itself, besides those before and after a commit."""

from typing import Any, Final

import activities.record
from activities.bonds import BondRecorder
from schema import bonds
from workflows.bond_batch import BondBatch
from workflows.course import Course

POINTS: Final[dict[str, tuple[Any, str]]] = {
    "receiving": (Course, "_receive"),
    "in the handler": (Course, "_record"),
    "before the marker": (Course, "_take"),
    "continuing as new": (Course, "_continue_as_new"),
    "re-dating": (Course, "_decide_rules"),
    "catching up": (Course, "_catch_up"),
    "issuing": (activities.record, "issued"),
    "allocating": (bonds, "allocate"),
    "announcing": (bonds, "announce"),
    "batch moving": (BondBatch, "_move"),
    "telling": (BondRecorder, "_tell"),
    "told": (bonds, "mark"),
}
"""The call on which it dies. `_take` and `_move` come when the record has answered and no history has the marker of it."""
