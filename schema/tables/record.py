"""What happened, what it did to money, and what could not be recorded."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from schema.tables.base import Instant, metadata

event = Table(
    "event",
    metadata,
    Column("id", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("stream", Text, primary_key=True, comment="a case or batch number"),
    Column("seq", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False, comment="business instant"),
    Column("on_date", Date, nullable=False, comment="business date, Asia/Shanghai"),
    Column("by", Text, nullable=False),
    Column("entered_by", Text, comment="the clerk who entered a party's word"),
    Column("approved_by", Text, comment="the second person, where it takes two"),
    Column("account", BigInteger, comment="staff.id of whoever gave or entered it in the window"),
    Column("data", JSONB, nullable=False),
    Column("hash", Text, nullable=False, comment="over this entry and the hash of the one before"),
    comment="the journal: append-only, a hash chain per stream",
)

effect = Table(
    "effect",
    metadata,
    Column("effect_key", Text, primary_key=True),
    Column("stream", Text, nullable=False),
    Column("command_id", Text, comment="with whose it is: 620105/accept-1, creditor/accept-1"),
    Column("digest", Text),
    Column("last_seq", Integer, nullable=False),
    Column("run_id", Text, nullable=False, comment="the workflow run that recorded it"),
    UniqueConstraint("stream", "command_id"),
    comment="what has been recorded once and is never recorded again",
)

incident = Table(
    "incident",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", Instant, nullable=False, comment="real time"),
    Column("stream", Text, nullable=False, comment="the case, batch or import it happened to"),
    Column(
        "subject", Text, nullable=False, comment="the place in the journal, and the command if there was one"
    ),
    Column("what", Text, nullable=False, comment="the events that could not be recorded"),
    Column(
        "reason", Text, nullable=False, comment="SQLSTATE and constraint, or our own error; never a value"
    ),
    UniqueConstraint("stream", "subject"),
    Index("incident_by_age", "at"),
    comment="what could not be recorded, and never will be: append-only",
)

account = Table(
    "account",
    metadata,
    Column("id", Text, primary_key=True),
    Column("debits_fen", BigInteger, nullable=False),
    Column("credits_fen", BigInteger, nullable=False),
    Column("debits_pending_fen", BigInteger, nullable=False),
    Column("credits_pending_fen", BigInteger, nullable=False),
    comment="balances, kept by the transfers' trigger alone",
)

money_reference = Table(
    "money_reference",
    metadata,
    Column("reference", Text, primary_key=True),
    Column("stream", Text, nullable=False, comment="the case or batch on which it was used"),
    Column("seq", Integer, nullable=False),
    Index("money_reference_by_stream", "stream"),
    comment="under which references money has arrived, each once in the whole record: append-only",
)

transfer = Table(
    "transfer",
    metadata,
    Column("id", Text, primary_key=True),
    Column("debit", Text, ForeignKey("account.id"), nullable=False),
    Column("credit", Text, ForeignKey("account.id"), nullable=False),
    Column("fen", BigInteger, nullable=False),
    Column("phase", Text, nullable=False),
    Column("settles", Text, ForeignKey("transfer.id"), unique=True),
    Column("reference", Text),
    UniqueConstraint("credit", "reference"),
    Index("transfer_by_debit", "debit"),
    comment="the ledger: append-only",
)
