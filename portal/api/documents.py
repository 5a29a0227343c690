"""The responses to programs, field by field, for the OpenAPI document. They describe what `domain.case.view` and `office.enquiries`
return.
"""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from domain.bonds.batch import BatchStage
from domain.evidence import EvidenceKind
from domain.value import BondKind, Stage
from portal.api.parties import WholeCase
from portal.api.parts import (
    Document,
    IssuedDocument,
    PromiseDocument,
    SubmissionDocument,
    SuspensionDocument,
)


class CaseDocument(WholeCase):
    """A case as offices see it. Amounts are fen, days `YYYY-MM-DD` of Asia/Shanghai."""

    seq: int
    policy: str
    merged_into: str | None = Field(description="The case into which it was merged.")
    suspension: SuspensionDocument | None
    submissions: list[SubmissionDocument]
    promises: list[PromiseDocument]
    assigned_to: str | None
    route: list[str]
    note: str | None


class AttachmentDocument(Document):
    """A paper of a case. `detached_on` is the day since which it no longer counts."""

    no: int
    what: EvidenceKind
    of: str | None = Field(alias="for", description="The voucher, duty or command that it belongs to.")
    name: str
    mime: str
    size: int
    sha256: str
    by: str
    on: date
    detached_on: date | None


class AttachmentList(Document):
    """The papers of a case, in the order in which they were filed."""

    case_no: str
    attachments: list[AttachmentDocument]


class LackingDocument(Document):
    """A paper that a step needs: any one of these kinds."""

    what: list[EvidenceKind]
    of: str | None = Field(alias="for", description="The voucher that the paper has to belong to.")


class MissingDocument(LackingDocument):
    """A paper that a step needs, with the command."""

    do: str


class PossibleDocument(Document):
    """A command that somebody may give to a case now."""

    do: str
    on_paper_for: Literal["creditor", "debtor"] | None = Field(
        description="The party for which a clerk enters it."
    )
    two_persons: bool = Field(description="Whether it then waits for a second person's approval.")
    missing_evidence: list[LackingDocument]
    submissions: list[int] = Field(description="The waiting submissions that may be decided.")


class CaseWithPapers(CaseDocument):
    """A case with its documents, its papers, and the papers that its steps lack."""

    documents: list[IssuedDocument]
    attachments: list[AttachmentDocument]
    missing_evidence: list[MissingDocument]


class CaseList(Document):
    """A page of cases, and the key of the next one if there is one."""

    cases: list[CaseWithPapers]
    next: str | None = None


class CaseAfterCommand(CaseWithPapers):
    """A case as it was right after a command."""

    access_code: str | None = Field(
        default=None, description="The new creditor's, after its substitution was approved. Shown only now."
    )


class CaseLookedAt(CaseWithPapers):
    """A case; on request with the commands that are possible now, and with the parties' contacts. Access to contacts is logged."""

    possible: list[PossibleDocument] | None = Field(default=None, description="Only with `possible=true`.")

    contact: str | None = Field(default=None, description="The creditor's. Only with `contact=true`.")
    debtor_contact: str | None = Field(default=None, description="Likewise.")


class DocumentList(Document):
    """The documents of a case (文书)."""

    case_no: str
    documents: list[IssuedDocument]


class EventDocument(Document):
    """An entry of the journal. What `data` holds depends on `kind`."""

    case_no: str
    seq: int
    kind: str
    at: datetime
    on: date
    by: str
    entered_by: str | None = Field(description="The clerk who entered it for a party.")
    approved_by: str | None = Field(description="The second person, if it took two.")
    account: int | None = Field(description="The account of whoever gave or entered it in the window.")
    data: dict[str, Any]
    hash: str


class ChangeDocument(EventDocument):
    """An entry of a case or batch, with its id among all entries."""

    id: int


class ChangeList(Document):
    """The entries written since, as far as they were searched. Continue with `next`, even if the list is empty."""

    changes: list[ChangeDocument]
    next: int


class EventList(Document):
    """The journal of a case, from the beginning."""

    case_no: str
    events: list[EventDocument]


class ForeseenDocument(Document):
    """A future event. What `data` holds depends on `kind`."""

    on: date
    at: datetime
    kind: str
    provisional: bool = Field(description="Whether its day is after the published calendar.")
    data: dict[str, Any]


class Forecast(Document):
    """What will happen to a case, and when, if nobody acts."""

    case_no: str
    as_of: datetime
    calendar: str
    horizon: date = Field(description="The last day of the published calendar.")
    suspended: bool
    events: list[ForeseenDocument]


class OpenedCase(Document):
    """A case that was opened."""

    case_no: str
    access_code: str | None = Field(
        description="For the enterprise. Null if another code was issued since, or another token opened the case."
    )


class BatchLine(Document):
    """A bond batch in a list. Amounts are fen."""

    batch_no: str
    name: str
    office: str
    kind: BondKind
    quota_fen: int
    opens_on: date
    allocates_on: date
    stage: BatchStage
    requests: int
    requested_fen: int
    allocated_fen: int
    arrived_fen: int
    resolution: str | None = Field(description="The number of the decision that approved it.")
    seq: int


class BatchList(Document):
    """A page of bond batches, and the key of the next one if there is one."""

    batches: list[BatchLine]
    next: str | None = None


class AllocationDocument(Document):
    """What a case gets from a batch, and why."""

    case_no: str
    requested_fen: int
    allocated_fen: int
    included_fen: int | None
    arrived_fen: int
    reason: str


class PreviewDocument(Document):
    """What a case would get from a batch if its cut-off were now, and why."""

    case_no: str
    requested_fen: int
    allocated_fen: int
    reason: str
    spending: Literal["capital", "recurrent"] | None = Field(
        description="Null if it is unknown whether general bonds may pay for it; finance may then exclude it."
    )


class BatchDocument(BatchLine):
    """A bond batch with its allocation."""

    included_fen: int
    remaining_fen: int
    undistributed_fen: int
    allocations: list[AllocationDocument]
    preview: list[PreviewDocument] = Field(description="Before the cut-off; empty after it.")


class OpenedBatch(Document):
    """A bond batch that was opened."""

    batch_no: str


class FieldFault(Document):
    """A fault in a field."""

    field: str
    message: str


class CandidateDocument(Document):
    """A case on record that looks like the one to be registered. It has only what is needed to look it up."""

    case_no: str
    received_on: date
    stage: Stage | None = Field(description="Null while it is being registered.")
    holder: str | None


class ProblemDocument(BaseModel):
    """RFC 9457, with `message` in Chinese, and for a refusal its `code` and `field`."""

    type: str
    title: str
    status: int
    detail: str
    message: str
    code: str | None = None
    field: str | None = None
    errors: list[FieldFault] | None = None
    candidates: list[CandidateDocument] | None = Field(
        default=None, description="The candidates of a `duplicate`."
    )
