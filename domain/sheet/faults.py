"""What is wrong with a sheet, or has to be looked at: each place with its cell, and what is said alike of many cells said once."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

WHOLE_FILE: Final = "文件"
"""Stands for a cell where the fault is of the file."""

_CELLS_SHOWN: Final = 8


class Fault(NamedTuple):
    """What is wrong, and in which cell (`F12`; `文件`, when it is the file): in Chinese, and in English."""

    cell: str
    message: str
    detail: str

    def __str__(self) -> str:
        return f"{self.cell}: {self.message} {self.detail}"


class Group(NamedTuple):
    """What is said alike of some cells, in Chinese, and in English."""

    cells: Sequence[str]
    message: str
    detail: str

    @property
    def where(self) -> tuple[str, str]:
        """For a page, which has little room: the first cells by name, and how many more there are, in Chinese and in English."""
        more = len(self.cells) - _CELLS_SHOWN
        chinese, in_english = "、".join(self.cells[:_CELLS_SHOWN]), ", ".join(self.cells[:_CELLS_SHOWN])
        if more > 0:
            return f"{chinese} 等,另有 {more} 处", f"{in_english} … {more} more"
        return chinese, in_english

    def __str__(self) -> str:
        return f"{', '.join(self.cells)}: {self.message} {self.detail}"


def grouped(faults: Iterable[Fault]) -> list[Group]:
    """Faults by what they say, in the order in which each is said first."""
    found: dict[tuple[str, str], list[str]] = {}
    for fault in faults:
        found.setdefault((fault.message, fault.detail), []).append(fault.cell)
    return [Group(cells, *said) for said, cells in found.items()]
