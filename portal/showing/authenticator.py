"""The secret of a second factor, presented for an authenticator app: as a QR code, and for typing."""

from typing import NamedTuple

from markupsafe import Markup

from office.second_factor import address_of
from portal.showing.qr import qr_of


class Offered(NamedTuple):
    """An offered secret: its QR code, and its text in groups of four."""

    qr: Markup
    typed: str


def drawn(secret: str, login: str) -> Offered:
    """Present the secret of the account with this login."""
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    return Offered(qr_of(address_of(secret, login)), " ".join(groups))
