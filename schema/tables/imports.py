"""Sheets (台账) that were uploaded, and their rows."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from schema.tables.base import Instant, metadata

ledger_import = Table(
    "import",
    metadata,
    Column("digest", Text, primary_key=True, comment="SHA-256 of the file: one file is imported once"),
    Column("office", Text, nullable=False),
    Column("login", Text, nullable=False, comment="who imports, and may fetch the access codes"),
    Column("person", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("warnings", JSONB, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("confirmed_at", Instant, comment="from then on its cases are opened"),
    Column("codes_at", Instant, comment="when the access codes were handed out"),
    Index("import_by_office", "office", "created_at", postgresql_ops={"office": "text_pattern_ops"}),
    comment="sheets of cases that were uploaded",
)

import_row = Table(
    "import_row",
    metadata,
    Column("digest", Text, ForeignKey("import.digest", ondelete="CASCADE"), primary_key=True),
    Column("row", Integer, primary_key=True, autoincrement=False, comment="its number in the sheet"),
    Column("receipt", JSONB, nullable=False),
    Column("contact", Text, comment="personal data: only until the case is opened"),
    Column("debtor_contact", Text, comment="likewise"),
    Column("state", Text, nullable=False),
    Column("case_no", Text, unique=True),
    Column("code_hash", Text, comment="of the access code that nobody was told"),
    Column("reason", Text, comment="why no case could be opened"),
    comment="rows of sheets, each a case to open",
)

faulty_sheet = Table(
    "faulty_sheet",
    metadata,
    Column("login", Text, primary_key=True, comment="who uploaded it; one each"),
    Column("office", Text, nullable=False),
    Column("digest", Text, nullable=False, comment="SHA-256 of content"),
    Column("file_name", Text, nullable=False),
    Column("header_row", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="personal data: kept for a day"),
    Column("faults", JSONB, nullable=False, comment="[cell, Chinese, English] each"),
    Column("created_at", Instant, nullable=False),
    comment="sheets in which something is wrong, for their marked copies",
)
