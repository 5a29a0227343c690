"""The slip with which a party gets its access code: which office, which case, and where to come in, as a link and as a QR code."""

from typing import NamedTuple
from urllib.parse import urlencode

from fastapi import Request
from markupsafe import Markup

from domain.receipt import Receipt
from domain.value import PartySide
from office.packs import load_pack
from portal.showing.qr import qr_of
from portal.window import Window


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
    """The slip of a case for one of its parties, from an office. The link is the address at which the office itself came in."""
    party = receipt.debtor if side is PartySide.DEBTOR else receipt.creditor
    address = request.base_url.replace(scheme="https") if window.secure else request.base_url
    link = f"{address}?{urlencode({'case': case_no})}"
    name = load_pack(window.policy).offices.get(office, office)
    return Slip(case_no, receipt.title, party.name, side, name, link, qr_of(link))
