"""Cases from before the migration are found by 拼音 and voucher after it."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from schema.spelling import spell
from tests.record.paper import Paper
from tests.stack import until_closed

CASE: Final = "QQ-620105-2023-0001"

_COLUMNS: Final = text("SELECT spelt, vouchers FROM case_file ORDER BY case_no")


async def test_old_rows_are_spelt_as_new_ones(engine: AsyncEngine) -> None:
    paper = Paper(engine)
    await paper.receive(CASE, *until_closed())
    await paper.receive("QQ-620105-2023-0002")
    async with engine.begin() as connection:
        expected = (await connection.execute(_COLUMNS)).all()
        await connection.execute(text("UPDATE case_file SET spelt = '', vouchers = '{}'"))
        await connection.run_sync(spell)
        assert (await connection.execute(_COLUMNS)).all() == expected
    assert expected[0].vouchers == ["pz-1"]
    assert "/ an ning qu huan wei ju" in expected[0].spelt
