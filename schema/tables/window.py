"""People, sessions, second factors, tokens, limits and keys."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY

from schema.tables.base import Instant, metadata

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
        comment="the letters of the name: a person has one account an office, or one a unit there",
    ),
    Column("office", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("password_hash", Text, comment="Argon2; null until the invitation has been used"),
    Column("invitation_hash", Text, unique=True, comment="of the code that lets set a password, once"),
    Column("invited_until", Instant),
    Column("active", Boolean, nullable=False),
    Column("notified", BigInteger, nullable=False, comment="up to which notification this person has read"),
    Column("unit", Text, comment="the debtor unit whose account it is, which the office has invited"),
    Column("unit_code", Text, comment="its credit code, where the office knows it"),
    UniqueConstraint("office", "person_key"),
    comment="who signs in, of the offices and of debtor units; the id stands in the journal, so nobody is ever deleted",
)

notification = Table(
    "notification",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("office", Text, nullable=False),
    Column("role", Text),
    Column("person_key", Text),
    Column("case_no", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("account", BigInteger, comment="who did it, and is not told"),
    Index("notification_to_role", "office", "role", "id"),
    Index("notification_to_person", "office", "person_key", "id"),
    Index("notification_by_office", "office", "id"),
    comment="what is told to people of an office",
)

list_view = Table(
    "list_view",
    metadata,
    Column("account", BigInteger, ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("query", Text, nullable=False, comment="the filters, as an address writes them"),
    comment="lists of the desk that somebody keeps by a name",
)

list_columns = Table(
    "list_columns",
    metadata,
    Column("account", BigInteger, ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
    Column("shown", ARRAY(Text), nullable=False),
    comment="which columns somebody has chosen for the list of the desk",
)

session = Table(
    "session",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("staff_id", BigInteger, ForeignKey("staff.id", ondelete="CASCADE")),
    Column("case_no", Text, comment="of the party that came in with its code"),
    Column("side", Text, comment="which party of it that is"),
    Column("for_program", Boolean, nullable=False, comment="a party's program, whose token is no cookie"),
    Column("csrf", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("id", BigInteger, Identity(always=True), nullable=False, comment="by which its owner ends it"),
    Column(
        "by_common_account", Boolean, nullable=False, comment="another than us has vouched for the person"
    ),
    Column("begun_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=False, comment="to the minute"),
    Column("address", Text, comment="from where it was begun; of people of offices only"),
    Column("browser", Text, comment="what it calls itself; likewise"),
    Index("session_by_age", "expires_at"),
    Index("session_by_staff", "staff_id"),
    Index("session_by_case", "case_no"),
    comment="who is signed in",
)

second_factor = Table(
    "second_factor",
    metadata,
    Column("staff_id", BigInteger, ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "secret",
        Text,
        comment="from which codes are computed (TOTP), as it is; null until one has been shown",
    ),
    Column("since", Instant),
    Column(
        "last_step",
        BigInteger,
        comment="of the latest code that was taken: neither it nor one before is again",
    ),
    Column("offered", Text, comment="the secret that is in force once a code of it has been shown"),
    Column("offered_at", Instant, comment="it is offered for some minutes"),
    Column("offered_to", Text, comment="the hash of the token of the session that showed the password"),
    comment="what people of the offices show beside a password; for the window alone",
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column(
        "staff_id", BigInteger, ForeignKey("second_factor.staff_id", ondelete="CASCADE"), primary_key=True
    ),
    Column("code_hash", Text, primary_key=True),
    comment="what is shown in place of a code, once, when the telephone is lost",
)

half_way = Table(
    "half_way",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("staff_id", BigInteger, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("half_way_by_age", "expires_at"),
    Index("half_way_by_staff", "staff_id"),
    comment="who has shown a password, and no second factor yet: nobody is signed in by that",
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
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    UniqueConstraint("office", "name"),
    comment="programs of the offices",
)

staff_change = Table(
    "staff_change",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", Instant, nullable=False),
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
    Column("at", Instant, nullable=False),
    Index("attempt_by_subject", "subject", "at"),
    Index("attempt_by_age", "at"),
    comment="failed sign-ins and enquiries of late",
)

known_place = Table(
    "known_place",
    metadata,
    Column("subject", Text, primary_key=True, comment="a login or a case together with an address; hashed"),
    Column("at", Instant, nullable=False),
    Index("known_place_by_age", "at"),
    comment="from where the right secret has been shown of late",
)

pace = Table(
    "pace",
    metadata,
    Column("party", Text, primary_key=True),
    Column("due_at", Instant, nullable=False, comment="when it would be back at no debt"),
    comment="how fast each party gives commands",
)

reading = Table(
    "reading",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", Text, nullable=False),
    Column("case_no", Text, nullable=False),
    Column("what", Text, nullable=False),
    Index("reading_by_case", "case_no", "id"),
    comment="who has read personal data",
)
