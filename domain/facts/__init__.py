"""What can have happened: one class for each kind of journal entry."""

from domain.facts.bonds import (
    BatchAllocated,
    BatchApproved,
    BatchArrived,
    BatchClosed,
    BatchDeclined,
    BatchOpened,
    RequestExcluded,
)
from domain.facts.handling import (
    Accepted,
    Acknowledged,
    BondFundsArrived,
    BondIncluded,
    BondIneligible,
    BondRequested,
    CalledBack,
    Closed,
    CorrectionRequested,
    CorrectionSupplied,
    DisputeResolved,
    Endorsed,
    Forwarded,
    FoundUnfounded,
    FundsArrived,
    FundsReturned,
    Instalment,
    Objected,
    PaymentBounced,
    PaymentReported,
    Planned,
    Rated,
    ReceiptConfirmed,
    ReceiptDisputed,
    Received,
    Recognised,
    Refused,
    Reopened,
    Source,
    WentJudicial,
    Withdrawn,
)
from domain.facts.pressure import (
    DeadlineLapsed,
    DeadlineNear,
    Escalated,
    Extended,
    Moved,
    NoticeIssued,
    OfDuty,
    PolicyAdopted,
    Redated,
    Relieved,
    Resumed,
    StepApproved,
    StepDeclined,
    StepProposed,
    Suspended,
)

__all__ = [
    "Accepted",
    "Acknowledged",
    "BatchAllocated",
    "BatchApproved",
    "BatchArrived",
    "BatchClosed",
    "BatchDeclined",
    "BatchFact",
    "BatchOpened",
    "BondFundsArrived",
    "BondIncluded",
    "BondIneligible",
    "BondRequested",
    "CalledBack",
    "CaseFact",
    "Closed",
    "CorrectionRequested",
    "CorrectionSupplied",
    "DeadlineLapsed",
    "DeadlineNear",
    "DisputeResolved",
    "Endorsed",
    "Escalated",
    "Extended",
    "Forwarded",
    "FoundUnfounded",
    "FundsArrived",
    "FundsReturned",
    "Instalment",
    "Moved",
    "NoticeIssued",
    "Objected",
    "OfDuty",
    "PaymentBounced",
    "PaymentReported",
    "Planned",
    "PolicyAdopted",
    "Rated",
    "ReceiptConfirmed",
    "ReceiptDisputed",
    "Received",
    "Recognised",
    "Redated",
    "Refused",
    "Relieved",
    "Reopened",
    "RequestExcluded",
    "Resumed",
    "Source",
    "StepApproved",
    "StepDeclined",
    "StepProposed",
    "Suspended",
    "WentJudicial",
    "Withdrawn",
]

CaseFact = (
    Received
    | Accepted
    | Refused
    | CorrectionRequested
    | CorrectionSupplied
    | Forwarded
    | Acknowledged
    | Recognised
    | Endorsed
    | Objected
    | FoundUnfounded
    | Planned
    | BondRequested
    | BondIncluded
    | BondIneligible
    | BondFundsArrived
    | FundsArrived
    | FundsReturned
    | PaymentReported
    | ReceiptConfirmed
    | ReceiptDisputed
    | PaymentBounced
    | DisputeResolved
    | Rated
    | CalledBack
    | Closed
    | Withdrawn
    | WentJudicial
    | Reopened
    | Extended
    | Suspended
    | Resumed
    | DeadlineNear
    | DeadlineLapsed
    | Escalated
    | StepProposed
    | StepApproved
    | StepDeclined
    | Relieved
    | NoticeIssued
    | Redated
    | PolicyAdopted
)

BatchFact = (
    BatchOpened
    | RequestExcluded
    | BatchAllocated
    | BatchApproved
    | BatchDeclined
    | BatchArrived
    | BatchClosed
)
