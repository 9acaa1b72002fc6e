-- +goose Up
-- One chain for each organization; organization "" is the deployment or the region itself.
CREATE TABLE audit_head (
  org TEXT PRIMARY KEY,
  seq BIGINT NOT NULL,
  hash BYTEA NOT NULL
);

CREATE TABLE audit_record (
  org TEXT NOT NULL,
  seq BIGINT NOT NULL,
  id TEXT NOT NULL,                    -- sorts by time
  at BIGINT NOT NULL,
  by_kind TEXT NOT NULL,
  by_id TEXT NOT NULL,
  by_name TEXT NOT NULL,
  source TEXT NOT NULL,
  request_id TEXT NOT NULL,
  head TEXT NOT NULL,
  operation TEXT NOT NULL,
  target TEXT NOT NULL,
  target_name TEXT NOT NULL,
  outcome TEXT NOT NULL,
  detail TEXT NOT NULL,
  prev BYTEA NOT NULL,
  hash BYTEA NOT NULL,
  PRIMARY KEY (org, seq)
);
CREATE UNIQUE INDEX audit_record_id ON audit_record (org, id);
CREATE INDEX audit_record_target ON audit_record (org, target, id);

-- +goose Down
DROP TABLE audit_record;
DROP TABLE audit_head;
