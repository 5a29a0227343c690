"""The working-day calendar as notices have set it."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Integer,
    Table,
    Text,
)

from schema.tables.base import Instant, metadata

calendar_version = Table(
    "calendar_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column(
        "notice", Text, nullable=False, unique=True, comment="文号 of the notice, or the package's release"
    ),
    Column("amends", Text, ForeignKey("calendar_version.notice"), comment="the notice whose year it changes"),
    Column("horizon", Date, nullable=False, comment="last day of the last published year"),
    Column("loaded_at", Instant, nullable=False),
    comment="the notices that have been loaded: append-only",
)

calendar_day = Table(
    "calendar_day",
    metadata,
    Column("version", Integer, ForeignKey("calendar_version.version"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("kind", Text, nullable=False, comment="`off`, or `work`: a make-up day (调休上班)"),
    comment="the days that each notice sets; of two notices the later one counts. Append-only",
)
