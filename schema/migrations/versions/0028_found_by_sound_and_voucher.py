"""Cases are found by the sound of their names, by the vouchers of their payments, and by a party's telephone; everybody chooses the
columns of their list.
"""

from alembic import op

from schema.spelling import spell

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

COLUMNS = (
    "ALTER TABLE case_file ADD COLUMN spelt text NOT NULL DEFAULT '', ADD COLUMN vouchers text[] NOT NULL DEFAULT '{}'",
)

INDEXES = (
    # What somebody types begins at a syllable: of each there is what follows it, spelt out and by initials, cut to what tells cases
    # apart. A word is found by how these terms begin, so it may end anywhere.
    """
    CREATE FUNCTION spelt_terms(seen_by text[], spelt text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10000
    RETURN array_to_tsvector(
        ARRAY(SELECT '@' || office FROM unnest(seen_by) office)
        || ARRAY(
            SELECT left(array_to_string(said[place:place + 11], ''), 12)
            FROM string_to_table(spelt, '/') name, LATERAL (SELECT string_to_array(ltrim(name), ' ') AS said) told,
                generate_series(1, cardinality(said)) place)
        || ARRAY(
            SELECT regexp_replace(array_to_string(said[place:place + 5], ' '), '([a-z0-9])[a-z0-9]* ?', '\\1', 'g')
            FROM string_to_table(spelt, '/') name, LATERAL (SELECT string_to_array(ltrim(name), ' ') AS said) told,
                generate_series(1, cardinality(said)) place))
    """,
    "CREATE INDEX case_file_spelt ON case_file USING gin (spelt_terms(seen_by, spelt))",
    "CREATE INDEX case_file_by_voucher ON case_file USING gin (vouchers)",
    # Each number whole, and without what may stand before it: the country, the area. A blank may stand within a number or between two;
    # a few digits behind a whole number may be its extension, or its end.
    r"""
    CREATE FUNCTION phones(contact text, debtor_contact text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY(
        SELECT DISTINCT right(found[1], size)
        FROM unnest(ARRAY[normalize(contact, NFKC), normalize(debtor_contact, NFKC)]) told,
            unnest(ARRAY[
                '(?<=[0-9]{7})[-\u2010-\u2015][0-9]{1,6}(?![0-9])|[-\u2010-\u2015).]', '[-\u2010-\u2015).]', '[- \u2010-\u2015).]'
            ]) within,
            regexp_matches(regexp_replace(told, within, '', 'g'), '[0-9]{7,}', 'g') found, unnest(ARRAY[7, 8, 11, 100]) size
        WHERE length(found[1]) >= size OR size = 100)
    """,
    "CREATE INDEX registration_by_phone ON registration USING gin (phones(contact, debtor_contact))",
)

CHOSEN = (
    """
    CREATE TABLE list_columns (
        account bigint PRIMARY KEY REFERENCES staff (id) ON DELETE CASCADE, shown text[] NOT NULL)
    """,
    "COMMENT ON TABLE list_columns IS 'which columns somebody has chosen for the list of the desk'",
)


def upgrade() -> None:
    for statement in COLUMNS:
        op.execute(statement)
    # No trigger looks at these columns.
    op.execute("ALTER TABLE case_file DISABLE TRIGGER USER")
    spell(op.get_bind())
    op.execute("ALTER TABLE case_file ENABLE TRIGGER USER")
    for statement in (*INDEXES, *CHOSEN):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
