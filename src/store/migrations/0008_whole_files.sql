-- Results of runs and call lists whose names were decided on, and not yet all given: whoever opens the workspace next goes on.
CREATE TABLE publishing (
    staging TEXT PRIMARY KEY                    -- the directory in which they lie
) STRICT, WITHOUT ROWID;

-- What the files of runs must look like, so that one that was cut off or damaged is known before it is believed.
CREATE TABLE artefact (
    run    TEXT NOT NULL,
    kind   TEXT NOT NULL,
    length INTEGER NOT NULL,
    sum    INTEGER NOT NULL,                    -- CRC-32 of its bytes, or of pieces of a large one
    PRIMARY KEY (run, kind)
) STRICT, WITHOUT ROWID;
