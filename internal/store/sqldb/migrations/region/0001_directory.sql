-- +goose Up
-- Counts that are limited over a whole region; one row.
CREATE TABLE region_count (
  id BIGINT PRIMARY KEY,
  organizations BIGINT NOT NULL
);
INSERT INTO region_count (id, organizations) VALUES (1, 0);

CREATE TABLE organization (
  id TEXT PRIMARY KEY,
  alias TEXT NOT NULL,
  alias_key TEXT,                      -- folded; NULL once deleted
  state TEXT NOT NULL,
  directory_id TEXT NOT NULL,
  directory_type TEXT NOT NULL,
  default_domain TEXT NOT NULL,
  error TEXT NOT NULL,
  org_key BYTEA,                       -- wrapped by the master key; NULL once deleted
  created_at BIGINT NOT NULL,
  completed_at BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX organization_alias ON organization (alias_key);

CREATE TABLE mail_domain (
  org TEXT NOT NULL,
  name TEXT NOT NULL,                  -- lower-case A-labels
  token TEXT NOT NULL,
  state TEXT NOT NULL,
  test BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  verified_at BIGINT NOT NULL,
  checked_at BIGINT NOT NULL,
  next_check BIGINT NOT NULL,          -- 0: none is due
  revision BIGINT NOT NULL,
  PRIMARY KEY (org, name)
);
CREATE INDEX mail_domain_due ON mail_domain (next_check) WHERE next_check > 0;

CREATE TABLE tag (
  org TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (org, name)
);

CREATE TABLE client_token (
  operation TEXT NOT NULL,
  owner TEXT NOT NULL,
  org TEXT NOT NULL,
  token TEXT NOT NULL,
  input TEXT NOT NULL,                 -- hash of the parameters
  answer TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (operation, owner, org, token)
);
CREATE INDEX client_token_at ON client_token (at);

-- Users, groups and resources: the mirror of every directory, and the built-in one itself.
CREATE TABLE entry (
  org TEXT NOT NULL,
  id TEXT NOT NULL,
  kind BIGINT NOT NULL,                -- 1 user, 2 group, 3 resource
  role TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT,                       -- folded; NULL: it holds no name
  sort_key TEXT NOT NULL,              -- of lists
  display_name TEXT NOT NULL,
  display_key TEXT NOT NULL,
  state TEXT NOT NULL,                 -- by Register and Deregister
  dir_state TEXT NOT NULL,             -- by the directory
  shown TEXT NOT NULL,                 -- what both make together
  email TEXT NOT NULL,                 -- primary address
  email_key TEXT NOT NULL,
  hidden BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  enabled_at BIGINT NOT NULL,
  disabled_at BIGINT NOT NULL,
  deleted_at BIGINT NOT NULL,
  provisioned_at BIGINT NOT NULL,
  deprovisioned_at BIGINT NOT NULL,
  left_at BIGINT NOT NULL,             -- since when the 30 days run; 0: they do not
  mailbox BIGINT NOT NULL,
  idp TEXT NOT NULL,                   -- identity provider's user id
  idp_key TEXT NOT NULL,
  dir_key TEXT NOT NULL,               -- objectGUID, entryUUID
  version BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  grants_revision BIGINT NOT NULL,
  resource_type TEXT NOT NULL,
  description TEXT NOT NULL,
  auto_accept BOOLEAN NOT NULL,
  decline_recurring BOOLEAN NOT NULL,
  decline_conflicting BOOLEAN NOT NULL,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  initials TEXT NOT NULL,
  telephone TEXT NOT NULL,
  street TEXT NOT NULL,
  job_title TEXT NOT NULL,
  city TEXT NOT NULL,
  company TEXT NOT NULL,
  zip_code TEXT NOT NULL,
  department TEXT NOT NULL,
  country TEXT NOT NULL,
  office TEXT NOT NULL,
  PRIMARY KEY (org, id)
);
CREATE UNIQUE INDEX entry_name ON entry (org, name_key);
-- The orders of lists. A page begins behind (key, id).
CREATE INDEX entry_list ON entry (org, kind, sort_key, id) WHERE deleted_at = 0;
CREATE INDEX entry_state ON entry (org, kind, shown, sort_key, id);
CREATE INDEX entry_display ON entry (org, kind, display_key, id) WHERE deleted_at = 0;
CREATE INDEX entry_email ON entry (org, kind, email_key, id) WHERE deleted_at = 0 AND email_key <> '';
CREATE INDEX entry_idp ON entry (org, kind, idp_key, id) WHERE deleted_at = 0 AND idp_key <> '';
CREATE INDEX entry_left ON entry (org, id) WHERE left_at > 0;

-- Of several entries that had an address one holds it.
CREATE TABLE address (
  org TEXT NOT NULL,
  entry TEXT NOT NULL,
  addr_key TEXT NOT NULL,
  kind TEXT NOT NULL,                  -- smtp, x500
  domain TEXT NOT NULL,
  text TEXT NOT NULL,
  held BOOLEAN NOT NULL,
  PRIMARY KEY (org, entry, addr_key)
);
CREATE UNIQUE INDEX address_held ON address (org, addr_key) WHERE held;
CREATE INDEX address_domain ON address (org, domain, entry, addr_key);

CREATE TABLE member (
  org TEXT NOT NULL,
  grp TEXT NOT NULL,
  entry TEXT NOT NULL,
  PRIMARY KEY (org, grp, entry)
);
CREATE INDEX member_of ON member (org, entry, grp);

CREATE TABLE delegate (
  org TEXT NOT NULL,
  resource TEXT NOT NULL,
  entry TEXT NOT NULL,
  PRIMARY KEY (org, resource, entry)
);
CREATE INDEX delegate_of ON delegate (org, entry, resource);

CREATE TABLE permission (
  org TEXT NOT NULL,
  owner TEXT NOT NULL,
  grantee TEXT NOT NULL,
  full_access BOOLEAN NOT NULL,
  send_as BOOLEAN NOT NULL,
  on_behalf BOOLEAN NOT NULL,
  PRIMARY KEY (org, owner, grantee)
);
CREATE INDEX permission_to ON permission (org, grantee, owner);

CREATE TABLE credential (
  org TEXT NOT NULL,
  entry TEXT NOT NULL,
  hash TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (org, entry)
);

-- Names of entries that are being made in a foreign directory.
CREATE TABLE intent (
  org TEXT NOT NULL,
  id TEXT NOT NULL,
  name_key TEXT NOT NULL,
  entry BYTEA NOT NULL,                -- as it will be; no secrets
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org, id)
);
CREATE UNIQUE INDEX intent_name ON intent (org, name_key);
CREATE INDEX intent_created ON intent (created_at);

-- Mailboxes that belong to nobody any more.
CREATE TABLE mailbox_purge (
  mailbox BIGINT PRIMARY KEY,
  org TEXT NOT NULL
);

-- +goose Down
DROP TABLE mailbox_purge;
DROP TABLE intent;
DROP TABLE credential;
DROP TABLE permission;
DROP TABLE delegate;
DROP TABLE member;
DROP TABLE address;
DROP TABLE entry;
DROP TABLE client_token;
DROP TABLE tag;
DROP TABLE mail_domain;
DROP TABLE organization;
DROP TABLE region_count;
