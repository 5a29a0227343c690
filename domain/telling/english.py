"""The terms of the field in English, from the tables of `domain.telling.terms`."""

from collections.abc import Mapping
from typing import Final

from domain.telling import terms


def _english(table: terms.Terms) -> Mapping[str, str]:
    return {name: said[1] for name, said in table.items()}


STAGES: Final = _english(terms.STAGES)
DUTIES: Final = _english(terms.DUTIES)
MODES: Final = _english(terms.MODES)
SOURCES: Final = _english(terms.SOURCES)
BOND_KINDS: Final = _english(terms.BOND_KINDS)
DELIVERIES: Final = _english(terms.DELIVERIES)
NOTICES: Final = _english(terms.NOTICES)
DOCUMENTS: Final = _english(terms.DOCUMENTS)
STEPS: Final = _english(terms.STEPS)
SATISFIED: Final = _english(terms.SATISFIED)
CALL_BACKS: Final = _english(terms.CALL_BACKS)
ROLES: Final = _english(terms.ROLES)
CHANNELS: Final = _english(terms.CHANNELS)
DEBTOR_KINDS: Final = _english(terms.DEBTOR_KINDS)
SIZES: Final = _english(terms.SIZES)
OWNERSHIPS: Final = _english(terms.OWNERSHIPS)
CLAIM_KINDS: Final = _english(terms.CLAIM_KINDS)
SPENDING: Final = _english(terms.SPENDING)
LIGHTS: Final = _english(terms.LIGHTS)
BATCH_STAGES: Final = _english(terms.BATCH_STAGES)
ADJUSTED: Final = _english(terms.ADJUSTED)
IN_COURT: Final = _english(terms.IN_COURT)
PAYMENT_FORMS: Final = _english(terms.PAYMENT_FORMS)
REVERSED: Final = _english(terms.REVERSED)
PAYMENTS: Final = _english(terms.PAYMENTS)
GROUNDS: Final = _english(terms.GROUNDS)
SERVED: Final = _english(terms.SERVED)
SUBSTITUTED: Final = _english(terms.SUBSTITUTED)
HANDED_OUT_TO: Final = _english(terms.HANDED_OUT_TO)
INTEREST_RULES: Final = _english(terms.INTEREST_RULES)
