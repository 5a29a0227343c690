"""The tables of the record, for SQLAlchemy Core. Their constraints and triggers are in the migrations."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

event = Table(
    "event",
    metadata,
    Column("id", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("stream", Text, primary_key=True, comment="a case or batch number"),
    Column("seq", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, comment="business instant"),
    Column("on_date", Date, nullable=False, comment="business date, Asia/Shanghai"),
    Column("by", Text, nullable=False),
    Column("data", JSONB, nullable=False),
    Column("hash", Text, nullable=False, comment="over this entry and the hash of the one before"),
    comment="the journal: append-only, a hash chain per stream",
)

effect = Table(
    "effect",
    metadata,
    Column("effect_key", Text, primary_key=True),
    Column("stream", Text, nullable=False),
    Column("command_id", Text),
    Column("digest", Text),
    Column("last_seq", Integer, nullable=False),
    Column("run_id", Text, nullable=False, comment="the workflow run that recorded it"),
    UniqueConstraint("stream", "command_id"),
    comment="what has been recorded once and is never recorded again",
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

rules = Table(
    "rules",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("body", JSONB, nullable=False),
    comment="rule packs with their calendar, as cases carry them",
)

registration = Table(
    "registration",
    metadata,
    Column("case_no", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("rules_digest", Text, ForeignKey("rules.digest"), nullable=False),
    Column("access_code_hash", Text, nullable=False),
    Column("contact", Text, comment="personal data: nowhere else"),
    UniqueConstraint("office", "year", "number"),
    comment="the numbers given to cases",
)

case_file = Table(
    "case_file",
    metadata,
    Column("case_no", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("route", ARRAY(Text), nullable=False),
    Column("stage", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("suspended", Boolean, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("ended_on", Date),
    Column("due_on", Date, comment="the earliest last day of an open duty"),
    Column("blue_on", Date, comment="the day from which the case's light is at least blue"),
    Column("yellow_on", Date),
    Column("red_on", Date),
    Column("outstanding_fen", BigInteger, nullable=False),
    Column("cleared_fen", BigInteger, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("head", Text, nullable=False, comment="hash of the latest journal entry"),
    Column("state", JSONB, nullable=False),
    Index("case_file_by_holder", "holder", "case_no"),
    comment="the read model of cases",
)

bond_batch = Table(
    "bond_batch",
    metadata,
    Column("batch_no", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("head", Text, nullable=False),
    Column("state", JSONB, nullable=False),
    comment="the read model of bond batches",
)

batch_number = Table(
    "batch_number",
    metadata,
    Column("batch_no", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    UniqueConstraint("office", "year", "number"),
    comment="the numbers given to bond batches",
)

bond_request = Table(
    "bond_request",
    metadata,
    Column("case_no", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("wanted_fen", BigInteger, nullable=False, comment="asked for, and not included yet"),
    Column("migrant_wages", Boolean, nullable=False),
    Column("livelihood", Boolean, nullable=False),
    Column("received_on", Date, nullable=False),
    Index("bond_request_open", "office"),
    comment="the pool: what cases ask of bond batches",
)

bond_allocation = Table(
    "bond_allocation",
    metadata,
    Column("batch_no", Text, ForeignKey("bond_batch.batch_no"), primary_key=True),
    Column("case_no", Text, primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("requested_fen", BigInteger, nullable=False),
    Column("allocated_fen", BigInteger, nullable=False),
    Column("included_fen", BigInteger, comment="what the case took; null until it answered"),
    Column("arrived_fen", BigInteger, nullable=False, comment="of that, what has been sent on to the case"),
    Column("reason", Text, nullable=False),
    comment="who gets how much of a batch, and why",
)

bond_news = Table(
    "bond_news",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("news_id", Text, nullable=False, unique=True),
    Column("batch_no", Text, ForeignKey("bond_batch.batch_no"), nullable=False),
    Column("case_no", Text, nullable=False),
    Column("news", Text, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("transfer_id", Text),
    Column("reason", Text),
    Column("state", Text, nullable=False, comment="waiting, told, taken by the case, or returned"),
    Index("bond_news_open", "batch_no", "id"),
    comment="what batches have to tell cases",
)
