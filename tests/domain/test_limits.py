"""What a case takes has an end, and what follows from one command takes milliseconds."""

from datetime import date, timedelta
from itertools import pairwise
from time import process_time
from typing import Any

import pytest
from pydantic import ValidationError

from domain.bonds.batch import begin_batch, decide_batch, evolve_batch, open_batch
from domain.bonds.commands import BatchOpening, read_batch_command
from domain.calendar import business_instant
from domain.case.decider import carry_out
from domain.command_base import MOST_REMEMBERED
from domain.commands import AnyCommand
from domain.limits import MOST_OF_BATCH, within_sight
from domain.money import PEOPLE
from domain.refusal import Refusal
from tests.domain.story import FINANCE, HEAD, Story, story_at

TOO_LARGE = 2 * 2**20
"""Bytes of a payload that Temporal refuses, and with it the next run of a case."""


def _used(told: Story, kind: str, times: int) -> Story:
    """A story in which something has happened so often."""
    told.case = told.case.model_copy(update={"times": {kind: times}})
    return told


@pytest.mark.parametrize(
    ("point", "do", "kind", "most"),
    [
        ("cleared", "rate", "rated", 10),
        ("funded", "report_payment", "payment_reported", 500),
        ("planned", "fund", "funds_arrived", 200),
        ("planned", "extend", "extended", 200),
        ("planned", "suspend", "suspended", 50),
        ("received", "request_correction", "correction_requested", 50),
        ("recognised", "object", "objected", 50),
    ],
)
def test_a_case_takes_only_so_much_of_a_kind(point: str, do: str, kind: str, most: int) -> None:
    fields = {"paid_on": "2023-07-10"} if do == "report_payment" else {}
    refusal = _used(story_at(point), kind, most).refused(do, **fields)
    assert (refusal.code, f"({most} 次)" in refusal.message) == ("malformed", True)
    assert f"at most {most} " in refusal.detail
    assert _used(story_at(point), kind, most - 1).do(do, **fields)


def test_what_people_have_happen_is_counted() -> None:
    told = story_at("cleared")
    for _ in range(10):
        told.do("rate", command_id=f"rate-{len(told.journal)}")
    assert told.case.times["rated"] == 10
    assert told.refused("rate").code == "malformed"
    assert told.replayed() == told.case
    assert told.do("call_back")


def test_a_signal_beyond_the_limit_does_nothing() -> None:
    assert _used(story_at("planned"), "escalated", 50).signalled("supervised") == []


def test_an_instalment_is_extended_by_ninety_days_in_all() -> None:
    told = story_at("planned")
    for number in range(9):
        told.do("extend", days=10, command_id=f"extend-{number}")
    refusal = told.refused("extend", days=1)
    assert (refusal.code, refusal.field) == ("beyond_ceiling", "days")


def test_a_batch_takes_only_so_many_commands_but_always_ends() -> None:
    opening = BatchOpening.model_validate(
        {
            "name": "第一批",
            "office": "620105",
            "quota": "100万元",
            "opens_on": "2023-08-01",
            "allocates_on": "2023-09-10",
        },
        context=PEOPLE,
    )
    now = business_instant(date(2023, 8, 2))
    batch = begin_batch("BB-620105-2023-01", [open_batch(opening, ("case_no",), now)])
    batch = batch.model_copy(update={"commands": {str(number): "" for number in range(MOST_OF_BATCH - 1)}})

    def order(do: str, by: str, **fields: Any) -> Any:
        return read_batch_command({"do": do, "by": by, "command_id": do, **fields})

    exclude = order("exclude", FINANCE, case_no="QQ-620105-2023-0001", reason="经常性支出")
    (event,) = decide_batch(batch, exclude, now)
    full = evolve_batch(batch, event)
    again = exclude.model_copy(update={"command_id": "again"})
    with pytest.raises(Refusal, match=f"at most {MOST_OF_BATCH}"):
        decide_batch(full, again, now)
    allocated = full.model_copy(update={"stage": "allocated"})
    assert decide_batch(allocated, order("decline", HEAD, reason="未获批准"), now)


def test_a_batch_is_not_opened_for_another_generation() -> None:
    written = {"name": "第一批", "office": "620105", "quota": 1, "opens_on": "2023-08-01"}
    far = BatchOpening.model_validate(written | {"allocates_on": "2053-08-03"})
    with pytest.raises(Refusal, match="more than 30 years"):
        within_sight(far, date(2023, 8, 2))
    within_sight(far, date(2023, 8, 3))


def _plan(count: int, first: date = date(2023, 8, 1)) -> dict[str, Any]:
    days = [first + timedelta(days=30 * number) for number in range(count)]
    each = 400_0000_00 // count
    amounts = [each + (400_0000_00 - each * count if number == 0 else 0) for number in range(count)]
    return {
        "sources": [{"kind": "budget", "amount": "400万元"}],
        "instalments": [
            {"due_on": str(day), "amount": f"{fen // 100}.{fen % 100:02d}"}
            for day, fen in zip(days, amounts, strict=True)
        ],
    }


def _suspended_three_times() -> Story:
    told = story_at("endorsed")
    for number in range(3):
        until = f"2023-06-{7 + 7 * number:02d}"
        told.on(f"2023-06-{1 + 7 * number:02d}").do("suspend", command_id=f"s{number}", until=until)
        told.on(f"2023-06-{6 + 7 * number:02d}").do("resume", command_id=f"r{number}")
    return told


def test_a_plan_has_at_most_120_instalments() -> None:
    told = story_at("endorsed")
    with pytest.raises(ValidationError, match="at most 120"):
        told.do("plan", **_plan(121))
    assert told.do("plan", **_plan(120))


def _seconds(told: Story, command: AnyCommand) -> float:
    """What deciding a command takes, at best of five: a busy machine makes all others longer. It is compared with another, for that
    machine makes the best longer as well.
    """
    taken = []
    for _ in range(5):
        begun = process_time()
        carry_out(told.case, command, told.rules, told.now)
        taken.append(process_time() - begun)
    return min(taken)


def test_a_plan_takes_as_long_as_its_instalments_are_many() -> None:
    told = _suspended_three_times()
    few, many = (_seconds(told, told.command("plan", **_plan(count))) for count in (15, 120))
    assert many < few * 8 * 2.5


def test_a_suspension_of_decades_is_passed_in_one_step() -> None:
    taken = []
    for until, resumed_on in (("2023-09-01", "2023-08-31"), ("2053-05-01", "2053-04-30")):
        told = story_at("endorsed")
        told.do("plan", **_plan(120))
        told.approved("suspend", until=until, ground="court")
        taken.append(_seconds(told, told.on(resumed_on).command("resume")))
    months, decades = taken
    assert decades < months * 5


def test_plans_of_earlier_days_leave_nothing_behind() -> None:
    told = story_at("endorsed")
    sizes = []
    for number in range(6):
        told.on(str(date(2023, 6, 26) + timedelta(days=number)))
        told.do("plan", **_plan(60, date(2023, 9, 1)), reason="调整", command_id=f"plan-{number}")
        sizes.append(len(told.case.model_dump_json()))
    assert all(later - earlier < 200 for earlier, later in pairwise(sizes[1:]))
    assert told.replayed() == told.case


def test_the_fullest_case_fits_into_what_a_run_can_carry_on() -> None:
    told = story_at("endorsed")
    told.do("plan", **_plan(120))
    told.on("2023-07-10").do("fund", amount="400万元")
    told.do("report_payment", voucher="1", amount="1元", paid_on="2023-07-10")
    case, (payment,), duty = told.case, told.case.payments, told.duty("confirmation", "1")
    vouchers = [f"{number:04d}{'凭' * 96}" for number in range(500)]
    keys = [f"confirmation/{voucher}/2023-07-10" for voucher in vouchers]
    changes = {
        "payments": tuple(payment.model_copy(update={"voucher": voucher}) for voucher in vouchers),
        "duties": (*case.duties, *(duty.model_copy(update={"subject": voucher}) for voucher in vouchers)),
        "levels": dict.fromkeys(keys, "lapsed"),
        "met_on": dict.fromkeys(keys, date(2023, 7, 10)),
        "references": tuple(f"{number:04d}{'文' * 96}" for number in range(200)),
        "commands": tuple((f"{number:016x}", "0" * 16) for number in range(MOST_REMEMBERED)),
    }
    full = case.model_copy(update=changes)
    assert TOO_LARGE // 3 < len(full.model_dump_json().encode()) < TOO_LARGE // 2
