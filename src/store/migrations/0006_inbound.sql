-- Two messages are one by sender, words and time: gateways give a name twice, or none. What they say is a word of
-- record::InboundMeaning, which may learn more of them.
CREATE TABLE inbound_message_anew (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    gateway     TEXT NOT NULL,                  -- or call_list, where a caller wrote it
    gateway_id  TEXT NOT NULL,                  -- its own name of it; empty where it gives none
    received_at TEXT NOT NULL,                  -- RFC 3339, UTC
    sender_key  TEXT NOT NULL,                  -- key of the contact; as it came where it is none
    body        TEXT NOT NULL,
    outbox      INTEGER REFERENCES outbox (id), -- what it seems to answer
    customer    INTEGER,
    meaning     TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done')),
    done_at     TEXT,                           -- when a person was done with it
    done_note   TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO inbound_message_anew (id, gateway, gateway_id, received_at, sender_key, body, outbox, customer, meaning, state)
    SELECT id, gateway, iif(gateway_id = substr(received_at, 1, 10) || ' ' || sender_key || ' ' || body, '', gateway_id),
           received_at, sender_key, body, outbox, customer, meaning, state
    FROM inbound_message;
DROP TABLE inbound_message;
ALTER TABLE inbound_message_anew RENAME TO inbound_message;
CREATE INDEX inbound_message_pending ON inbound_message (state, id);
CREATE INDEX inbound_message_sender ON inbound_message (sender_key);
