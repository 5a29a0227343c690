"""What cases claim, in the form in which doubles are found."""

from sqlalchemy import Column, Computed, Date, ForeignKey, Index, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from schema.tables.base import Instant, metadata

claim = Table(
    "claim",
    metadata,
    Column("case_no", Text, ForeignKey("registration.case_no"), primary_key=True),
    Column("known_by", ARRAY(Text), nullable=False, comment="hashes: two doubles have one in common"),
    Column("body", JSONB, nullable=False, comment="the claim in comparable form"),
    Column("received_on", Date, nullable=False),
    Column("registered_at", Instant, nullable=False, comment="real time"),
    Column(
        "debtor",
        Text,
        Computed("(body #>> '{debtor,name}')", persisted=True),
        comment="who owes, in comparable form",
    ),
    Column("debtor_code", Text, Computed("(body #>> '{debtor,code}')", persisted=True)),
    Index("claim_known_by", "known_by", postgresql_using="gin"),
    Index("claim_by_debtor", "debtor"),
    Index("claim_by_debtor_code", "debtor_code"),
    comment="what cases claim: by this doubles are found before they are registered, and the cases of a debtor",
)
