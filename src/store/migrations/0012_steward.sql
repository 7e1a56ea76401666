-- What waits for a person, each question once. Who has one while a lease lasts is `owner`; `held` waits for a second person.
CREATE TABLE steward_item (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind         TEXT NOT NULL,                 -- a word of record::ItemKind
    identity     TEXT NOT NULL,                 -- what makes it the same question in a later run
    subject      INTEGER,                       -- the pending change or the message that it is about
    customer     INTEGER,
    other        INTEGER,                       -- the other one of a pair
    version      INTEGER NOT NULL DEFAULT 1,    -- grows when what is shown changes
    reason       TEXT NOT NULL,
    list         TEXT NOT NULL,
    other_list   TEXT NOT NULL,
    segment      TEXT NOT NULL,
    language     TEXT NOT NULL,
    value        REAL NOT NULL,
    risk         REAL NOT NULL,
    score        REAL NOT NULL,                 -- value × risk × age
    run          TEXT NOT NULL,                 -- the last one that asked it
    opened_on    TEXT NOT NULL,                 -- YYYY-MM-DD
    due_on       TEXT NOT NULL,
    state        TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'held', 'done', 'closed')),
    closed_on    TEXT NOT NULL DEFAULT '',
    closed_why   TEXT NOT NULL DEFAULT '',
    owner        INTEGER REFERENCES steward_user (id),
    leased_until INTEGER NOT NULL DEFAULT 0,    -- milliseconds since 1970
    shown        TEXT NOT NULL                  -- JSON: what the page shows; last, as whoever counts items does not read it
) STRICT;
CREATE UNIQUE INDEX steward_item_once ON steward_item (kind, identity);
CREATE INDEX steward_item_next ON steward_item (score DESC, id) WHERE state = 'open';
CREATE INDEX steward_item_next_of_kind ON steward_item (kind, score DESC, id) WHERE state = 'open';
CREATE INDEX steward_item_facets ON steward_item (kind, reason, list, segment, language, due_on) WHERE state = 'open';
CREATE INDEX steward_item_done ON steward_item (closed_on) WHERE state = 'done';
CREATE INDEX steward_item_subject ON steward_item (kind, subject) WHERE subject IS NOT NULL;
CREATE INDEX steward_item_owner ON steward_item (owner) WHERE state = 'open' AND owner IS NOT NULL;

-- Items that somebody put back: that one is not given them again for a while.
CREATE TABLE steward_skip (
    item  INTEGER NOT NULL REFERENCES steward_item (id),
    user  INTEGER NOT NULL REFERENCES steward_user (id),
    until INTEGER NOT NULL,                     -- milliseconds since 1970
    why   TEXT NOT NULL,
    PRIMARY KEY (item, user)
) STRICT, WITHOUT ROWID;

-- Decisions as they were made, until they are undone: what takes each back, and those that wait for a second person.
CREATE TABLE steward_act (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    user        INTEGER NOT NULL REFERENCES steward_user (id),
    at          TEXT NOT NULL,                  -- RFC 3339, UTC
    verb        TEXT NOT NULL,
    said        TEXT NOT NULL,                  -- JSON: what was chosen and typed
    state       TEXT NOT NULL CHECK (state IN ('held', 'done')),
    approver    INTEGER REFERENCES steward_user (id),
    approved_at TEXT,
    undo        TEXT NOT NULL DEFAULT ''        -- JSON: statements, in the order in which they are run
) STRICT;
CREATE INDEX steward_act_user ON steward_act (user, id);
CREATE INDEX steward_act_held ON steward_act (id) WHERE state = 'held';
CREATE TABLE steward_act_item (
    act  INTEGER NOT NULL REFERENCES steward_act (id),
    item INTEGER NOT NULL REFERENCES steward_item (id),
    PRIMARY KEY (act, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX steward_act_of_item ON steward_act_item (item);

-- Customers whom a steward wants called: the next plan asks them by a call, where they may be called, and takes them from here.
CREATE TABLE call_wish (
    customer INTEGER PRIMARY KEY,
    at       TEXT NOT NULL                      -- RFC 3339, UTC
) STRICT;

-- Accounts. A password stands nowhere; its hash is a PHC string.
CREATE TABLE steward_user (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT NOT NULL,
    folded       TEXT NOT NULL UNIQUE,          -- the name as it is compared
    hash         TEXT NOT NULL,
    role         TEXT NOT NULL,
    disabled_at  TEXT,                          -- RFC 3339, UTC
    made_at      TEXT NOT NULL,
    tries        INTEGER NOT NULL DEFAULT 0,    -- wrong ones since the last right one
    locked_until INTEGER NOT NULL DEFAULT 0,    -- milliseconds since 1970
    language     TEXT NOT NULL DEFAULT '',
    has_keys     INTEGER NOT NULL DEFAULT 1 CHECK (has_keys IN (0, 1))
) STRICT;

-- Who is signed in. The token stands nowhere.
CREATE TABLE steward_session (
    hash     BLOB PRIMARY KEY,                  -- HMAC-SHA256 of the token under the workspace's key
    user     INTEGER NOT NULL REFERENCES steward_user (id),
    began_at INTEGER NOT NULL,                  -- milliseconds since 1970
    seen_at  INTEGER NOT NULL,
    revealed INTEGER,                           -- the item whose values are shown
    until    INTEGER NOT NULL DEFAULT 0         -- until when, milliseconds since 1970
) STRICT, WITHOUT ROWID;
CREATE INDEX steward_session_user ON steward_session (user);

-- What was done, by whom. Each line's mac is of the line and of the mac before it; nothing is ever changed or taken from here.
CREATE TABLE audit (
    id     INTEGER PRIMARY KEY,                 -- from 1, without a gap
    at     TEXT NOT NULL,                       -- RFC 3339, UTC
    who    TEXT NOT NULL,
    what   TEXT NOT NULL,
    detail TEXT NOT NULL,                       -- JSON: numbers and words, no customer's value
    mac    BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
-- Where it ends, so that lines that were cut from its end are missed.
CREATE TABLE audit_end (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    last INTEGER NOT NULL,
    mac  BLOB NOT NULL
) STRICT;
