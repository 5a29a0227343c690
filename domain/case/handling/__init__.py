"""The handlers of commands (办理), a module for each stage: a handler turns a command into facts or refuses it, and `change` says
which fields of the case each fact changes.

A handler may raise a `Refusal`. A change may not: applying an event never fails, and always gives the same result.
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
