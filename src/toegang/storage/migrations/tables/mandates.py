"""The tables of mandates: edges, the index that logins read, parties, statements."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import TEXT

from toegang.storage.migrations.tables.base import metadata

mandate_edges = Table(
    "mandate_edges",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # 16 bytes, UUIDv7
    Column("principal", LargeBinary, nullable=False),
    Column("agent", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),  # counts its changes
    Column("since", BigInteger, nullable=False),  # of this version; microseconds, UTC
    Column("pending", LargeBinary, nullable=True),  # SHA-256 of what equal requests and offers share
    Column("pending_until", BigInteger, nullable=True),
    Column("body", LargeBinary, nullable=False),  # the edge, MessagePack by place (edge_bodies.py)
    Index("ix_mandate_edges_ends", "principal", "agent"),
)
# Few are pending, and an index of tens of millions of NULLs weighs a gigabyte.
_PENDING = mandate_edges.c.pending.is_not(None)
Index(
    "ux_mandate_edges_pending",
    mandate_edges.c.pending,
    unique=True,
    sqlite_where=_PENDING,
    postgresql_where=_PENDING,
)

# One row for each scope of an active edge, narrow, written in the unit that makes it active or ends it.
authority_index = Table(
    "authority_index",
    metadata,
    Column("agent", LargeBinary, nullable=False),
    Column("scope", LargeBinary, nullable=False),  # the first 8 bytes of the SHA-256 of its key
    Column("principal", LargeBinary, nullable=False),
    Column("edge", LargeBinary, nullable=False),
    # In a chain: 0 its end, 1 within an organisation, 2 between firms, 3 within, for clients of teams only.
    Column("role", SmallInteger, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("valid_from", BigInteger, nullable=False),
    Column("valid_until", BigInteger, nullable=False),
    PrimaryKeyConstraint("agent", "scope", "principal", "edge", name="pk_authority_index"),
    Index("ix_authority_index_principal", "principal", "role", "scope", "agent"),
    sqlite_with_rowid=False,
)

# Clients of a firm (agent) that act for others themselves (principal), or did: where chains of three go on.
authority_onward = Table(
    "authority_onward",
    metadata,
    Column("agent", LargeBinary, nullable=False),
    Column("principal", LargeBinary, nullable=False),
    PrimaryKeyConstraint("agent", "principal", name="pk_authority_onward"),
    sqlite_with_rowid=False,
)

parties = Table(
    "parties",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # 16 bytes; of a person the id in `people`
    Column("kind", Text, nullable=False),
    Column("standing", Text, nullable=False),
    Column("since", BigInteger, nullable=True),  # of the standing; empty: always
    Column("born", Text, nullable=True),  # YYYY-MM-DD, zeros for what is unknown
    Column("told_at", BigInteger, nullable=True),  # when a register told it; empty: not known
)

# What was known of a party from when on, a row for each change: the last before a moment counted then.
party_facts = Table(
    "party_facts",
    metadata,
    Column("party", LargeBinary, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("standing", Text, nullable=False),
    Column("since", BigInteger, nullable=True),
    Column("born", Text, nullable=True),
    Column("told_at", BigInteger, nullable=True),
    PrimaryKeyConstraint("party", "recorded_at", name="pk_party_facts"),
)

organisation_numbers = Table(
    "organisation_numbers",
    metadata,
    Column("found_by", LargeBinary, primary_key=True),  # keyed hash of the number
    Column("party", LargeBinary, nullable=False),
    Column("sort", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_organisation_numbers_party", "party"),
)

# By which names the clients of organisations are found: a row for each word that a name can be begun with.
client_names = Table(
    "client_names",
    metadata,
    Column("agent", LargeBinary, nullable=False),
    # Folded (mandates/searching.py), in the order of bytes on every engine.
    Column("name", Text().with_variant(TEXT(collation="C"), "postgresql"), nullable=False),
    Column("client", LargeBinary, nullable=False),
    PrimaryKeyConstraint("agent", "name", "client", name="pk_client_names"),
    Index("ix_client_names_client", "client", "agent"),
    sqlite_with_rowid=False,
)

# Teams of organisations; who is on them and for whom they are are edges, to and from the id.
teams = Table(
    "teams",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # 16 bytes, UUIDv7
    Column("organisation", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Index("ix_teams_organisation", "organisation", "id"),
)

authority_statements = Table(
    "authority_statements",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # 16 bytes, UUIDv7
    Column("txn", LargeBinary, nullable=False),  # SHA-256 of the login's id
    Column("bound", LargeBinary, nullable=False),  # SHA-256 of all that it is bound to
    Column("until", BigInteger, nullable=False),  # when it can no longer be redeemed
    Column("status", Text, nullable=False),
    Column("redeemed_at", BigInteger, nullable=True),
    Column("body", LargeBinary, nullable=False),  # the statement, MessagePack, without what it is bound to
    Index("ux_authority_statements_txn", "txn", unique=True),
)

authority_statement_edges = Table(
    "authority_statement_edges",
    metadata,
    Column("edge", LargeBinary, nullable=False),
    Column("statement", LargeBinary, nullable=False),
    PrimaryKeyConstraint("edge", "statement", name="pk_authority_statement_edges"),
)

# Statements in use that end by themselves or rest on the law; the row goes when nobody uses it any more.
authority_looks = Table(
    "authority_looks",
    metadata,
    Column("statement", LargeBinary, primary_key=True),
    Column("over_at", BigInteger, nullable=False),  # when its authority or its use ends, the first of both
    Column("look_at", BigInteger, nullable=False),  # when registers are asked next; the last moment: never
    Column("shaken", Integer, nullable=False),  # how often something happened to whom it is about
    Column("good_until", BigInteger, nullable=False),  # until when what registers told is believed
    Column("good_ends", BigInteger, nullable=True),  # until when it holds, as they told; empty: no end known
    Column("good_by", LargeBinary, nullable=True),  # SHA-256 of the service by whose rules it was weighed
    Index("ix_authority_looks_over", "over_at", "statement"),
    Index("ix_authority_looks_look", "look_at", "statement"),
)

# One row for each party that a mandate of people concerns: where they find it, and until when.
mandate_sides = Table(
    "mandate_sides",
    metadata,
    Column("party", LargeBinary, nullable=False),
    Column("edge", LargeBinary, nullable=False),
    Column("list", SmallInteger, nullable=False),  # mandates.listing.Listing
    Column("ends", BigInteger, nullable=False),
    PrimaryKeyConstraint("party", "edge", name="pk_mandate_sides"),
    Index("ix_mandate_sides_list", "party", "list", "ends", "edge"),
    sqlite_with_rowid=False,
)

# When both sides of a mandate in force are reminded of its end; the row goes when they were.
mandate_reminders = Table(
    "mandate_reminders",
    metadata,
    Column("edge", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("edge", name="pk_mandate_reminders"),
    Index("ix_mandate_reminders_at", "at", "edge"),
)

authority_statement_parties = Table(
    "authority_statement_parties",
    metadata,
    Column("party", LargeBinary, nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    Column("statement", LargeBinary, nullable=False),
    PrimaryKeyConstraint("party", "issued_at", "statement", name="pk_authority_statement_parties"),
)

mandate_requests = Table(
    "mandate_requests",
    metadata,
    Column("principal", LargeBinary, nullable=False),
    Column("agent", LargeBinary, nullable=False),
    Column("began", BigInteger, nullable=False),  # of the first request that counts
    Column("times", Integer, nullable=False),
    Column("quiet_until", BigInteger, nullable=False),  # nothing may be asked before
    Column("forgotten", BigInteger, nullable=False),  # from when on nothing in it counts
    PrimaryKeyConstraint("principal", "agent", name="pk_mandate_requests"),
    Index("ix_mandate_requests_forgotten", "forgotten"),
)

# Work on many mandates (mandates/job.py): how far it is.
mandate_jobs = Table(
    "mandate_jobs",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # 16 bytes, UUIDv7
    Column("kind", Text, nullable=False),
    Column("first", LargeBinary, nullable=False),
    Column("second", LargeBinary, nullable=False),
    Column("ordered_by", Text, nullable=False),  # a command, or the id of a person
    Column("ground", Text, nullable=False),  # a reference
    Column("level", SmallInteger, nullable=False),  # what a person had proven
    Column("over", Text, nullable=True),  # matters, a space between; empty: all
    Column("state", Text, nullable=False),
    Column("cursor", LargeBinary, nullable=False),  # past which mandates it is
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("ended", BigInteger, nullable=True),
    Column("version", Integer, nullable=False),  # counts its steps
    Column("running", LargeBinary, nullable=True),  # SHA-256 of what equal jobs share; empty once it ended
    Index("ux_mandate_jobs_running", "running", unique=True),
    Index("ix_mandate_jobs_first", "first", "kind"),
    Index("ix_mandate_jobs_second", "second", "state"),
)

# Which mandates a job did not move.
mandate_job_refusals = Table(
    "mandate_job_refusals",
    metadata,
    Column("job", LargeBinary, nullable=False),
    Column("edge", LargeBinary, nullable=False),
    Column("why", Text, nullable=False),
    PrimaryKeyConstraint("job", "edge", name="pk_mandate_job_refusals"),
)

# Who was told of a job that waits for the other side.
mandate_job_told = Table(
    "mandate_job_told",
    metadata,
    Column("person", LargeBinary, nullable=False),
    Column("job", LargeBinary, nullable=False),
    PrimaryKeyConstraint("person", "job", name="pk_mandate_job_told"),
    Index("ix_mandate_job_told_job", "job"),
)
