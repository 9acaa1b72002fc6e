-- +goose Up
-- A mailbox leads every key of its data; no foreign key leaves it.
CREATE TABLE mailbox (
  id BIGINT PRIMARY KEY,
  org TEXT NOT NULL,
  entry TEXT NOT NULL,
  epoch BIGINT NOT NULL,               -- part of every cursor; raised by a restore
  seq BIGINT NOT NULL,                 -- the counter
  log_floor BIGINT NOT NULL,
  uidvalidity BIGINT NOT NULL,         -- the next folder's
  size BIGINT NOT NULL,                -- bytes of all open placements
  quota BIGINT NOT NULL,               -- bytes
  warned BOOLEAN NOT NULL,             -- 90 % was told
  keywords TEXT NOT NULL,              -- names of the flag bits from 8 on, by line
  created_at BIGINT NOT NULL,
  detached_at BIGINT NOT NULL          -- 0, or since when the 30 days run
);
CREATE INDEX mailbox_entry ON mailbox (org, entry);

CREATE TABLE folder (
  mailbox BIGINT NOT NULL,
  id BIGINT NOT NULL,
  parent BIGINT NOT NULL,              -- 0: at the top
  name TEXT NOT NULL,
  role TEXT NOT NULL,                  -- inbox, sent … or empty
  kind TEXT NOT NULL,                  -- mail, calendar, contacts, tasks, notes
  uidvalidity BIGINT NOT NULL,
  uidnext BIGINT NOT NULL,
  total BIGINT NOT NULL,
  unseen BIGINT NOT NULL,
  size BIGINT NOT NULL,
  seq_props BIGINT NOT NULL,
  seq_counts BIGINT NOT NULL,
  PRIMARY KEY (mailbox, id)
);
CREATE UNIQUE INDEX folder_name ON folder (mailbox, parent, name);

CREATE TABLE folder_gone (
  mailbox BIGINT NOT NULL,
  id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (mailbox, id)
);

CREATE TABLE subscription (
  mailbox BIGINT NOT NULL,
  actor TEXT NOT NULL,                 -- entry's id
  path TEXT NOT NULL,                  -- as named: RFC 3501 6.3.6 keeps it when the folder goes
  PRIMARY KEY (mailbox, actor, path)
);

-- What is asked for all the time; bulk lies in body. The item's open placement
-- is here (folder, uid, name, entered_seq, content_seq); closed ones lie in
-- placement.
CREATE TABLE item (
  mailbox BIGINT NOT NULL,
  id BIGINT NOT NULL,
  folder BIGINT NOT NULL,              -- 0: no placement is open
  uid BIGINT NOT NULL,
  name TEXT NOT NULL,                  -- resource name where a protocol gives one
  flags BIGINT NOT NULL,               -- bits 0-7 system flags, from 8 on mailbox.keywords
  seq BIGINT NOT NULL,
  content_seq BIGINT NOT NULL,         -- the content version
  read_seq BIGINT NOT NULL,
  flags_seq BIGINT NOT NULL,
  entered_seq BIGINT NOT NULL,
  entered_at BIGINT NOT NULL,
  modified_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,         -- INTERNALDATE
  sent_at BIGINT NOT NULL,
  size BIGINT NOT NULL,
  body BIGINT NOT NULL,                -- 0: no content
  thread BIGINT NOT NULL,
  class TEXT NOT NULL,
  associated BOOLEAN NOT NULL,
  attachment BOOLEAN NOT NULL,
  source_key BYTEA,
  change_key BYTEA,
  PRIMARY KEY (mailbox, id)            -- the id is created_seq
);
-- Covers a folder's snapshot.
CREATE INDEX item_folder ON item (mailbox, folder, uid, flags, seq, id);

-- Closed placements: tombstones, recoverable items, the past.
CREATE TABLE placement (
  mailbox BIGINT NOT NULL,
  left_seq BIGINT NOT NULL,
  folder BIGINT NOT NULL,
  uid BIGINT NOT NULL,
  item BIGINT NOT NULL,
  version BIGINT NOT NULL,             -- content_seq of the item at the time
  name TEXT NOT NULL,
  entered_seq BIGINT NOT NULL,
  left_why TEXT NOT NULL,              -- moved, deleted, changed
  left_at BIGINT NOT NULL,
  PRIMARY KEY (mailbox, left_seq)
);

-- A content: where its bytes lie and what was parsed at delivery.
CREATE TABLE body (
  mailbox BIGINT NOT NULL,
  id BIGINT NOT NULL,
  pack BIGINT NOT NULL,
  start BIGINT NOT NULL,
  length BIGINT NOT NULL,
  size BIGINT NOT NULL,
  data_key BYTEA NOT NULL,             -- wrapped by the organization's key
  uses BIGINT NOT NULL,                -- items of this mailbox
  meta BYTEA NOT NULL,                 -- envelope, structure, preview: wire/mime's form
  PRIMARY KEY (mailbox, id)
);
CREATE INDEX body_pack ON body (pack, start);

CREATE TABLE property_name (
  mailbox BIGINT NOT NULL,
  id BIGINT NOT NULL,
  set_guid TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (mailbox, id)
);
CREATE UNIQUE INDEX property_name_name ON property_name (mailbox, set_guid, name);

CREATE TABLE property (
  mailbox BIGINT NOT NULL,
  item BIGINT NOT NULL,
  part BIGINT NOT NULL,                -- 0: the item; else an attachment or embedded item
  tag BIGINT NOT NULL,                 -- property id << 16 | type
  value BYTEA NOT NULL,
  PRIMARY KEY (mailbox, item, part, tag)
);

CREATE TABLE change (
  mailbox BIGINT NOT NULL,
  seq_to BIGINT NOT NULL,
  seq_from BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  head TEXT NOT NULL,
  operation TEXT NOT NULL,
  old BYTEA,                           -- what it touched and replaced: core/mailbox/history.go
  PRIMARY KEY (mailbox, seq_to)
);

CREATE TABLE thread_member (
  mailbox BIGINT NOT NULL,
  message_id BIGINT NOT NULL,          -- hash of a Message-ID
  thread BIGINT NOT NULL,
  PRIMARY KEY (mailbox, message_id)
);

-- +goose Down
SELECT 1;
