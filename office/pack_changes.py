"""Comparing rule packs: which rules differ, and what would change for the open cases under the old pack."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.case.casefile import Case
from domain.case.duties import moved, recounted
from domain.case.handling.policy import strange_office
from domain.case.ladder import forecast
from domain.facts import OfDuty
from domain.rules import RulePack, Rules
from schema import casefiles

_SCALARS = (
    *("reply_within", "spread", "allocation_order", "office_hours", "channels", "version"),
    *("two_persons", "least", "single_suspension"),
)


def differences(old: RulePack, new: RulePack) -> list[dict[str, Any]]:
    """The differences as `{path, old, new}`; None if one side lacks the value."""
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    found = [
        *_compared("duties", before["duties"], after["duties"]),
        *_compared("ladder", _by_level(before), _by_level(after)),
        *_compared("offices", _named(before), _named(after)),
    ]
    for name in _SCALARS:
        if before[name] != after[name]:
            found.append({"path": name, "old": before[name], "new": after[name]})
    return found


def _by_level(pack: Mapping[str, Any]) -> dict[str, Any]:
    """The rungs by level, with the side or duty in the key if the rung is not for everybody."""
    return {
        ".".join(filter(None, (rung["duty"] or rung["against"], rung["level"]))): rung
        for rung in pack["ladder"]
    }


def _named(pack: Mapping[str, Any]) -> dict[str, Any]:
    return {code: {"name": name} for code, name in pack["offices"].items()}


def _compared(path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key, {}), new.get(key, {})
        for field in sorted(before.keys() | after.keys()):
            if before.get(field) != after.get(field):
                yield {"path": f"{path}.{key}.{field}", "old": before.get(field), "new": after.get(field)}


async def changed_cases(
    connection: AsyncConnection, old: RulePack, new: RulePack, now: datetime
) -> list[dict[str, Any]]:
    """The open cases under `old` for which `new` would change something, with the changes. Cases whose office `new` lacks are left
    out, because they could not adopt it.
    """
    found = []
    after = ""
    while page := await casefiles.open_cases(connection, after):
        for case, rules in page:
            is_one = case.ended is None and rules.pack_name == old.name
            other = new.for_case(rules.calendar)
            if is_one and strange_office(case, other) is None:
                changed = _changed(case, rules, other, now)
                if changed["deadlines"] or changed["ladder"]:
                    found.append(changed)
        after = page[-1][0].case_no
    return found


def _changed(case: Case, old: Rules, new: Rules, now: datetime) -> dict[str, Any]:
    """The changes for a case from now on, if nobody acts: `{case_no, title, deadlines: […], ladder: [{duty, subject, level, was,
    on}]}`.
    """
    was, on = _climbs(case, old, now), _climbs(_under(case, new), new, now)
    return {
        "case_no": case.case_no,
        "title": case.receipt.title,
        "deadlines": [one.model_dump(mode="json") for one in moved(case, new)],
        "ladder": [
            {"duty": duty, "subject": subject, "level": level, "was": was.get(key), "on": on.get(key)}
            for key in sorted(was.keys() | on.keys(), key=str)
            if was.get(key) != on.get(key)
            for duty, subject, level in (key,)
        ],
    }


def _under(case: Case, rules: Rules) -> Case:
    """The case as if it had adopted the rules."""
    dated = {duty.key: duty for duty in recounted(case, rules)}
    return case.model_copy(update={"duties": tuple(dated.get(duty.key, duty) for duty in case.duties)})


def _climbs(case: Case, rules: Rules, now: datetime) -> dict[tuple[str, str | None, str], str]:
    """The day on which each duty reaches each level."""
    return {
        (event.fact.duty, event.fact.subject, event.fact.level): event.on.isoformat()
        for event in forecast(case, rules, now)
        if isinstance(event.fact, OfDuty) and event.fact.duty and event.fact.level
    }
