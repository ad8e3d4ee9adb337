"""The tables of the outbox. An alert that is added touches two pages: its row, and one index."""

from __future__ import annotations

VERSION = 1
TABLES = (
    """
    CREATE TABLE delivery (
        seq INTEGER PRIMARY KEY,
        key TEXT NOT NULL,
        destination TEXT NOT NULL,
        urgent INTEGER NOT NULL CHECK (urgent IN (0, 1)),
        event TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'held', 'dead')),
        first_at REAL NOT NULL,
        due REAL NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        reason TEXT NOT NULL DEFAULT '',
        held_for TEXT NOT NULL DEFAULT '',
        unless TEXT NOT NULL DEFAULT '' CHECK (unless IN ('', 'delivered', 'acknowledged')),
        fallback INTEGER NOT NULL DEFAULT 0 CHECK (fallback IN (0, 1))
    ) STRICT
    """,
    "CREATE INDEX delivery_next ON delivery (destination, state, urgent DESC, seq)",
    "CREATE INDEX delivery_standing_by ON delivery (key) WHERE unless <> ''",
    """
    CREATE TABLE tally (
        destination TEXT NOT NULL,
        state TEXT NOT NULL,
        reason TEXT NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (destination, state, reason)
    ) STRICT
    """,
    """
    CREATE TABLE lease (
        destination TEXT PRIMARY KEY NOT NULL,
        owner TEXT NOT NULL,
        until REAL NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE silence (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        source TEXT NOT NULL,
        code TEXT NOT NULL,
        subject TEXT NOT NULL,
        until REAL NOT NULL,
        author TEXT NOT NULL,
        reason TEXT NOT NULL
    ) STRICT
    """,
)
LATER = (
    # as good as free: an alert that is on its way is in neither
    "CREATE INDEX IF NOT EXISTS delivery_dead ON delivery (seq) WHERE state = 'dead'",
    "CREATE INDEX IF NOT EXISTS delivery_held ON delivery (held_for, seq) WHERE state = 'held'",
    """
    CREATE TABLE IF NOT EXISTS journal (
        name TEXT PRIMARY KEY NOT NULL,
        number INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE IF NOT EXISTS journal_ahead (
        name TEXT NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (name, number)
    ) STRICT
    """,
)
"""What older files lack and get when they are opened."""
