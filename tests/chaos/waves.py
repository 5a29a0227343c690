"""A wave: the cases and the bond batch of one office live through three months while the monkey acts."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from typing import Final

from domain.calendar import business_instant
from domain.rules import Rules
from office.calendar.files import NoticeFile, WrittenDay
from office.calendar.loading import calendar_of
from office.faults import Faults
from office.packs import load_pack
from office.redating import load_notice, redate_all, waiting
from schema.window.openings import Key
from tests.chaos.house import House, drill
from tests.chaos.lives import (
    APPROVED,
    ARRIVED,
    CUT_OFF,
    DAYS,
    INTERVIEWED,
    RECEIVED,
    REDATED,
    REST,
    Life,
    of_batch,
)
from tests.chaos.model import WANTS_BONDS, Plan, Plot, shares
from tests.stack import ORDER, RECEIVED_ON, batch, receipt

OFFICES: Final = load_pack("gansu").offices

LENGTH: Final = 91
"""The days from one wave to the next."""

TOLD: Final = ("announcing", "telling", "told")
LURKS: Final = {
    RECEIVED: ("receiving",),
    APPROVED: ("allocating", "batch moving", *TOLD),
    ARRIVED: ("batch moving", *TOLD),
    REST: TOLD,
    REDATED: ("re-dating",),
    INTERVIEWED: ("issuing", "before the marker"),
}
"""The points at which the monkey waits, from which day on."""


class Wave:
    """One wave. Its number determines its office and its days."""

    def __init__(self, house: House, number: int, plans: Sequence[Plan]) -> None:
        offices = sorted(office for office in OFFICES if not office.endswith("00"))
        self._house, self._number = house, number
        self._office = offices[number % len(offices)]
        self._since = RECEIVED_ON + timedelta(days=number * LENGTH)
        self._lives = [Life(plan, self._office, self._since) for plan in plans]
        self._batch_no = ""

    async def live(self) -> None:
        """Live through the wave day by day."""
        house = self._house
        for day in DAYS:
            house.monkey.wake()
            house.monkey.lie_in_wait(LURKS.get(day, ()))
            await house.clocks.move_to(business_instant(self._since + timedelta(days=day), 10))
            house.tell(f"wave {self._number} day {day}")
            await drill(house, self._number, day)
            await self._people_act(day)
            await house.clocks.settle()

    async def _people_act(self, day: int) -> None:
        house = self._house
        if day == RECEIVED:
            await self._open()
        if day == APPROVED:
            self._learn_shares()
        awaited = sum(life.share for life in self._lives if life.plan.plot is Plot.BONDED)
        await asyncio.gather(
            house.people.order(self._batch_no, of_batch(self._batch_no, self._office, day, awaited)),
            *(house.people.order(life.number, life.on(day)) for life in self._lives),
            *([self._redate()] if day == REDATED else []),
        )

    async def _open(self) -> None:
        """Open the batch and all cases, at once."""
        house, rules = self._house, await self._rules()
        written = batch(f"{self._quota // 100}元", self._since, self._office, CUT_OFF)

        async def open_batch() -> None:
            key = Key(self._office, f"batch {self._number}", "1")
            self._batch_no = await house.batches.open(written, ORDER, key=key)

        async def open_case(life: Life) -> None:
            plan = life.plan
            opening = receipt(
                title=plan.name, office=self._office, received_on=self._since, livelihood=plan.urgent
            )
            key = Key(self._office, plan.name, "1")
            life.number = (
                await house.cases.open(opening, rules, commands_per_run=plan.per_run, key=key)
            ).case_no

        await asyncio.gather(
            house.people.until_done(open_batch, "open the batch"),
            *(house.people.until_done(partial(open_case, life), life.plan.name) for life in self._lives),
        )
        house.lives += self._lives

    async def _rules(self) -> Rules:
        async def rules() -> Rules:
            calendar = await calendar_of(self._house.engine, self._since)
            return load_pack("gansu").for_case(calendar).model_copy(update={"spread": 0})

        return await self._house.people.until_done(rules, "the calendar")

    @property
    def _quota(self) -> int:
        """The quota of the batch in whole yuan, less than the cases want."""
        wanted = sum(life.plan.owed for life in self._lives if life.plan.plot in WANTS_BONDS)
        return (wanted * 7 // 1000 + 1) * 100

    def _learn_shares(self) -> None:
        wanted = [(life.number, life.plan) for life in self._lives if life.plan.plot in WANTS_BONDS]
        given = shares(self._quota, wanted)
        for life in self._lives:
            life.share = given.get(life.number, 0)

    async def _redate(self) -> None:
        """Load next year's notice, and bring it to all open cases."""
        house = self._house

        async def load() -> None:
            horizon = (await calendar_of(house.engine, self._since)).horizon
            year = 2027 + self._number
            if horizon.year < year:
                days = {date(year, 1, day): WrittenDay("off", f"off[{day}]") for day in (1, 2, 3)}
                notice = NoticeFile("a notice", f"国办发明电〔{year - 1}〕7号", None, year, days)
                with suppress(Faults):  # somebody has loaded it meanwhile
                    await load_notice(house.engine, notice, house.clocks.now.date(), yes=True)

        async def bring() -> None:
            while found := await waiting(house.engine):
                await redate_all(house.cases, found)

        await house.people.until_done(load, "load a notice", is_operators=True)
        await house.people.until_done(bring, "re-date", is_operators=True)
