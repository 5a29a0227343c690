"""The named points at which a worker can kill itself, apart from those before and after a commit."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import activities.record
from activities.bonds import BondRecorder
from activities.documents.issuing import issued
from schema import bonds
from workflows.bond_batch import BondBatch
from workflows.course import Course


class Point(NamedTuple):
    """A function on whose call the worker dies, and the object that holds it. The function itself is given, not its name, so that
    renaming it fails here.
    """

    owner: Any
    function: Callable[..., Any]


POINTS: Final[dict[str, Point]] = {
    "receiving": Point(Course, Course._receive),
    "in the handler": Point(Course, Course._record),
    "before the marker": Point(Course, Course._become),
    "continuing as new": Point(Course, Course._continue_as_new),
    "re-dating": Point(Course, Course._decide_rules),
    "catching up": Point(Course, Course._catch_up),
    "issuing": Point(activities.record, issued),
    "allocating": Point(bonds, bonds.allocate),
    "announcing": Point(bonds, bonds.announce),
    "batch moving": Point(BondBatch, BondBatch._move),
    "telling": Point(BondRecorder, BondRecorder._tell),
    "told": Point(bonds, bonds.mark),
}
"""`_become` and `_move` are called when the record has answered, but no history has the marker yet."""
