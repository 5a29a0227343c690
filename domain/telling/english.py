"""The field's own words in English, beside those of `domain.telling.words`: the same tables, the same keys."""

from collections.abc import Mapping
from typing import Final

STAGES: Final[Mapping[str, str]] = {
    "intake": "Intake",
    "transfer": "Hand-over",
    "verification": "Verification",
    "funding": "Fund-raising",
    "bonding": "Bonds",
    "payment": "Payment",
    "review": "Call-back",
    "closed": "Struck off",
    "refused": "Refused",
    "unfounded": "Unfounded",
    "withdrawn": "Withdrawn",
    "judicial": "To the courts",
}

DUTIES: Final[Mapping[str, str]] = {
    "intake": "Examine the complaint",
    "correction": "Supply the correction",
    "transfer": "Hand over to who must pay",
    "acknowledgement": "Acknowledge",
    "verification": "Verify and recognise the debt",
    "endorsement": "Endorse the recognised debt",
    "dispute": "Settle the disputed part",
    "funding": "Make a plan of payment",
    "bonding": "Bring the bond money",
    "instalment": "Pay the instalment",
    "confirmation": "Confirm the receipt",
    "answer": "Answer the disputed receipt",
    "review": "Call the enterprise back",
    "gate": "Decide a proposed step",
}

MODES: Final[Mapping[str, str]] = {
    "transferred": "handed over",
    "supervised": "supervised",
    "key_supervised": "closely supervised",
    "taken_over": "taken over by the superior office",
    "referred": "handed to discipline inspection",
}

SOURCES: Final[Mapping[str, str]] = {
    "budget": "budget",
    "transfer_payment": "transfer from above",
    "assets": "sale of assets",
    "bond": "general bond",
    "special_bond": "special bond",
    "loan": "clearing loan",
    "own_funds": "own funds",
}

DELIVERIES: Final[Mapping[str, str]] = {
    "waiting": "waiting",
    "sending": "being sent",
    "delivered": "delivered",
    "failing": "not delivered yet",
    "unknown": "unknown",
    "refused": "refused",
    "given_up": "given up",
}

NOTICES: Final[Mapping[str, str]] = {
    "prompt": "reminder",
    "urging": "urging note",
    "supervision": "supervision order",
    "interview": "summons to an interview",
    "takeover": "notice of taking over",
}

STEPS: Final[Mapping[str, str]] = {
    "interview": "an interview",
    "referred": "hand-over to discipline inspection",
}

SATISFIED: Final[Mapping[str, str]] = {
    "yes": "satisfied",
    "basically": "basically satisfied",
    "no": "not satisfied",
}

ROLES: Final[Mapping[str, str]] = {
    "clerk": "clerk",
    "head": "head",
    "finance": "finance",
    "debtor": "debtor",
    "creditor": "creditor",
    "system": "by itself",
}

CHANNELS: Final[Mapping[str, str]] = {
    "hotline": "hotline",
    "platform": "platform",
    "letter": "letter",
    "visit": "visit",
    "inspection": "inspection",
    "transfer": "transfer",
    "self_report": "the debtor's own report",
}

DEBTOR_KINDS: Final[Mapping[str, str]] = {
    "organ": "government organ",
    "institution": "public institution",
    "soe": "state-owned enterprise",
    "large_enterprise": "large enterprise",
    "platform": "financing platform",
}

SIZES: Final[Mapping[str, str]] = {
    "micro": "micro",
    "small": "small",
    "medium": "medium",
    "large": "large",
}

OWNERSHIPS: Final[Mapping[str, str]] = {
    "private": "private",
    "state": "state",
    "foreign": "foreign",
    "individual": "individual",
}

CLAIM_KINDS: Final[Mapping[str, str]] = {
    "goods": "goods",
    "works": "works",
    "services": "services",
}

LIGHTS: Final[Mapping[str, str]] = {
    "none": "on time",
    "blue": "near",
    "yellow": "late",
    "red": "long late",
}
