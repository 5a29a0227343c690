"""Bond batches: quotas, requests, allocations, and what cases are to be told."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from schema.tables.base import metadata

bond_batch = Table(
    "bond_batch",
    metadata,
    Column("batch_no", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("kind", Text, nullable=False, comment="general or special"),
    Column("stage", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("head", Text, nullable=False),
    Column("state", JSONB, nullable=False),
    Column("sequence", Text, Computed("in_sequence(batch_no)", persisted=True)),
    Index("bond_batch_sequence", "sequence", unique=True),
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
    Column("kind", Text, primary_key=True, comment="of bonds: general or special"),
    Column("office", Text, nullable=False),
    Column("wanted_fen", BigInteger, nullable=False, comment="asked for, and not included yet"),
    Column("wage_fen", BigInteger, nullable=False, comment="how much of that is wages of migrant workers"),
    Column("livelihood", Boolean, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("spending", Text, comment="capital or recurrent, where that is known"),
    Index("bond_request_open", "office"),
    comment="the pools: what cases ask of bond batches of each kind",
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
    Column(
        "wage_fen", BigInteger, nullable=False, comment="how much of the request was wages, which come first"
    ),
    Column("livelihood", Boolean, nullable=False),
    Column("received_on", Date, nullable=False),
    Index("bond_allocation_unanswered", "case_no", postgresql_where=text("included_fen IS NULL")),
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
