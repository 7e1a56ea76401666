-- One row a run: what was read, with which rules, on which day, and what came of it.
CREATE TABLE run (
    id          TEXT PRIMARY KEY,             -- content-stable: same inputs, rules, region and day give the same id
    recorded_at TEXT NOT NULL,                -- RFC 3339, UTC; the last time this run was made
    as_of       TEXT NOT NULL,                -- YYYY-MM-DD
    region      TEXT NOT NULL,                -- ISO 3166
    version     TEXT NOT NULL,                -- of tiuv
    rules       TEXT NOT NULL,                -- fingerprint of the rule files in force
    rows_in     INTEGER NOT NULL,
    rows_out    INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    summary     TEXT NOT NULL,                -- run.json
    CHECK (rows_in = rows_out + quarantined)
) STRICT;

CREATE TABLE run_input (
    run      TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name     TEXT NOT NULL,
    records  INTEGER NOT NULL,
    PRIMARY KEY (run, position)
) STRICT;

-- What a person said a column means, by the header it stood in.
CREATE TABLE column_mapping (
    header_fingerprint TEXT NOT NULL,
    position           INTEGER NOT NULL,
    header             TEXT NOT NULL,
    field              TEXT,                  -- null: leave the column alone
    PRIMARY KEY (header_fingerprint, position)
) STRICT;
