"""Addresses at which people have asked to be told what is new."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Identity,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from schema.tables.base import Instant, metadata

contact = Table(
    "contact",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column(
        "account", BigInteger, ForeignKey("staff.id", ondelete="CASCADE"), comment="of somebody of an office"
    ),
    Column("case_no", Text, comment="of a party of a case"),
    Column("side", Text),
    Column("way", Text, nullable=False, comment="mail, sms, wechat"),
    Column("address", Text, nullable=False, comment="personal data: never logged"),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False, comment="asked, sent (a code), active, refused"),
    Column("left_at", Instant, nullable=False),
    Column("code_hash", Text, comment="of the code that was sent there"),
    Column("code_until", Instant),
    Column(
        "after",
        BigInteger,
        nullable=False,
        comment="up to which notification, or entry of the case, it has been told",
    ),
    Column("attempts", Integer, nullable=False, comment="names the latest claim"),
    Column("claimed_until", Instant),
    Column("next_try_at", Instant, comment="of an active one none while there is nothing to tell"),
    Column("failing_since", Instant),
    Column("last_error", Text),
    UniqueConstraint("account", "way"),
    UniqueConstraint("case_no", "side", "way"),
    comment="where people have asked to be told what is new",
)
