"""What the application on a telephone is told to compute codes: as a QR code, and to be typed."""

from typing import NamedTuple

from markupsafe import Markup

from office.second_factor import address_of
from portal.showing.qr import qr_of


class Offered(NamedTuple):
    """A secret that was offered: its QR code, and the secret in groups of four."""

    qr: Markup
    typed: str


def drawn(secret: str, login: str) -> Offered:
    """The secret of somebody with this login."""
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    return Offered(qr_of(address_of(secret, login)), " ".join(groups))
