"""The tables of the record, for SQLAlchemy Core. Their constraints and triggers are in the migrations."""

from schema.tables.base import metadata
from schema.tables.bonds import batch_number, bond_allocation, bond_batch, bond_news, bond_request
from schema.tables.calendar import calendar_day, calendar_version
from schema.tables.cases import case_file, registration, rules, sighting, tally
from schema.tables.claims import claim
from schema.tables.contacts import contact
from schema.tables.imports import faulty_sheet, import_row, ledger_import
from schema.tables.post import delivery, document, outbox, report
from schema.tables.record import account, effect, event, incident, money_reference, transfer
from schema.tables.subscriptions import subscription
from schema.tables.window import (
    api_token,
    attempt,
    half_way,
    known_place,
    list_columns,
    list_view,
    notification,
    opening_key,
    pace,
    reading,
    recovery_code,
    second_factor,
    session,
    staff,
    staff_change,
)

__all__ = [
    "account",
    "api_token",
    "attempt",
    "batch_number",
    "bond_allocation",
    "bond_batch",
    "bond_news",
    "bond_request",
    "calendar_day",
    "calendar_version",
    "case_file",
    "claim",
    "contact",
    "delivery",
    "document",
    "effect",
    "event",
    "faulty_sheet",
    "half_way",
    "import_row",
    "incident",
    "known_place",
    "ledger_import",
    "list_columns",
    "list_view",
    "metadata",
    "money_reference",
    "notification",
    "opening_key",
    "outbox",
    "pace",
    "reading",
    "recovery_code",
    "registration",
    "report",
    "rules",
    "second_factor",
    "session",
    "sighting",
    "staff",
    "staff_change",
    "subscription",
    "tally",
    "transfer",
]
