-- +goose Up
-- How many entries there are; lists say it without counting.
CREATE TABLE entry_count (
  org TEXT NOT NULL,
  kind BIGINT NOT NULL,
  shown TEXT NOT NULL,
  role TEXT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (org, kind, shown, role)
);
INSERT INTO entry_count (org, kind, shown, role, n) SELECT org, kind, shown, role, COUNT(*) FROM entry GROUP BY org, kind, shown, role;

-- Which import made an entry; '' for none.
ALTER TABLE entry ADD COLUMN import_id TEXT NOT NULL DEFAULT '';

-- The orders of lists have what lists are filtered by, so that passing over entries reads the index alone.
DROP INDEX entry_list;
DROP INDEX entry_state;
DROP INDEX entry_display;
DROP INDEX entry_email;
CREATE INDEX entry_list ON entry (org, kind, sort_key, id, shown, role) WHERE deleted_at = 0;
CREATE INDEX entry_display ON entry (org, kind, display_key, id, shown, role) WHERE deleted_at = 0;
CREATE INDEX entry_email ON entry (org, kind, email_key, id, shown, role) WHERE deleted_at = 0;
CREATE INDEX entry_enabled ON entry (org, kind, enabled_at, id, shown, role) WHERE deleted_at = 0;
CREATE INDEX entry_state ON entry (org, kind, shown, sort_key, id, role);
CREATE INDEX entry_role ON entry (org, role, kind, shown, sort_key, id) WHERE role <> '' AND role <> 'USER';

-- +goose Down
DROP INDEX entry_role;
DROP INDEX entry_state;
DROP INDEX entry_enabled;
DROP INDEX entry_email;
DROP INDEX entry_display;
DROP INDEX entry_list;
CREATE INDEX entry_list ON entry (org, kind, sort_key, id) WHERE deleted_at = 0;
CREATE INDEX entry_state ON entry (org, kind, shown, sort_key, id);
CREATE INDEX entry_display ON entry (org, kind, display_key, id) WHERE deleted_at = 0;
CREATE INDEX entry_email ON entry (org, kind, email_key, id) WHERE deleted_at = 0 AND email_key <> '';
ALTER TABLE entry DROP COLUMN import_id;
DROP TABLE entry_count;
