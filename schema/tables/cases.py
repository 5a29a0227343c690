"""Cases: their numbers, their state, and who sees them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from schema.tables.base import metadata

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
    Column("debtor_code_hash", Text, comment="of the code that opens the case to its debtor"),
    Column("contact", Text, comment="the creditor's; personal data: nowhere else"),
    Column("debtor_contact", Text, comment="likewise"),
    Column("merged_into", Text, comment="the case that answers under this number, where that is another"),
    UniqueConstraint("office", "year", "number"),
    Index("registration_by_phone", text("phones(contact, debtor_contact)"), postgresql_using="gin"),
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
    Column(
        "assigned_to", Text, comment="on whose desk it is: the letters of the name, as `staff.person_key`"
    ),
    Column("received_on", Date, nullable=False),
    Column("ended_on", Date),
    Column(
        "owed_since",
        Date,
        comment="the first day on which the price was owed and late; none where that is not known",
    ),
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
    Column("claimed_fen", BigInteger, comment="none where it is to be verified"),
    Column(
        "undisputed_fen", BigInteger, nullable=False, comment="0 before recognition, as the three that follow"
    ),
    Column("disputed_fen", BigInteger, nullable=False),
    Column("not_yet_due_fen", BigInteger, nullable=False),
    Column("judicial_fen", BigInteger, nullable=False),
    Column("included_fen", BigInteger, nullable=False),
    Column(
        "contract_keys", ARRAY(Text), comment="the contract that it may share with other cases of its debtor"
    ),
    Column("contract_settled_fen", BigInteger, comment="what it states of that as settled"),
    Column("contract_total_fen", BigInteger, comment="what all of that contract is worth, where it is known"),
    Column("confirmed_on", ARRAY(Date), nullable=False, comment="the days of the confirmations that stand"),
    Column("confirmed_fen", ARRAY(BigInteger), nullable=False, comment="how much each of them confirmed"),
    Column(
        "awaited",
        ARRAY(Text),
        nullable=False,
        comment="the offices whose heads have a step or an appeal to decide on",
    ),
    Column(
        "spelt",
        Text,
        nullable=False,
        server_default="",
        comment="title, creditor and debtor by their sound, as `domain.names.spelling`",
    ),
    Column(
        "vouchers",
        ARRAY(Text),
        nullable=False,
        server_default="{}",
        comment="of its payments, in the form in which names are compared",
    ),
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
        "verified",
        Boolean,
        Computed(
            "(COALESCE(state -> 'recognition' <> 'null', false) OR stage = 'unfounded')", persisted=True
        ),
        nullable=False,
        comment="whether what is owed is known, as `domain.case.verified` says",
    ),
    Column(
        "open_duties",
        JSONB,
        Computed("open_duties(state)", persisted=True),
        nullable=False,
        comment="who owes what until when",
    ),
    Column(
        "sequence",
        Text,
        Computed("in_sequence(case_no)", persisted=True),
        comment="what cases are sorted by: their numbers as numbers",
    ),
    Index("case_file_sequence", "sequence", unique=True),
    Index("case_file_by_holder", "holder", "sequence"),
    Index(
        "case_file_on_desk",
        *("holder", "assigned_to", "received_on", "sequence"),
        postgresql_where=text("assigned_to IS NOT NULL"),
    ),
    Index("case_file_by_contract", "contract_keys", postgresql_using="gin"),
    Index("case_file_by_end", text("number_of(case_no)")),
    Index("case_file_number", "case_no", postgresql_ops={"case_no": "text_pattern_ops"}),
    Index(
        "case_file_search",
        text("search_terms(seen_by, title, creditor, creditor_code, debtor, debtor_code)"),
        postgresql_using="gin",
    ),
    Index("case_file_spelt", text("spelt_terms(seen_by, spelt)"), postgresql_using="gin"),
    Index("case_file_by_voucher", "vouchers", postgresql_using="gin"),
    comment="the read model of cases",
)

_SHOWN = ("stage", "mode", "red_on", "yellow_on", "blue_on", "is_own")

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
    Column(
        "urgency",
        Integer,
        nullable=False,
        comment="greater is earlier: days of the last day before the end of 9999; 0 where none runs",
    ),
    Column("outstanding_fen", BigInteger, nullable=False),
    Index(
        "sighting_by_urgency", *("office", "urgency", "received_on", "sequence", *_SHOWN, "outstanding_fen")
    ),
    Index(
        "sighting_by_amount", *("office", "outstanding_fen", "received_on", "sequence", *_SHOWN, "urgency")
    ),
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
    Index(
        "sighting_lit_by_urgency",
        *("office", "urgency", "received_on", "sequence", "red_on", "yellow_on", "blue_on"),
        *("stage", "mode", "is_own"),
    ),
    comment="which offices see which case, and what lists filter it by: kept by triggers of case_file alone",
)

tally = Table(
    "tally",
    metadata,
    Column("holder", Text, nullable=False),
    Column(
        "kind",
        Text,
        nullable=False,
        comment="standing, of all cases; light and age, of the open ones; month, of what was received or confirmed in it",
    ),
    Column("stage", Text, comment="of a standing, as the two that follow"),
    Column("debtor_kind", Text),
    Column("band", Text),
    Column("blue_on", Date, comment="of a light, as the two that follow"),
    Column("yellow_on", Date),
    Column("red_on", Date),
    Column("day", Date, comment="of an age, since when it is owed; of a month, its first"),
    Column("cases", BigInteger, nullable=False),
    Column("claimed_fen", BigInteger, nullable=False),
    Column("unverified", BigInteger, nullable=False),
    Column("unrecognised", BigInteger, nullable=False),
    Column("recognised_fen", BigInteger, nullable=False),
    Column("undisputed_fen", BigInteger, nullable=False),
    Column("cleared_fen", BigInteger, nullable=False),
    Column("confirmed_fen", BigInteger, nullable=False),
    Index("tally_by_kind", "kind", "holder"),
    comment="what overviews add up: only its sums mean anything. Kept by triggers of case_file alone, and counted anew every night",
)
