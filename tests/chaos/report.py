"""The report of a run: numbers for programs, and a table for people."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.chaos.judge import Findings


@dataclass(frozen=True)
class Report:
    """The report of one run.

    Attributes:
        kills: Processes killed (SIGKILL), by whom and at which point.
        others: What else was done to them.
        exits: Workers that ended by themselves, by exit code.
        drills: How often Temporal's store was restored from an older copy, or lost.
        commands: The commands that were given; `acknowledged` is the number that somebody got an answer to.
        found: Not acknowledged to anybody, but on record.
        attempts: How often commands were sent; `effects` is what they caused.
        faults: Everything that is wrong, in words.
        left_out: What this machine does not allow, and why.
    """

    seed: int
    seconds: int
    waves: int
    cases: int
    entries: int
    kills: Mapping[str, int]
    others: Mapping[str, int]
    exits: Mapping[str, int]
    drills: Mapping[str, int]
    commands: int
    acknowledged: int
    found: int
    refused: int
    attempts: int
    effects: int
    lost: int
    doubled: int
    overshot: int
    faults: list[str]
    left_out: list[str]

    def write(self, path: Path) -> None:
        """Store it as JSON, and beside it as text."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), "utf-8")
        path.with_suffix(".txt").write_text(self.text(), "utf-8")

    def text(self) -> str:
        """The report as a table."""
        unknown = self.commands - self.acknowledged
        lines = [
            f"seed {self.seed}: {self.cases} cases in {self.waves} waves, {self.entries} entries, {self.seconds} s",
            *_table("kills", self.kills),
            *_table("besides", self.others),
            *_table("workers that ended by themselves", self.exits),
            *_table("drills", self.drills),
            f"{self.commands:6} commands, {self.acknowledged} acknowledged; {unknown} never, of these {self.found} on record",
            f"{self.attempts:6} attempts, {self.effects} effects; {self.refused} strangers refused",
            f"{self.lost:6} lost",
            f"{self.doubled:6} doubled",
            *(f"fault: {fault}" for fault in self.faults),
            *(f"left out: {one}" for one in self.left_out),
        ]
        return "\n".join(lines) + "\n"


def _table(title: str, counts: Mapping[str, int]) -> list[str]:
    return [f"{sum(counts.values()):6} {title}", *(f"{counts[name]:10} {name}" for name in sorted(counts))]


def found_by(findings: Findings, others: list[str]) -> list[str]:
    """All faults, each once, in order."""
    return list(dict.fromkeys([*others, *findings.faults]))
