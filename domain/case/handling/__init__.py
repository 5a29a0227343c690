"""How each command is handled (办理), stage by stage: what it makes happen, or why it is refused, and what that changes.

A handler may refuse. A change may not: no event can fail there, and nothing is computed that could come out otherwise later.
"""

from domain.case.handling import (
    approval,
    correction,
    courts,
    delay,
    desk,
    evidence,
    funding,
    handover,
    intake,
    interest,
    interview,
    merging,
    parties,
    payment,
    planning,
    policy,
    pressure,
    recognition,
    review,
    withdrawal,
)

__all__ = [
    "approval",
    "correction",
    "courts",
    "delay",
    "desk",
    "evidence",
    "funding",
    "handover",
    "intake",
    "interest",
    "interview",
    "merging",
    "parties",
    "payment",
    "planning",
    "policy",
    "pressure",
    "recognition",
    "review",
    "withdrawal",
]
