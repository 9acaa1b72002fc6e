-- +goose Up
-- How an organization's copy of its foreign directory stands.
CREATE TABLE mirror (
  org TEXT PRIMARY KEY,
  directory TEXT NOT NULL,
  holder TEXT NOT NULL,                -- the process that keeps it
  lease_until BIGINT NOT NULL,
  mark TEXT NOT NULL,                  -- where it stands in the directory's history; '': everything is to be read
  read_n BIGINT NOT NULL,              -- identities of the reading that is under way
  looked_at BIGINT NOT NULL,           -- the last successful look
  full_at BIGINT NOT NULL,             -- the last comparison of everything
  error TEXT NOT NULL,                 -- '' while it follows
  failing_since BIGINT NOT NULL,
  impaired BOOLEAN NOT NULL,           -- the organization is Impaired for it
  held_at BIGINT NOT NULL,             -- since when it asks before it takes many away; 0: it does not
  confirmed BIGINT NOT NULL,           -- how many may be taken away; 0: none was asked for or all are
  confirmed_at BIGINT NOT NULL,
  asked_at BIGINT NOT NULL              -- what was last compared before this is to be compared again
);

-- What was seen in a foreign directory, by its key there.
CREATE TABLE mirrored (
  org TEXT NOT NULL,
  dir_key TEXT NOT NULL,
  entry TEXT NOT NULL,                 -- '': it could not become one yet
  kind BIGINT NOT NULL,
  hash BYTEA NOT NULL,                 -- of what was taken over; empty: look again
  members BYTEA NOT NULL,              -- hash of a group's members
  hidden BOOLEAN NOT NULL,
  mail TEXT NOT NULL,                  -- its address there
  wanted TEXT NOT NULL,                -- its name there, while another entry has it
  wanted_key TEXT NOT NULL,            -- folded
  fault TEXT NOT NULL,                 -- in words
  again BOOLEAN NOT NULL,              -- to be read again soon
  held BOOLEAN NOT NULL,               -- gone there, and kept until an administrator says so
  gone_at BIGINT NOT NULL,
  PRIMARY KEY (org, dir_key)
);
CREATE INDEX mirrored_entry ON mirrored (org, entry);
CREATE INDEX mirrored_kind ON mirrored (org, kind) WHERE gone_at = 0;
CREATE INDEX mirrored_gone ON mirrored (org, kind, gone_at) WHERE gone_at > 0;
CREATE INDEX mirrored_wanted ON mirrored (org, dir_key) WHERE wanted_key <> '';
CREATE INDEX mirrored_fault ON mirrored (org, dir_key) WHERE fault <> '';
CREATE INDEX mirrored_again ON mirrored (org, dir_key) WHERE again;
CREATE INDEX mirrored_held ON mirrored (org, dir_key) WHERE held;

-- The addresses that a directory names for an entry.
CREATE TABLE mirrored_address (
  org TEXT NOT NULL,
  entry TEXT NOT NULL,
  addr_key TEXT NOT NULL,
  domain TEXT NOT NULL,                -- '' for x500
  text TEXT NOT NULL,
  given BOOLEAN NOT NULL,              -- it is the entry's because of that, and goes with it
  PRIMARY KEY (org, entry, addr_key)
);
CREATE INDEX mirrored_address_open ON mirrored_address (org, domain, entry, addr_key) WHERE NOT given;

-- Members of groups that were not seen themselves yet.
CREATE TABLE mirrored_member (
  org TEXT NOT NULL,
  grp TEXT NOT NULL,                   -- entry
  dir_key TEXT NOT NULL,
  PRIMARY KEY (org, grp, dir_key)
);
CREATE INDEX mirrored_member_key ON mirrored_member (org, dir_key, grp);

ALTER TABLE entry ADD COLUMN gone_at BIGINT NOT NULL DEFAULT 0; -- since when its directory does not have it

-- +goose Down
ALTER TABLE entry DROP COLUMN gone_at;
DROP TABLE mirrored_member;
DROP TABLE mirrored_address;
DROP TABLE mirrored;
DROP TABLE mirror;
