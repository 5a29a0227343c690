"""The responses to the parties' programs, field by field: the case as the page of each shows it."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from domain.receipt import Channel, Creditor, Debtor
from domain.value import Light, Mode, Stage
from portal.api.parts import (
    AccountDocument,
    ContractDocument,
    Document,
    DutyDocument,
    InstalmentDocument,
    InterestDocument,
    IssuedDocument,
    OwedSinceDocument,
    PartDocument,
    PaymentDocument,
    PromiseDocument,
    SourceDocument,
    StageDocument,
    TakenInDocument,
    WithdrawalDocument,
)


class PartyCase(Document):
    """What both parties may see of their case. Amounts are fen."""

    case_no: str
    title: str
    stage: Stage
    suspended: bool
    holder: str
    debtor: Debtor
    received_on: date
    ended_on: date | None
    claimed_fen: int | None = Field(description="The creditor's claim; null: to be verified.")
    verified: bool = Field(
        description="Whether the debt has been stated. Until then the following amounts are 0 because they are unknown."
    )
    settled_fen: int
    paid_before_fen: int
    undisputed_fen: int
    disputed_fen: int
    not_yet_due_fen: int
    judicial_fen: int
    rejected_fen: int
    discounted_fen: int
    deducted_fen: int
    parts: list[PartDocument]
    account: AccountDocument | None
    owed_since: OwedSinceDocument | None = Field(description="Null if it is unknown.")
    interest: InterestDocument | None
    included_fen: int
    available_fen: int
    in_transit_fen: int
    cleared_fen: int
    outstanding_fen: int
    stages: list[StageDocument]
    payments: list[PaymentDocument]
    instalments: list[InstalmentDocument]
    sources: list[SourceDocument]
    project: str


class WholeCase(PartyCase):
    """The parts of a case that offices and creditors see alike."""

    mode: Mode
    light: Light
    office: str
    creditor: Creditor
    in_kind_fen: int
    attested_fen: int
    taken_in_fen: int
    asleep: bool = Field(description="Whether everything that is left waits for its day.")
    duties: list[DutyDocument]
    channel: Channel
    channels: list[Channel] = Field(
        description="The channels through which it and the cases merged into it came."
    )
    kind: Literal["goods", "works", "services"]
    migrant_wages: bool
    wage_fen: int | None = Field(
        description="How much of the claim is wages; null: all of it, if it is about wages."
    )
    livelihood: bool
    contract: ContractDocument | None
    spending: Literal["capital", "recurrent"] | None
    entered_on: date
    taken_in: TakenInDocument | None
    withdrawal: WithdrawalDocument | None


class EnterpriseCase(WholeCase):
    """A case as its creditor may see it."""

    supervised_by: str | None = Field(description="The office that supervises it, if one does.")


class NamedParty(Document):
    """A party of which only the name is shown."""

    name: str


class DebtorCase(PartyCase):
    """A case as its debtor may see it."""

    is_supervised: bool
    supervised_by: str | None = Field(description="The office that supervises it, if one does.")
    creditor: NamedParty
    duties: list[DutyDocument] = Field(description="The debtor's own duties.")
    promises: list[PromiseDocument]
    documents: list[IssuedDocument] = Field(description="The documents that are for the debtor.")


class Enquiry(Document):
    """A case number and its access code."""

    case_no: str = Field(max_length=100, examples=["QQ-620105-2026-0001"])
    access_code: str = Field(max_length=100, examples=["ACDE-FGHJ-KMNP-QRTV"])


class EnquiryToken(Document):
    """A token that shows the case until it expires."""

    token: str
    expires_at: datetime
