-- The lists whose rows later lists are matched against: of each the run that read it last. Their rows stand in
-- snapshots/RUN.people.parquet (compared values) and snapshots/RUN.customers.parquet (whose they are).
CREATE TABLE known_list (
    name        TEXT NOT NULL,                -- of its file, without the directory
    fingerprint TEXT NOT NULL,                -- of its header
    run         TEXT NOT NULL,
    position    INTEGER NOT NULL,             -- among the run's inputs, from 0
    seen        INTEGER NOT NULL,             -- grows from run to run
    PRIMARY KEY (name, fingerprint)
) STRICT, WITHOUT ROWID;

-- What people decided of two rows. Obeyed until a compared value changes; undone ones stay for whoever asks later.
CREATE TABLE decision (
    number         INTEGER PRIMARY KEY AUTOINCREMENT,
    relation       TEXT NOT NULL CHECK (relation IN ('same', 'different', 'household')),
    left_row       INTEGER NOT NULL,          -- 64-bit id of a row, as two's complement
    left_name      TEXT NOT NULL,             -- as the person named it
    left_compared  INTEGER NOT NULL,          -- fixed hash of its compared values
    right_row      INTEGER NOT NULL,
    right_name     TEXT NOT NULL,
    right_compared INTEGER NOT NULL,
    why            TEXT NOT NULL,
    made_at        TEXT NOT NULL,             -- RFC 3339, UTC
    rules          TEXT NOT NULL,             -- fingerprint of the rules by which the values were compared
    undone_at      TEXT
) STRICT;
