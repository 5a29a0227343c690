"""Documents and reports, and what became of each letter."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from schema.tables.base import Instant, metadata

document = Table(
    "document",
    metadata,
    Column("id", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("number", Text, primary_key=True, comment="文号"),
    Column("case_no", Text, nullable=False),
    Column("notice", Text, nullable=False),
    Column("issued_on", Date, nullable=False, comment="成文日期"),
    Column("office", Text, nullable=False, comment="who issued it"),
    Column("addressee", Text, nullable=False),
    Column("reply_by", Date, comment="where an answer is asked for"),
    Column("docx", LargeBinary, nullable=False),
    Column("sha256", Text, nullable=False, comment="of docx; the journal has it too"),
    Index("document_by_case", "case_no"),
    Index("document_by_day", "issued_on"),
    comment="documents as they were issued: append-only",
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("ref", Text, nullable=False, comment="the number of a notice or report"),
    Column("kind", Text, nullable=False),
    Column("office", Text, nullable=False, comment="whom it goes to"),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("deliver_at", Instant, nullable=False, comment="not before"),
    Column(
        "state", Text, nullable=False, comment="waiting, or sent: addressed to the channels of the office"
    ),
    UniqueConstraint("ref", "office"),
    Index("outbox_open", "deliver_at"),
    comment="what is to be sent to offices",
)

delivery = Table(
    "delivery",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("channel", Text, primary_key=True),
    Column(
        "address", Text, primary_key=True, comment="the office's code, a mail or a web address: never logged"
    ),
    Column("digest_id", Text, nullable=False, comment="the message it is part of, for ever"),
    Column(
        "state",
        Text,
        nullable=False,
        comment="waiting, sending, delivered, failing, unknown, refused, given_up",
    ),
    Column("attempts", Integer, nullable=False),
    Column("since", Instant, nullable=False, comment="when it was addressed, or sent again"),
    Column("next_try_at", Instant),
    Column("claimed_until", Instant, comment="by the database's clock: somebody is sending it"),
    Column("last_error", Text),
    Column("delivered_at", Instant),
    ForeignKeyConstraint(["ref", "office"], ["outbox.ref", "outbox.office"]),
    Index("delivery_by_digest", "digest_id"),
    Index("delivery_open", "next_try_at"),
    comment="what became of each letter at each address",
)

report = Table(
    "report",
    metadata,
    Column("number", Text, primary_key=True, comment="such as RB-620105-2026-W47"),
    Column("office", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("period_start", Date, nullable=False),
    Column("period_end", Date, nullable=False),
    Column("as_of", Date, nullable=False, comment="the day as of which its figures stand"),
    Column("body", JSONB, nullable=False, comment="the report, amounts in fen"),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("office", "kind", "period_start"),
    comment="reports of offices, as they were compiled: append-only",
)
