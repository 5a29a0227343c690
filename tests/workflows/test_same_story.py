"""The same random commands, given to the rules alone and to the live stack, get the same answers and lead to the same case."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from domain.case.decider import carry_out
from domain.case.view import case_json
from domain.commands import AnyCommand, Attach, Fund, Serve
from domain.evidence import stored_as
from domain.refusal import Code, Refusal
from office.verification.verifying import verify
from schema import ledger
from tests.domain.chance import Chance
from tests.domain.story import CASE_NO, Story
from tests.domain.test_machine import GOING_ON, SERVES, WHEN
from tests.stack import PROMPT, Desk, receipt

pytestmark = pytest.mark.long

_COMMANDS = 16
_LIVE = [do for do in GOING_ON if do != "adopt_policy"]


def ordered(told: Story, data: st.DataObject) -> AnyCommand:
    """Usually a command that is owed, sometimes another possible one, rarely any."""
    owed = [step for duty in told.case.duties for step in SERVES[duty.duty]]
    owed += ["report_payment"] if told.case.available_fen else []
    owed = ["resume"] if told.case.suspended else owed
    possible = [do for do in _LIVE if WHEN[do](told.case)]
    do = data.draw(st.sampled_from([*owed * 4, *possible, *_LIVE[:3]]))
    chance = Chance(told, data)
    return told.command(do, chance.giver(do), **chance.fields(do))


def by_the_rules(told: Story, command: AnyCommand) -> Code | list[str]:
    """The kinds of events that a command causes, or the code of its refusal."""
    try:
        events = carry_out(told.case, command, told.rules, told.now)
    except Refusal as refusal:
        return refusal.code
    return [event.kind for event in told.happened(events)]


async def live(desk: Desk, case_no: str, command: AnyCommand) -> Code | list[str]:
    """The kinds of events, or the code of a refusal, on the live stack, where the case has another number."""
    if isinstance(command, Attach):
        command = command.model_copy(update={"attachment": stored_as(case_no, command.sha256)})
    if isinstance(command, Serve):
        number = command.document.replace(CASE_NO.removeprefix("QQ-"), case_no.removeprefix("QQ-"))
        command = command.model_copy(update={"document": number})
    before = len(await desk.kinds(case_no))
    try:
        await desk.cases.act(case_no, command)
    except Refusal as refusal:
        return refusal.code
    return (await desk.kinds(case_no))[before:]


def essence(shown: dict[str, Any]) -> dict[str, Any]:
    """The shown fields of a case, except those that the rules do not decide: its number, its documents and papers, and the
    contacts.
    """
    beside = (
        *("case_no", "documents", "attachments", "missing_evidence"),
        *("contact", "debtor_contact"),
    )
    return {name: value for name, value in shown.items() if name not in beside}


@settings(
    max_examples=5,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.data_too_large,
    ],
)
@given(data=st.data())
async def test_a_live_case_is_answered_and_becomes_what_the_rules_say(
    desk: Desk, data: st.DataObject
) -> None:
    told = Story(receipt(), rules=PROMPT)
    case_no = await desk.open(rules=PROMPT)
    for _ in range(_COMMANDS):
        command = ordered(told, data)
        if isinstance(command, Fund):  # No two cases get money under one reference.
            command = command.model_copy(update={"reference": f"{case_no} {command.reference}"})
        note(str(command))
        assert await live(desk, case_no, command) == by_the_rules(told, command)
    assert essence(await desk.show(case_no)) == essence(case_json(told.case, told.today))
    async with desk.engine.connect() as connection:
        kept = await ledger.balances(connection, case_no)
    _, available_fen = kept.get("available", (0, 0))
    _, received_fen = kept.get("received", (0, 0))
    assert (available_fen, received_fen) == (told.case.available_fen, told.case.cleared_fen)
    assert (await verify(desk.client, desk.engine, [case_no]))["differences"] == []
