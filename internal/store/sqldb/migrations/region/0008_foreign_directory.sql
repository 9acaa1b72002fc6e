-- +goose Up
-- Foreign directories that are registered.
CREATE TABLE foreign_directory (
  id TEXT PRIMARY KEY,
  alias TEXT NOT NULL,
  alias_key TEXT NOT NULL,             -- folded
  settings BYTEA NOT NULL,             -- JSON, without the secret
  secret BYTEA NOT NULL,               -- sealed by the master key
  org TEXT NOT NULL,                   -- that has it; '' for none
  created_at BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX foreign_directory_alias ON foreign_directory (alias_key);
CREATE INDEX foreign_directory_org ON foreign_directory (org);

-- What is kept of an entry of a foreign directory.
ALTER TABLE entry ADD COLUMN upn TEXT NOT NULL DEFAULT '';     -- userPrincipalName
ALTER TABLE entry ADD COLUMN upn_key TEXT NOT NULL DEFAULT ''; -- folded; '' once deleted
ALTER TABLE entry ADD COLUMN password_set TEXT NOT NULL DEFAULT ''; -- another text after each change of the password
ALTER TABLE entry ADD COLUMN former_before BIGINT NOT NULL DEFAULT 0; -- what was proven before this is a former password
ALTER TABLE entry ADD COLUMN former_until BIGINT NOT NULL DEFAULT 0;  -- and so long it is refused without asking
ALTER TABLE entry ADD COLUMN guard TEXT NOT NULL DEFAULT ''; -- marks the only password that is taken until then; '' for any
CREATE INDEX entry_upn ON entry (org, upn_key) WHERE upn_key <> '';
CREATE INDEX entry_former ON entry (former_until) WHERE former_until > 0;

-- +goose Down
DROP INDEX entry_former;
DROP INDEX entry_upn;
ALTER TABLE entry DROP COLUMN guard;
ALTER TABLE entry DROP COLUMN former_until;
ALTER TABLE entry DROP COLUMN former_before;
ALTER TABLE entry DROP COLUMN password_set;
ALTER TABLE entry DROP COLUMN upn_key;
ALTER TABLE entry DROP COLUMN upn;
DROP TABLE foreign_directory;
