"""The contract's names, which may not drift. Other programs are written against them."""

from enum import StrEnum
from pkgutil import iter_modules
from typing import get_args

import pytest

from domain import commands, facts, telling
from domain import commands as c
from domain.actors import Role
from domain.bonds.commands import AnyBatchCommand
from domain.case import handling
from domain.case.orders import ORDERS
from domain.duty import DutyKind
from domain.facts import BatchFact, CaseFact
from domain.refusal import Code, Refusal
from domain.telling.words import DUTIES, MODES, NOTICES, ROLES, SOURCES, STAGES, STEPS
from domain.value import LIFE, Light, Mode, NoticeKind, SourceKind, Stage, Step

COMMANDS = """accept refuse request_correction supply_correction forward acknowledge recognise endorse object unfounded plan fund
report_payment confirm_receipt dispute_receipt bounce resolve_dispute rate call_back close extend suspend resume escalate approve_step
decline_step relieve withdraw keep confirm_withdrawal go_judicial reopen adopt_policy approve return_submission adjust
judgment answer attest_receipt reverse deem_endorsed determine hand_out appeal uphold return_up reassign
summon interview_held fulfil publicise credit_record substitute correct
assign remark contact serve attach detach ask_time merge fix_interest waive_interest"""

REFUSALS = """not_yours wrong_stage amounts_do_not_add_up exceeds_owed exceeds_plan funds_not_available voucher_reused
reference_reused command_reused unknown_voucher already_lapsed beyond_ceiling four_eyes suspended not_suspended date_in_future
date_before_case case_ended malformed not_eligible evidence_missing duplicate"""

KINDS = """received accepted refused correction_requested correction_supplied forwarded acknowledged recognised endorsed objected
found_unfounded planned bond_requested bond_included bond_ineligible bond_funds_arrived funds_arrived funds_returned payment_reported
receipt_confirmed receipt_disputed payment_bounced dispute_resolved rated called_back closed extended suspended resumed deadline_near
deadline_lapsed escalated step_proposed step_approved step_declined relieved redated withdrawn went_judicial reopened
notice_issued policy_adopted submitted approved returned
adjusted fell_due judgment_entered answered receipt_attested payment_honoured payment_reversed
endorsement_deemed determined handed_out appealed upheld returned_up reassigned credit_recorded taken_in late_on_entry
withdrawal_asked withdrawal_kept summoned interview_held fulfilled publicised substituted corrected
assigned remarked contacted served attached detached time_asked merged absorbed interest_fixed interest_waived"""


def _of_union(union: object, field: str) -> set[str]:
    return {member.model_fields[field].default for member in get_args(union)}


def test_commands_are_those_of_the_contract() -> None:
    assert _of_union(c.AnyCommand, "do") == set(COMMANDS.split())
    assert _of_union(AnyBatchCommand, "do") == {"exclude", "approve", "decline", "arrive", "close_batch"}


def test_every_command_has_its_row_in_the_table_of_orders() -> None:
    assert set(ORDERS) == set(get_args(c.AnyCommand))


def test_every_stage_has_its_module_in_all_four_rooms_and_evolve_knows_it() -> None:
    stages = set(handling.__all__)
    for room in (handling, commands, facts, telling):
        found = {module.name for module in iter_modules(room.__path__)}
        assert stages <= found, room.__name__
    assert stages == {module.name for module in iter_modules(handling.__path__)}


def test_journal_kinds_are_those_of_the_contract() -> None:
    assert _of_union(CaseFact, "kind") == set(KINDS.split())
    assert _of_union(BatchFact, "kind").isdisjoint(KINDS.split())


def test_refusal_codes_are_those_of_the_contract() -> None:
    assert [code.value for code in Code] == REFUSALS.split()


def test_a_refusal_is_told_in_both_languages() -> None:
    refusal = Refusal(Code.EXCEEDS_PLAN, "超出计划", "above the plan", "amount")
    told = {"code": "exceeds_plan", "field": "amount", "message": "超出计划", "detail": "above the plan"}
    assert refusal.to_json() == told
    assert str(refusal) == "exceeds_plan: above the plan"
    assert Refusal(Code.FOUR_EYES, "两人", "two people").to_json()["field"] is None


@pytest.mark.parametrize(
    ("names", "written"),
    [
        (LIFE, "intake transfer verification funding bonding payment review closed"),
        (
            Stage,
            "intake transfer verification funding bonding payment review closed refused unfounded withdrawn judicial"
            " merged handed_out",
        ),
        (Mode, "transferred supervised key_supervised taken_over referred"),
        (Light, "none blue yellow red"),
        (Step, "interview referred credit_record"),
        (NoticeKind, "prompt urging supervision supervision_letter interview takeover circular"),
        (SourceKind, "budget transfer_payment assets bond special_bond loan own_funds"),
        (
            DutyKind,
            "intake correction transfer acknowledgement response verification endorsement approval objection dispute follow_up dating"
            " falling_due funding bonding instalment confirmation attestation answer interest promise"
            " review strike_off voluntary appeal gate",
        ),
    ],
)
def test_values_are_those_of_the_contract_in_their_order(names: type[StrEnum], written: str) -> None:
    assert [name.value for name in names] == written.split()


def test_lights_grow_worse() -> None:
    assert [light.severity for light in Light] == [0, 1, 2, 3]


def test_modes_rise() -> None:
    assert [mode.rank for mode in Mode] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (STAGES, Stage),
        (DUTIES, DutyKind),
        (MODES, Mode),
        (SOURCES, SourceKind),
        (NOTICES, NoticeKind),
        (STEPS, Step),
        (ROLES, Role),
    ],
)
def test_every_name_has_a_word_of_its_own(words: dict[str, str], named: type[StrEnum]) -> None:
    assert set(words) == set(named)
    assert len(set(words.values())) == len(words)
