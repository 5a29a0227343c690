"""证据材料: what people put on file of a case, and which step needs which of it. The bytes are in a store, their hash on record."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field

from domain.value import MOST_OF_A_LIST, Reference, Value

MOST_BYTES: Final = 20 * 2**20
"""Of one attachment."""

MOST_OF_CASE: Final = 200
"""Attachments of a case."""


MOST_OF_PARTY: Final = MOST_OF_CASE // 4
"""After which a party puts no more papers on file: what others have to say, and what a step needs, finds room."""


class EvidenceKind(StrEnum):
    """What a paper is."""

    CONTRACT = "contract"
    SETTLEMENT = "settlement"
    ACCEPTANCE = "acceptance"
    INVOICE = "invoice"
    BANK_RECEIPT = "bank_receipt"
    STATEMENT = "statement"
    AGREEMENT = "agreement"
    MINUTES = "minutes"
    RESOLUTION = "resolution"
    IDENTITY = "identity"
    PHOTO = "photo"
    OTHER = "other"


EVIDENCE: Final[Mapping[str, tuple[str, str]]] = {
    EvidenceKind.CONTRACT: ("合同", "contract"),
    EvidenceKind.SETTLEMENT: ("结算书", "settlement"),
    EvidenceKind.ACCEPTANCE: ("验收单", "acceptance"),
    EvidenceKind.INVOICE: ("发票", "invoice"),
    EvidenceKind.BANK_RECEIPT: ("银行回单", "bank receipt"),
    EvidenceKind.STATEMENT: ("对账单", "statement of account"),
    EvidenceKind.AGREEMENT: ("协议", "agreement"),
    EvidenceKind.MINUTES: ("会议纪要", "minutes"),
    EvidenceKind.RESOLUTION: ("决议", "resolution"),
    EvidenceKind.IDENTITY: ("身份证明", "proof of identity"),
    EvidenceKind.PHOTO: ("照片", "photo"),
    EvidenceKind.OTHER: ("其他材料", "other paper"),
}
"""What each is called."""

MimeType = Literal[
    "application/pdf",
    "application/ofd",
    "image/jpeg",
    "image/png",
    "image/webp",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
]
"""What an attachment may be, by its content."""

DOCX: Final[MimeType] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

FORMATS: Final[Mapping[MimeType, str]] = {
    "application/pdf": "PDF",
    "application/ofd": "OFD",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
    DOCX: "DOCX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
}
"""What each is called."""

Sha256 = Annotated[str, Field(min_length=64, max_length=64, pattern=r"^[0-9a-f]*$")]


def stored_as(case_no: str, sha256: str) -> str:
    """The name of a paper in the store: each case has its own, so that nobody reads another's by a name that they know."""
    return f"{case_no}/{sha256}"


class EvidenceRule(Value):
    """Which papers a step needs.

    Attributes:
        do: The command.
        what: The kinds of papers, any of which will do.
        each: For every payment that counts there is one of its own.
        strength: Without it the step is refused (`required`), or what is missing is only named (`asked`).
    """

    do: Reference
    what: Annotated[tuple[EvidenceKind, ...], Field(min_length=1, max_length=MOST_OF_A_LIST)]
    each: Literal["voucher"] | None = None
    strength: Literal["required", "asked"] = "asked"
