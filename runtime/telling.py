"""Wiring of the messages to people: mail by the outgoing mail server, text messages and WeChat by the gateways in `QINGQIAN_GATEWAYS`.

That is a TOML file with a table for each way, `[sms]` and `[wechat]`: see `activities.post.ways.Gateway`. A way that is not set up is
offered to nobody.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.post.people import Code, Teller
from activities.post.ways import ByGateway, ByMail, Gateway, WayOut
from domain.calendar import parse_term
from domain.value import Value, Way
from office.codes import code_hash, draw_code
from office.documents import read_document
from office.enquiries import today
from office.faults import Faults, faults_of
from office.packs import all_packs, names_of_offices
from runtime.posting import mail_server
from runtime.settings import Settings

_MOST_DAYS: Final = 3660


class _Gateways(Value):
    sms: Gateway | None = None
    wechat: Gateway | None = None


def teller(engine: AsyncEngine, settings: Settings) -> Teller:
    """The teller of a worker, which sends news to people.

    Raises:
        Faults: A setting, or a rule pack, is wrong.
    """
    offices = names_of_offices(all_packs(), today())
    return Teller(engine, ways(settings), _drawn, offices, _kept_for(settings))


def ways(settings: Settings) -> Mapping[Way, WayOut]:
    """The ways of reaching people that are configured.

    Raises:
        Faults: One is set up wrong.
    """
    email = mail_server(settings)
    found: dict[Way, WayOut] = {Way.MAIL: ByMail(email)} if email else {}
    if not settings.gateways:
        return found
    try:
        gateways = _Gateways.model_validate(read_document(Path(settings.gateways)))
    except ValidationError as error:
        raise Faults(settings.gateways, faults_of(error)) from error
    for way, gateway in ((Way.SMS, gateways.sms), (Way.WECHAT, gateways.wechat)):
        if gateway is not None:
            found[way] = _by_gateway(gateway, f"{settings.gateways}, {way}")
    return found


def _by_gateway(gateway: Gateway, where: str) -> ByGateway:
    try:
        return ByGateway(gateway)
    except ValueError as error:
        raise Faults(where, [str(error)]) from error


def _kept_for(settings: Settings) -> timedelta:
    try:
        days, working = parse_term(settings.contacts_kept)
    except ValueError:
        days, working = -1, False
    if working or not 0 <= days <= _MOST_DAYS:
        said = f"{settings.contacts_kept!r} is no number of days such as 90d, {_MOST_DAYS}d at most"
        raise Faults("QINGQIAN_CONTACTS_KEPT", [said])
    return timedelta(days=days)


def _drawn() -> Code:
    written = draw_code()
    return Code(written, code_hash(written))
