"""Rows of `case_file` by the handful, made up: a list reads columns alone, so it needs no case behind them."""

from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actors import person_key
from domain.names.claims import comparable
from domain.names.spelling import spelt
from domain.reports.figures import DEBTORS
from domain.value import Light, Mode, Stage
from schema.tables import case_file

TODAY = date(2026, 3, 10)
OFFICES = ("620000", "620100", "620102", "620105", "620200", "620300", "620302", "621000", "621002")
NAMES = ("甘肃八冶建设", "兰州Water公司", "庆阳市政", "金川区环卫局", "Anning 区教育局", "酒钢_100%集团")
TITLES = ("道路工程款", "道路 维修", "学校食堂款", "100%路灯款", "ROAD works", "路_灯")
CODES = (None, "91620000MA00000X01", "91620100ma00000y02", "")
PEOPLE = ("李敏", "Wang")
VOUCHERS = ("PZ-1", "银付〔2026〕7号", "road")


def made_up(chance: Random, number: int) -> dict[str, Any]:
    """A row of a case that went some way through the offices; its lights come in any order, as on a paused case."""
    office, person = chance.choice(OFFICES), chance.choice([None, *PEOPLE])
    route = [office, *chance.sample(OFFICES, chance.choice((0, 0, 1, 2)))]
    stage = chance.choice(list(Stage))
    ended = stage in list(Stage)[7:]
    received_on = TODAY - timedelta(days=chance.randrange(40))
    lights = {
        f"{light}_on": None
        if ended or chance.random() < 0.4
        else TODAY + timedelta(days=chance.randrange(-3, 4))
        for light in list(Light)[1:]
    }
    title, creditor, debtor = chance.choice(TITLES), chance.choice(NAMES), chance.choice(NAMES)
    vouchers = chance.sample(VOUCHERS, chance.choice((0, 0, 0, 1, 2)))
    return {
        "case_no": f"QQ-{office}-{received_on.year}-{number:04d}",
        "title": title,
        "office": office,
        "holder": route[-1],
        "route": route,
        "stage": stage.value,
        "mode": chance.choice(list(Mode)).value,
        "suspended": chance.random() < 0.1,
        "assigned_to": person_key(person) if person else None,
        "received_on": received_on,
        "ended_on": TODAY if ended else None,
        "due_on": None if ended else TODAY + timedelta(days=chance.randrange(-3, 4)),
        "owed_since": None,
        **lights,
        "outstanding_fen": chance.randrange(10**9),
        "cleared_fen": chance.randrange(10**9),
        "creditor": creditor,
        "creditor_code": chance.choice(CODES),
        "debtor": debtor,
        "debtor_code": chance.choice(CODES),
        "debtor_kind": chance.choice(DEBTORS),
        "channel": "hotline",
        "migrant_wages": False,
        "livelihood": False,
        "claimed_fen": 1,
        "undisputed_fen": 0,
        "disputed_fen": 0,
        "not_yet_due_fen": 0,
        "judicial_fen": 0,
        "included_fen": 0,
        "confirmed_on": [],
        "confirmed_fen": [],
        "awaited": sorted(chance.sample(OFFICES, chance.choice((0, 0, 1, 2)))),
        "spelt": spelt(title, creditor, debtor),
        "vouchers": [comparable(voucher) for voucher in vouchers],
        "seq": 1,
        "head": "",
        "state": {"assigned_to": person},
    }


async def fill(connection: AsyncConnection, rows: list[dict[str, Any]]) -> None:
    """Put rows into the read model."""
    await connection.execute(insert(case_file), rows)
