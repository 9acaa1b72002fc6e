-- +goose Up
-- A message that waits: for another region, for a full mailbox, for the slices
-- of a big group, for transport. Its body lies in a pack, sealed under a key of
-- its own that the organization's key wraps.
CREATE TABLE queue_message (
  id TEXT PRIMARY KEY,                 -- sorts by time
  org TEXT NOT NULL,                   -- whose key wraps data_key, and whose turn the work is
  sender TEXT NOT NULL,                -- reverse-path; empty: null
  actor TEXT NOT NULL,                 -- entry that submitted it; empty: it came in
  pack BIGINT NOT NULL,
  start BIGINT NOT NULL,
  length BIGINT NOT NULL,
  size BIGINT NOT NULL,
  data_key BYTEA NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX queue_message_pack ON queue_message (pack, start);
CREATE INDEX queue_message_org ON queue_message (org, id);

-- One way out of a message.
CREATE TABLE queue_task (
  message TEXT NOT NULL,
  hop TEXT NOT NULL,                   -- region/NAME, retry/NAME or domain/NAME
  org TEXT NOT NULL,
  state TEXT NOT NULL,                 -- ready, waiting (for transport), failed, corrupt
  reached BIGINT NOT NULL,             -- region/OWN: mailboxes up to this have it
  attempts BIGINT NOT NULL,
  next_at BIGINT NOT NULL,             -- due, or until when the lease holds
  lease TEXT NOT NULL,                 -- who works on it
  last_error TEXT NOT NULL,
  PRIMARY KEY (message, hop)
);
CREATE INDEX queue_task_due ON queue_task (state, org, next_at);

CREATE TABLE queue_recipient (
  message TEXT NOT NULL,
  hop TEXT NOT NULL,
  n BIGINT NOT NULL,
  address TEXT NOT NULL,               -- empty where mailbox is set
  mailbox BIGINT NOT NULL,
  state TEXT NOT NULL,                 -- ready, failed
  last_error TEXT NOT NULL,
  PRIMARY KEY (message, hop, n)
);

-- What came from another region's queue already: REGION/MESSAGE/N.
CREATE TABLE queue_seen (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL
);
CREATE INDEX queue_seen_at ON queue_seen (at);

-- +goose Down
SELECT 1;
