"""The tables of the record, for SQLAlchemy Core. Their constraints and triggers are in the migrations."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

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
    Column("entered_by", Text, comment="the clerk who entered a party's word"),
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
    Column("at", DateTime(timezone=True), nullable=False, comment="real time"),
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
    Column("creditor", Text, nullable=False, comment="the names of the parties"),
    Column("creditor_code", Text),
    Column("debtor", Text, nullable=False),
    Column("debtor_code", Text),
    Column("debtor_kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("migrant_wages", Boolean, nullable=False),
    Column("livelihood", Boolean, nullable=False),
    Column("claimed_fen", BigInteger, nullable=False),
    Column(
        "undisputed_fen", BigInteger, nullable=False, comment="0 before recognition, as the two that follow"
    ),
    Column("disputed_fen", BigInteger, nullable=False),
    Column("not_yet_due_fen", BigInteger, nullable=False),
    Column("included_fen", BigInteger, nullable=False),
    Column("confirmed_on", ARRAY(Date), nullable=False, comment="the days of the confirmations that stand"),
    Column("confirmed_fen", ARRAY(BigInteger), nullable=False, comment="how much each of them confirmed"),
    Column("awaited", ARRAY(Text), nullable=False, comment="the offices whose heads have a step to decide"),
    Column("seq", Integer, nullable=False),
    Column("head", Text, nullable=False, comment="hash of the latest journal entry"),
    Column("state", JSONB, nullable=False),
    Column(
        "seen_by",
        ARRAY(Text),
        Computed("offices_above(route)", persisted=True),
        comment="the offices of its route and all above them",
    ),
    Column(
        "sequence",
        Text,
        Computed("in_sequence(case_no)", persisted=True),
        comment="what cases are sorted by: their numbers as numbers",
    ),
    Index("case_file_sequence", "sequence", unique=True),
    Index("case_file_by_holder", "holder", "sequence"),
    Index("case_file_number", "case_no", postgresql_ops={"case_no": "text_pattern_ops"}),
    Index(
        "case_file_search",
        text("search_terms(seen_by, title, creditor, creditor_code, debtor, debtor_code)"),
        postgresql_using="gin",
    ),
    comment="the read model of cases",
)

sighting = Table(
    "sighting",
    metadata,
    Column("office", Text, primary_key=True),
    Column("received_on", Date, primary_key=True),
    Column("sequence", Text, primary_key=True, comment="of the case"),
    Column("is_own", Boolean, nullable=False, comment="whether the office holds or registered the case"),
    Column("stage", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("blue_on", Date, nullable=False, comment="infinity where the case has none"),
    Column("yellow_on", Date, nullable=False),
    Column("red_on", Date, nullable=False),
    Column("lit_on", Date, nullable=False, comment="the earliest of the three"),
    Column("due_on", Date, nullable=False, comment="the earliest last day of an open duty, or infinity"),
    Column("is_awaited", Boolean, nullable=False, comment="whether the office's head has a step to decide"),
    Index("sighting_due", "office", "due_on"),
    Index("sighting_awaited", "office"),
    Index(
        "sighting_own",
        *("office", "received_on", "sequence", "stage", "mode", "red_on", "yellow_on", "blue_on"),
    ),
    Index(
        "sighting_by_stage",
        *("office", "stage", "received_on", "sequence", "mode", "red_on", "yellow_on", "blue_on", "is_own"),
    ),
    Index(
        "sighting_by_mode",
        *("office", "mode", "received_on", "sequence", "stage", "red_on", "yellow_on", "blue_on", "is_own"),
    ),
    Index(
        "sighting_lit",
        *("office", "received_on", "sequence", "red_on", "yellow_on", "blue_on", "stage", "mode", "is_own"),
    ),
    comment="which offices see which case, and what lists filter it by: kept by triggers of case_file alone",
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

calendar_version = Table(
    "calendar_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column(
        "notice", Text, nullable=False, unique=True, comment="文号 of the notice, or the package's release"
    ),
    Column("amends", Text, ForeignKey("calendar_version.notice"), comment="the notice whose year it changes"),
    Column("horizon", Date, nullable=False, comment="last day of the last published year"),
    Column("loaded_at", DateTime(timezone=True), nullable=False),
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
    Column("reply_by", Date, nullable=False),
    Column("docx", LargeBinary, nullable=False),
    Column("sha256", Text, nullable=False, comment="of docx; the journal has it too"),
    Index("document_by_case", "case_no"),
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
    Column("deliver_at", DateTime(timezone=True), nullable=False, comment="not before"),
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
    Column("since", DateTime(timezone=True), nullable=False, comment="when it was addressed, or sent again"),
    Column("next_try_at", DateTime(timezone=True)),
    Column(
        "claimed_until", DateTime(timezone=True), comment="by the database's clock: somebody is sending it"
    ),
    Column("last_error", Text),
    Column("delivered_at", DateTime(timezone=True)),
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
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("office", "kind", "period_start"),
    comment="reports of offices, as they were compiled: append-only",
)

staff = Table(
    "staff",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("person", Text, nullable=False),
    Column(
        "person_key",
        Text,
        nullable=False,
        comment="the letters of the name: a person has one account an office",
    ),
    Column("office", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("password_hash", Text, comment="Argon2; null until the invitation has been used"),
    Column("invitation_hash", Text, unique=True, comment="of the code that lets set a password, once"),
    Column("invited_until", DateTime(timezone=True)),
    Column("active", Boolean, nullable=False),
    UniqueConstraint("office", "person_key"),
    comment="the people of the offices who sign in; the id stands in the journal, so nobody is ever deleted",
)

session = Table(
    "session",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("staff_id", BigInteger, ForeignKey("staff.id", ondelete="CASCADE")),
    Column("case_no", Text, comment="of the enterprise that asked about it"),
    Column(
        "for_program", Boolean, nullable=False, comment="an enterprise's program, whose token is no cookie"
    ),
    Column("csrf", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index("session_by_age", "expires_at"),
    Index("session_by_staff", "staff_id"),
    Index("session_by_case", "case_no"),
    comment="who is signed in",
)

api_token = Table(
    "api_token",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("owner", BigInteger, ForeignKey("staff.id"), comment="with whom it ends"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    UniqueConstraint("office", "name"),
    comment="programs of the offices",
)

staff_change = Table(
    "staff_change",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("office", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("whom", Text, nullable=False, comment="a login, or the name of a token"),
    Column("by", Text, nullable=False, comment="a login, or `command line`"),
    Column("account", BigInteger, comment="staff.id of whoever did it"),
    Column("roles", ARRAY(Text), comment="the roles from then on, where they were given"),
    Index("staff_change_by_office", "office", "id", postgresql_ops={"office": "text_pattern_ops"}),
    comment="what was done about people and tokens, and by whom: append-only",
)

opening_key = Table(
    "opening_key",
    metadata,
    Column("office", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("stream", Text, nullable=False, comment="the number of the case or batch"),
    comment="what programs asked to be opened under a key of theirs",
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("subject", Text, nullable=False, comment="a login, a case, an address; hashed"),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("attempt_by_subject", "subject", "at"),
    Index("attempt_by_age", "at"),
    comment="failed sign-ins and enquiries of late",
)

known_place = Table(
    "known_place",
    metadata,
    Column("subject", Text, primary_key=True, comment="a login or a case together with an address; hashed"),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("known_place_by_age", "at"),
    comment="from where the right secret has been shown of late",
)

pace = Table(
    "pace",
    metadata,
    Column("party", Text, primary_key=True),
    Column("due_at", DateTime(timezone=True), nullable=False, comment="when it would be back at no debt"),
    comment="how fast each party gives commands",
)

reading = Table(
    "reading",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("who", Text, nullable=False),
    Column("case_no", Text, nullable=False),
    Column("what", Text, nullable=False),
    Index("reading_by_case", "case_no", "id"),
    comment="who has read personal data",
)

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
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("confirmed_at", DateTime(timezone=True), comment="from then on its cases are opened"),
    Column("codes_at", DateTime(timezone=True), comment="when the access codes were handed out"),
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
    Column("state", Text, nullable=False),
    Column("case_no", Text, unique=True),
    Column("code_hash", Text, comment="of the access code that nobody was told"),
    Column("reason", Text, comment="why no case could be opened"),
    comment="rows of sheets, each a case to open",
)

Index(
    "case_file_open_by_debtor",
    case_file.c.debtor,
    postgresql_using="hash",
    postgresql_where=case_file.c.ended_on.is_(None),
)
