"""Faults and questions about a sheet, each with its cell. The same message for many cells is grouped."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

WHOLE_FILE: Final = "文件"
"""Stands for the cell of a fault that concerns the whole file."""

_CELLS_SHOWN: Final = 8


class Fault(NamedTuple):
    """A fault in Chinese and in English, and its cell (`F12`, or `文件` for the whole file)."""

    cell: str
    message: str
    detail: str

    def __str__(self) -> str:
        return f"{self.cell}: {self.message} {self.detail}"


class Group(NamedTuple):
    """A message in Chinese and in English, and the cells that it concerns."""

    cells: Sequence[str]
    message: str
    detail: str

    @property
    def where(self) -> tuple[str, str]:
        """The first cells and the number of further ones, in Chinese and in English, for a page with little room."""
        more = len(self.cells) - _CELLS_SHOWN
        chinese, in_english = "、".join(self.cells[:_CELLS_SHOWN]), ", ".join(self.cells[:_CELLS_SHOWN])
        if more > 0:
            return f"{chinese} 等,另有 {more} 处", f"{in_english} … {more} more"
        return chinese, in_english

    def __str__(self) -> str:
        return f"{', '.join(self.cells)}: {self.message} {self.detail}"


def grouped(faults: Iterable[Fault]) -> list[Group]:
    """Group faults with the same message, in the order in which each message first occurs."""
    found: dict[tuple[str, str], list[str]] = {}
    for fault in faults:
        found.setdefault((fault.message, fault.detail), []).append(fault.cell)
    return [Group(cells, *said) for said, cells in found.items()]
