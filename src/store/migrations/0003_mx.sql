-- What DNS said of mail to a domain, so that a later run need not ask again, and a "no" can be confirmed.
CREATE TABLE mx (
    domain      TEXT PRIMARY KEY,             -- as DNS knows it: lower case, ASCII, no last dot
    answer      TEXT,                         -- the last answer that means something, as JSON with its evidence
    holds_until INTEGER NOT NULL,             -- seconds since 1970
    dead_since  INTEGER,                      -- since when every answer has been a permanent no
    failure     TEXT,                         -- what asking came to since then, as JSON
    rests_until INTEGER NOT NULL              -- not asked again before, after that failure
) STRICT, WITHOUT ROWID;
