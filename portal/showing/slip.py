"""The slip with which a party gets its access code, or a debtor unit its invitation: from which office, for which case or unit, and
where to come in, as a link and as a QR code.
"""

from typing import NamedTuple
from urllib.parse import urlencode

from fastapi import Request
from markupsafe import Markup

from domain.receipt import Receipt
from domain.value import PartySide
from portal.showing.qr import qr_of
from portal.window import Window
from schema.seen.sight import Unit


class Slip(NamedTuple):
    """What stands on it beside the code. The link names the case and never the code, which nobody is to read in a log."""

    case_no: str
    title: str
    party: str
    side: PartySide
    office: str
    link: str
    qr: Markup


def slip_of(
    request: Request, window: Window, case_no: str, receipt: Receipt, side: PartySide, office: str
) -> Slip:
    """The slip of a case for one of its parties, from an office."""
    party = receipt.debtor if side is PartySide.DEBTOR else receipt.creditor
    link = f"{_address(request, window)}?{urlencode({'case': case_no})}"
    return Slip(case_no, receipt.title, party.name, side, window.office_called(office), link, qr_of(link))


class UnitSlip(NamedTuple):
    """What stands on it beside the code of the invitation. The link names the login and never the code."""

    unit: str
    login: str
    office: str
    link: str
    qr: Markup


def unit_slip_of(request: Request, window: Window, unit: Unit, login: str) -> UnitSlip:
    """The slip of a debtor unit, from the office that invites it."""
    link = f"{_address(request, window)}invitation?{urlencode({'login': login})}"
    return UnitSlip(unit.name, login, window.office_called(unit.office), link, qr_of(link))


def _address(request: Request, window: Window) -> str:
    """Where parties find the window: its public address, or where none is set that at which the office itself came in."""
    came_in = request.base_url.replace(scheme="https") if window.secure else request.base_url
    return window.public_address or str(came_in)
