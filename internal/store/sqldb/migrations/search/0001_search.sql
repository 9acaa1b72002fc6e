-- +goose Up
-- How far each mailbox is indexed. A mailbox leads every key of its data.
CREATE TABLE search_box (
  mailbox BIGINT PRIMARY KEY,
  epoch BIGINT NOT NULL,               -- of the mailbox: a restore makes this index worthless
  through BIGINT NOT NULL,             -- items up to this are in
  purged BIGINT NOT NULL,              -- the mailbox's log_floor up to which purged items were looked for
  loose BIGINT NOT NULL,               -- count of rows in search_loose
  block BIGINT NOT NULL,               -- number of the next block
  layout BIGINT NOT NULL               -- changes when documents change their place
);

-- Documents in no block yet.
CREATE TABLE search_loose (
  mailbox BIGINT NOT NULL,
  item BIGINT NOT NULL,
  complete BOOLEAN NOT NULL,           -- false: not all of its text is in; it is always a candidate
  grams BYTEA NOT NULL,                -- core/search/grams.go
  PRIMARY KEY (mailbox, item)
);

-- Up to 512 documents whose grams are turned around: by gram instead of by document.
CREATE TABLE search_block (
  mailbox BIGINT NOT NULL,
  block BIGINT NOT NULL,
  items BYTEA NOT NULL,                -- item ids, ascending
  incomplete BYTEA NOT NULL,           -- bitmap over items
  PRIMARY KEY (mailbox, block)
);

CREATE TABLE search_part (
  mailbox BIGINT NOT NULL,
  part BIGINT NOT NULL,                -- a gram's upper 8 bits
  block BIGINT NOT NULL,
  postings BYTEA NOT NULL,             -- core/search/block.go
  PRIMARY KEY (mailbox, part, block)
);

-- +goose Down
DROP TABLE search_part;
DROP TABLE search_block;
DROP TABLE search_loose;
DROP TABLE search_box;
