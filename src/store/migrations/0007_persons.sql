-- As whom the person of an entry of the suppression list was known, each way once: by these it is recognized in later lists, and in
-- other workspaces.
CREATE TABLE known_as (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    entry    INTEGER NOT NULL REFERENCES suppression (id),
    customer INTEGER,            -- 64-bit id, as two's complement; none where another workspace knew it
    names    TEXT NOT NULL,      -- given and family name with a tab between, a name a line
    born     INTEGER,            -- days since 1970-01-01
    salt     BLOB,               -- none where the marks are of this workspace
    marks    BLOB NOT NULL       -- fixed hashes of contacts, keys and names, eight bytes each, ascending
) STRICT;
CREATE INDEX known_as_entry ON known_as (entry);
CREATE INDEX known_as_customer ON known_as (customer) WHERE customer IS NOT NULL;

-- Who or what lifted an entry.
ALTER TABLE suppression ADD COLUMN lifted_by TEXT NOT NULL DEFAULT '';
