"""Web addresses to which programs have what changes posted."""

from sqlalchemy import ARRAY, BigInteger, Column, Identity, Table, Text, UniqueConstraint

from schema.tables.base import Instant, metadata

subscription = Table(
    "subscription",
    metadata,
    Column("no", BigInteger, Identity(always=True), primary_key=True),
    Column("office", Text, nullable=False),
    Column("token", Text, nullable=False, comment="the name of the token; it ends with that"),
    Column("address", Text, nullable=False, comment="never logged"),
    Column("kinds", ARRAY(Text), nullable=False, comment="of entries; none: all"),
    Column("secret", Text, nullable=False, comment="signs what is posted there"),
    Column("state", Text, nullable=False, comment="active, failing, ended"),
    Column("after", BigInteger, nullable=False, comment="up to which entry it has been told"),
    Column(
        "generation", BigInteger, nullable=False, server_default="1", comment="how often it was asked for"
    ),
    Column(
        "telling",
        ARRAY(BigInteger),
        nullable=False,
        server_default="{}",
        comment="the entries of what is being told, the same in every attempt",
    ),
    Column("until", BigInteger, comment="up to which entry it has been told once that is taken"),
    Column("failing_since", Instant),
    Column("next_try_at", Instant, nullable=False),
    Column("last_error", Text, comment="a code"),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("office", "token", "address"),
    comment="where programs have what changes posted",
)
