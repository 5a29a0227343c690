"""`verify` notices when journal, ledger, read model and history do not tell the same story."""

import pytest
from sqlalchemy import text

from runtime.verification import verify
from tests.stack import CLERK, Desk, agreed, order

TAMPERINGS = {
    "an entry is altered": (
        "UPDATE event SET data = jsonb_set(data, '{to}', '\"620100\"') WHERE kind = 'forwarded'",
        "journal: entry 3 has been altered",
    ),
    "an entry is missing": (
        "DELETE FROM event WHERE seq = 2",
        "journal: entry 2 is missing",
    ),
    "a column of the list differs": (
        "UPDATE case_file SET stage = 'closed'",
        "read model: stage differs: stored closed, journal transfer",
    ),
    "money appears from nowhere": (
        "INSERT INTO account (id, credits_fen, debits_fen, debits_pending_fen, credits_pending_fen) "
        "SELECT 'available:' || case_no, 100, 0, 0, 0 FROM case_file",
        "ledger: available, balance: ledger 1.00元, journal 0.00元",
    ),
}


async def lived_a_little(desk: Desk) -> str:
    return await desk.open(order("accept", CLERK), order("forward", CLERK, to="debtor"))


async def tamper(desk: Desk, statement: str) -> None:
    """Change the record behind the guards' back, as only the owner of the database can."""
    async with desk.engine.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        await connection.execute(text(statement))


async def test_a_sound_record_has_no_differences(desk: Desk) -> None:
    case_no = await lived_a_little(desk)
    assert await verify(desk.client, desk.engine) == agreed(1)
    unknown = await verify(desk.client, desk.engine, [case_no, "QQ-1"])
    assert (unknown["ok"], unknown["cases"], unknown["differences"]) == (
        False,
        1,
        ["QQ-1: there is no such case or batch"],
    )


@pytest.mark.parametrize(("statement", "difference"), TAMPERINGS.values(), ids=TAMPERINGS)
async def test_what_was_tampered_with_is_named(desk: Desk, statement: str, difference: str) -> None:
    case_no = await lived_a_little(desk)
    await tamper(desk, statement)
    result = await verify(desk.client, desk.engine)
    assert not result["ok"]
    assert any(found.startswith(f"{case_no}: {difference}") for found in result["differences"]), result


async def test_a_record_restored_from_yesterday_lacks_what_the_workflow_was_told(desk: Desk) -> None:
    case_no = await lived_a_little(desk)
    await tamper(desk, "DELETE FROM event WHERE seq >= 3")
    result = await verify(desk.client, desk.engine)
    lost = f"{case_no}: history: entry 3 was recorded and acknowledged, and is not on record"
    assert lost in result["differences"]
