-- What may be sent, is being sent, and what came of it. One row is one contact on one rung of the ladder.
CREATE TABLE outbox (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    campaign      TEXT NOT NULL,                -- planning again under the same name takes back what no longer holds
    run           TEXT NOT NULL,                -- whose flags it was planned on
    customer      INTEGER NOT NULL,             -- 64-bit id, as two's complement
    household     INTEGER NOT NULL,
    window        TEXT NOT NULL,                -- YYYY-MM-DD, first day of the window in which a customer is asked once
    rung          INTEGER NOT NULL,             -- of the ladder, from 1
    channel       TEXT NOT NULL CHECK (channel IN ('sms', 'call', 'email')),
    recipient     TEXT NOT NULL,                -- E.164 or address
    recipient_key TEXT NOT NULL,                -- what equal contacts share
    list          TEXT NOT NULL,                -- the row that stands for the customer
    row_key       TEXT NOT NULL,
    row_number    INTEGER NOT NULL,
    first_name    TEXT NOT NULL,
    language      TEXT NOT NULL,                -- ISO 639
    country       TEXT NOT NULL,                -- ISO 3166; whose etiquette holds
    body          TEXT NOT NULL,                -- {link} stands for the link, which is made when it is sent
    parts         INTEGER NOT NULL,             -- of a text message
    cost          INTEGER NOT NULL,             -- millionths of the policy's currency
    expected_gain REAL NOT NULL,
    is_audit      INTEGER NOT NULL CHECK (is_audit IN (0, 1)),  -- drawn at random, so that learning is not blind
    why           TEXT NOT NULL,
    to_verify     TEXT NOT NULL,                -- fields, joined by ;
    due_at        TEXT NOT NULL,                -- RFC 3339, UTC: not before
    state         TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'sent', 'delivered', 'answered',
                      'opted_out', 'failed', 'cancelled', 'unknown')),
    reason        TEXT NOT NULL DEFAULT '',     -- code of why it failed or was cancelled
    attempts      INTEGER NOT NULL DEFAULT 0,
    gateway       TEXT NOT NULL DEFAULT '',
    gateway_id    TEXT NOT NULL DEFAULT '',     -- the gateway's own name of the message
    planned_at    TEXT NOT NULL,                -- RFC 3339, UTC
    changed_at    TEXT NOT NULL
) STRICT;

-- Nobody is asked twice in a window, by whatever channel.
CREATE UNIQUE INDEX outbox_once ON outbox (customer, window, rung) WHERE state <> 'cancelled';
CREATE INDEX outbox_state ON outbox (state, due_at);
CREATE INDEX outbox_gateway ON outbox (gateway, gateway_id) WHERE gateway_id <> '';
CREATE INDEX outbox_recipient ON outbox (recipient_key);

-- Every change of state; nothing is ever taken from here.
CREATE TABLE outbox_change (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    outbox  INTEGER NOT NULL REFERENCES outbox (id),
    at      TEXT NOT NULL,                      -- RFC 3339, UTC
    state   TEXT NOT NULL,
    reason  TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX outbox_change_of ON outbox_change (outbox);

-- Links to the page on which customers confirm. The link's token itself stands nowhere.
CREATE TABLE confirm_token (
    hash       BLOB PRIMARY KEY,                -- HMAC-SHA256 of the token under the workspace's key
    outbox     INTEGER NOT NULL REFERENCES outbox (id),
    customer   INTEGER NOT NULL,
    expires_at TEXT NOT NULL,                   -- RFC 3339, UTC
    used_at    TEXT
) STRICT, WITHOUT ROWID;

-- What gateways reported, each report once, in the order of arrival.
CREATE TABLE gateway_report (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    gateway     TEXT NOT NULL,
    gateway_id  TEXT NOT NULL,
    status      TEXT NOT NULL,                  -- the gateway's own word
    code        TEXT NOT NULL DEFAULT '',       -- its error code
    received_at TEXT NOT NULL,
    meaning     TEXT NOT NULL,                  -- underway, sent, delivered …: what the rules made of it
    outbox      INTEGER REFERENCES outbox (id), -- none yet where it overtook the gateway's own answer
    UNIQUE (gateway, gateway_id, status)
) STRICT;
CREATE INDEX gateway_report_waiting ON gateway_report (gateway, gateway_id) WHERE outbox IS NULL;

-- What customers wrote, for a person to read; each message once.
CREATE TABLE inbound_message (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    gateway     TEXT NOT NULL,
    gateway_id  TEXT NOT NULL,                  -- the gateway's own name of it
    received_at TEXT NOT NULL,
    sender_key  TEXT NOT NULL,                  -- key of the contact
    body        TEXT NOT NULL,
    outbox      INTEGER REFERENCES outbox (id), -- what it seems to answer
    customer    INTEGER,
    meaning     TEXT NOT NULL CHECK (meaning IN ('opt_out', 'opt_out_in_doubt', 'reply')),
    state       TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done')),
    UNIQUE (gateway, gateway_id)
) STRICT;
CREATE INDEX inbound_message_pending ON inbound_message (state, id);

-- Who must not be contacted. A row stays when it is lifted.
CREATE TABLE suppression (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL CHECK (kind IN ('phone', 'email', 'customer')),
    key        TEXT NOT NULL,                   -- key of the contact, or the customer's name
    scope      TEXT NOT NULL CHECK (scope IN ('all', 'sms', 'email', 'call')),
    reason     TEXT NOT NULL,                   -- opt_out, do_not_call, complaint, deceased, legal, manual …
    source     TEXT NOT NULL,                   -- who or what said so
    note       TEXT NOT NULL DEFAULT '',
    checked_on TEXT,                            -- YYYY-MM-DD, of a do-not-call file
    added_at   TEXT NOT NULL,
    lifted_at  TEXT,
    of_entry   INTEGER REFERENCES suppression (id)  -- the customer's entry that brought this contact of its in
) STRICT;
CREATE UNIQUE INDEX suppression_once ON suppression (kind, key, scope, reason, source, coalesce(of_entry, 0))
    WHERE lifted_at IS NULL;
CREATE INDEX suppression_key ON suppression (key);
CREATE INDEX suppression_of ON suppression (of_entry) WHERE of_entry IS NOT NULL;

-- Answers of customers and of gateways, as evidence for later runs; the same one is kept once.
CREATE TABLE contact_event (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    at       TEXT NOT NULL,                     -- RFC 3339, UTC
    channel  TEXT NOT NULL,                     -- as in event files
    event    TEXT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('phone', 'email')),
    key      TEXT NOT NULL,                     -- key of the contact
    customer INTEGER,
    outbox   INTEGER REFERENCES outbox (id),
    is_audit INTEGER NOT NULL DEFAULT 0,
    code     TEXT NOT NULL DEFAULT '',
    source   TEXT NOT NULL,                     -- gateway, call list …
    UNIQUE (source, key, event, at)
) STRICT;
CREATE INDEX contact_event_key ON contact_event (kind, key);

-- What a customer wants changed; a golden record takes it over when it has been accepted.
CREATE TABLE pending_change (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    customer INTEGER NOT NULL,
    field    TEXT NOT NULL,
    old      TEXT NOT NULL,
    new      TEXT NOT NULL,
    outbox   INTEGER REFERENCES outbox (id),
    source   TEXT NOT NULL,
    at       TEXT NOT NULL,
    state    TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'accepted', 'rejected'))
) STRICT;
CREATE UNIQUE INDEX pending_change_once ON pending_change (customer, field, new) WHERE state = 'pending';

-- Coefficients of the decay model that were learnt, the newest active one in force.
CREATE TABLE decay_model (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    made_at      TEXT NOT NULL,
    as_of        TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('phone', 'email')),
    sample       TEXT NOT NULL,                 -- JSON: what it was fitted on
    coefficients TEXT NOT NULL,                 -- JSON
    measures     TEXT NOT NULL,                 -- JSON: before and after
    is_active    INTEGER NOT NULL CHECK (is_active IN (0, 1))
) STRICT;

-- Flagged customers of the newest plan, for stewards.
CREATE TABLE flag (
    customer INTEGER PRIMARY KEY,
    run      TEXT NOT NULL,
    email    REAL,                              -- probabilities
    phone    REAL,
    reasons  TEXT NOT NULL                      -- codes, joined by ;
) STRICT;

-- Switches, such as `outreach.stopped`.
CREATE TABLE switch (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    at    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
