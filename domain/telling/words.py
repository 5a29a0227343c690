"""The terms of the field in Chinese, from the tables of `domain.telling.terms`."""

from collections.abc import Mapping
from typing import Final

from domain.telling import terms
from domain.telling.terms import ACTS, Sentence

__all__ = ["ACTS", "Sentence"]


def _chinese(table: terms.Terms) -> Mapping[str, str]:
    return {name: said[0] for name, said in table.items()}


STAGES: Final = _chinese(terms.STAGES)
DUTIES: Final = _chinese(terms.DUTIES)
MODES: Final = _chinese(terms.MODES)
SOURCES: Final = _chinese(terms.SOURCES)
BOND_KINDS: Final = _chinese(terms.BOND_KINDS)
DELIVERIES: Final = _chinese(terms.DELIVERIES)
NOTICES: Final = _chinese(terms.NOTICES)
DOCUMENTS: Final = _chinese(terms.DOCUMENTS)
STEPS: Final = _chinese(terms.STEPS)
SATISFIED: Final = _chinese(terms.SATISFIED)
CALL_BACKS: Final = _chinese(terms.CALL_BACKS)
ROLES: Final = _chinese(terms.ROLES)
CHANNELS: Final = _chinese(terms.CHANNELS)
DEBTOR_KINDS: Final = _chinese(terms.DEBTOR_KINDS)
SIZES: Final = _chinese(terms.SIZES)
OWNERSHIPS: Final = _chinese(terms.OWNERSHIPS)
CLAIM_KINDS: Final = _chinese(terms.CLAIM_KINDS)
SPENDING: Final = _chinese(terms.SPENDING)
COLOURS: Final = _chinese(terms.COLOURS)
LIGHTS: Final = _chinese(terms.LIGHTS)
BATCH_STAGES: Final = _chinese(terms.BATCH_STAGES)
ADJUSTED: Final = _chinese(terms.ADJUSTED)
IN_COURT: Final = _chinese(terms.IN_COURT)
PAYMENT_FORMS: Final = _chinese(terms.PAYMENT_FORMS)
REVERSED: Final = _chinese(terms.REVERSED)
PAYMENTS: Final = _chinese(terms.PAYMENTS)
GROUNDS: Final = _chinese(terms.GROUNDS)
SERVED: Final = _chinese(terms.SERVED)
SUBSTITUTED: Final = _chinese(terms.SUBSTITUTED)
HANDED_OUT_TO: Final = _chinese(terms.HANDED_OUT_TO)
INTEREST_RULES: Final = _chinese(terms.INTEREST_RULES)
