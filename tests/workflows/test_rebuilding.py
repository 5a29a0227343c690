"""Read models and balances are rebuilt from the journal, and the journal is completed from the workflow histories."""

from datetime import date

import pytest

from office.repair.rebuilding import rebuild
from office.verification.verifying import verify
from tests.stack import FINANCE, PROMPT, Desk, agreed, batch_order, order, until_closed, until_planned
from tests.workflows.test_bonds import APPROVE, act, arrive, pass_cut_off
from tests.workflows.test_verify import tamper

PART = order("fund", FINANCE, source="budget", amount="100万元", reference="1号")


@pytest.mark.usefixtures("at_rest")
async def test_read_model_transfers_and_balances_are_made_from_the_journal(desk: Desk) -> None:
    closed = await desk.open(*until_closed())
    case_no = await desk.open(*until_planned("50万元"))
    batch_no = await desk.open_batch("80万元")
    await pass_cut_off(desk, batch_no)
    await act(desk, batch_no, APPROVE, arrive("20万元", "1号"))
    shown = [await desk.show(one) for one in (closed, case_no)]
    await tamper(
        desk.engine,
        f"DELETE FROM case_file WHERE case_no = '{closed}'",
        f"UPDATE case_file SET stage = 'closed', state = state - 'plan' WHERE case_no = '{case_no}'",
        "DELETE FROM bond_request",
        "UPDATE bond_batch SET stage = 'open'",
        f"DELETE FROM transfer WHERE credit = 'in_transit:{closed}'",
        "UPDATE account SET credits_fen = credits_fen + 1",
    )
    assert not (await verify(desk.client, desk.engine))["ok"]
    assert await rebuild(desk.client, desk.engine) == agreed(2, batches=1) | {"completed": 0}
    assert [await desk.show(one) for one in (closed, case_no)] == shown


@pytest.mark.long
@pytest.mark.usefixtures("at_rest")
async def test_tallies_that_differ_are_named_by_their_office_and_counted_anew(desk: Desk) -> None:
    await desk.open()
    await desk.open(office="620302")
    assert await verify(desk.client, desk.engine) == agreed(2)
    await tamper(
        desk.engine,
        "INSERT INTO tally SELECT * FROM tally WHERE holder = '620302' AND kind = 'standing'",
        "DELETE FROM tally WHERE holder = '620105' AND kind = 'month'",
    )
    result = await verify(desk.client, desk.engine)
    assert result["differences"] == [
        f"{office}: tallies: what overviews add up is not what the office's cases say"
        for office in ("620105", "620302")
    ]
    assert "qingqian rebuild" in result["remedies"][0]["message"]
    assert await rebuild(desk.client, desk.engine) == agreed(2) | {"completed": 0}


@pytest.mark.long
async def test_what_an_older_record_lacks_is_written_again_as_it_was(desk: Desk) -> None:
    """Documents included: the entries have the hashes that the workflow acknowledged."""
    case_no = await desk.open(*until_planned(source="budget"), rules=PROMPT)
    await desk.move_to(date(2023, 12, 27))
    await desk.cases.act(case_no, PART)
    before = await desk.journal(case_no)
    assert {"notice_issued", "funds_arrived"} <= {event.kind for event in before}
    await tamper(
        desk.engine,
        "DELETE FROM event WHERE seq > 5",
        "DELETE FROM effect WHERE last_seq > 5",
        "DELETE FROM transfer",
        "DELETE FROM account",
        "DELETE FROM outbox",
        "DELETE FROM document WHERE notice NOT IN ('acceptance', 'forwarding')",
    )
    result = await rebuild(desk.client, desk.engine, [case_no])
    assert result == agreed(1) | {"completed": len(before) - 5}
    assert await desk.journal(case_no) == before


@pytest.mark.long
@pytest.mark.usefixtures("at_rest")
async def test_what_somebody_forged_is_not_covered_up(desk: Desk) -> None:
    case_no = await desk.open(*until_closed())
    await tamper(
        desk.engine, "UPDATE event SET data = jsonb_set(data, '{to}', '\"620100\"') WHERE kind = 'forwarded'"
    )
    result = await rebuild(desk.client, desk.engine)
    assert result["differences"] == [f"{case_no}: journal: entry 3 has been altered: its hash does not fit"]


@pytest.mark.long
async def test_a_batch_of_an_older_record_learns_again_what_it_did(desk: Desk) -> None:
    batch_no = await desk.open_batch("80万元")
    await pass_cut_off(desk, batch_no)
    await act(desk, batch_no, APPROVE, batch_order("close_batch", FINANCE))
    await tamper(
        desk.engine,
        "DELETE FROM event WHERE seq > 3",
        "DELETE FROM effect WHERE last_seq > 3",
        "DELETE FROM transfer WHERE debit LIKE 'quota:%'",
        "UPDATE account SET debits_fen = 0",
    )
    assert await rebuild(desk.client, desk.engine) == agreed(0, batches=1) | {"completed": 1}
