-- The last answer of each look-up service about each number. Both columns null: the service does not know the number.
CREATE TABLE lookup_answer (
    service   TEXT NOT NULL,                  -- [lookup.NAME] in tiuv.toml
    number    TEXT NOT NULL,                  -- E.164; in plain, as the snapshots beside this file are
    version   TEXT NOT NULL,                  -- fingerprint of how the service is asked and its answers are read
    asked_at  TEXT NOT NULL,                  -- RFC 3339, UTC
    line_type TEXT,                           -- as in the column tiuv_phone_type
    reachable INTEGER CHECK (reachable IN (0, 1)),
    PRIMARY KEY (service, number)
) STRICT, WITHOUT ROWID;
