"""The printed slip with a party's access code or a debtor unit's invitation: the office, the case or unit, and the address of the
window, as a link and as a QR code.
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
    """The text of a slip apart from the code. The link contains the case number but never the code, which must not appear in logs."""

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
    """The text of a unit's slip apart from the code. The link contains the login but never the code."""

    unit: str
    login: str
    office: str
    link: str
    qr: Markup


def unit_slip_of(request: Request, window: Window, unit: Unit, login: str) -> UnitSlip:
    """The slip for a debtor unit, from the office that invites it."""
    link = f"{_address(request, window)}invitation?{urlencode({'login': login})}"
    return UnitSlip(unit.name, login, window.office_called(unit.office), link, qr_of(link))


def _address(request: Request, window: Window) -> str:
    """The address at which parties find the window: the public one, or if none is set the one that the office's browser used."""
    came_in = request.base_url.replace(scheme="https") if window.secure else request.base_url
    return window.public_address or str(came_in)
