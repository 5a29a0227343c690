"""证据材料: the papers that people file in a case, and which of them each step needs. The store has the files, the record their
hashes.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field

from domain.value import MOST_OF_A_LIST, Reference, Value

MOST_BYTES: Final = 20 * 2**20
"""The largest attachment, in bytes."""

MOST_OF_CASE: Final = 200
"""The most attachments of a case."""


MOST_OF_PARTY: Final = MOST_OF_CASE // 4
"""The most papers that one party may file, so that there is room for those of others and for those that steps need."""


class EvidenceKind(StrEnum):
    """The kinds of papers."""

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
"""The names of the kinds, in Chinese and English."""

MimeType = Literal[
    "application/pdf",
    "application/ofd",
    "image/jpeg",
    "image/png",
    "image/webp",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
]
"""The file types that an attachment may have, recognised by content."""

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
"""The names of the file types."""

Sha256 = Annotated[str, Field(min_length=64, max_length=64, pattern=r"^[0-9a-f]*$")]


def stored_as(case_no: str, sha256: str) -> str:
    """The name of a paper in the store. It begins with the case, so that nobody can read another case's paper by a known hash."""
    return f"{case_no}/{sha256}"


class EvidenceRule(Value):
    """The papers that a step needs.

    Attributes:
        do: The command.
        what: The kinds of papers, any one of which is enough.
        each: Whether every payment that counts needs a paper of its own.
        strength: `required`: without it the command is refused; `asked`: it is only named as missing.
    """

    do: Reference
    what: Annotated[tuple[EvidenceKind, ...], Field(min_length=1, max_length=MOST_OF_A_LIST)]
    each: Literal["voucher"] | None = None
    strength: Literal["required", "asked"] = "asked"
