-- Values that customers gave anew, with what became of them: a code that was sent there confirmed them, a person or the rules
-- accepted them, the giver took them back, the CRM has them.
CREATE TABLE pending_change_anew (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    customer       INTEGER NOT NULL,
    field          TEXT NOT NULL,
    old            TEXT NOT NULL,
    new            TEXT NOT NULL,
    outbox         INTEGER REFERENCES outbox (id),
    source         TEXT NOT NULL,
    at             TEXT NOT NULL,               -- RFC 3339, UTC: when it was given
    state          TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'accepted', 'rejected', 'withdrawn')),
    verified_at    TEXT,                        -- when a code that was sent there came back
    decided_at     TEXT,
    decided_by     TEXT NOT NULL DEFAULT '',    -- rules, person
    note           TEXT NOT NULL DEFAULT '',    -- why
    handed_over_at TEXT                         -- when it was exported for the CRM
) STRICT;
INSERT INTO pending_change_anew (id, customer, field, old, new, outbox, source, at, state)
    SELECT id, customer, field, old, new, outbox, source, at, state FROM pending_change;
DROP TABLE pending_change;
ALTER TABLE pending_change_anew RENAME TO pending_change;
CREATE UNIQUE INDEX pending_change_once ON pending_change (customer, field, new) WHERE state = 'pending';
CREATE INDEX pending_change_outbox ON pending_change (outbox) WHERE outbox IS NOT NULL;
CREATE INDEX pending_change_state ON pending_change (state, id);

-- What was answered by a link, each answer; the last one holds.
CREATE TABLE confirm_answer (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    outbox  INTEGER NOT NULL REFERENCES outbox (id),
    at      TEXT NOT NULL,                      -- RFC 3339, UTC
    outcome TEXT NOT NULL,                      -- confirmed, updated, wrong_person, refused
    said    BLOB NOT NULL                       -- HMAC of all of it under the workspace's key: the same said twice is once
) STRICT;
CREATE INDEX confirm_answer_of ON confirm_answer (outbox);

-- Codes that were sent to new numbers and addresses. The code itself stands nowhere.
CREATE TABLE confirm_code (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    change     INTEGER NOT NULL REFERENCES pending_change (id),
    outbox     INTEGER NOT NULL REFERENCES outbox (id),
    kind       TEXT NOT NULL CHECK (kind IN ('phone', 'email')),
    key        TEXT NOT NULL,                   -- key of the contact
    hash       BLOB NOT NULL,                   -- HMAC of the code
    sent_at    TEXT NOT NULL,                   -- RFC 3339, UTC; written before it leaves
    expires_at TEXT NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    state      TEXT NOT NULL DEFAULT 'sent' CHECK (state IN ('sent', 'used', 'over'))
) STRICT;
CREATE INDEX confirm_code_key ON confirm_code (kind, key);
CREATE INDEX confirm_code_outbox ON confirm_code (outbox);
