-- +goose Up
-- One row: whoever changes administrators, keys or sessions takes it first, so
-- that "is there still a full administrator?" holds at commit.
CREATE TABLE auth_root (
    id       BIGINT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL
);
INSERT INTO auth_root (id, revision) VALUES (1, 0);

CREATE TABLE administrator (
    id        TEXT    NOT NULL PRIMARY KEY,
    name      TEXT    NOT NULL,
    name_key  TEXT    NOT NULL, -- folded
    role      TEXT    NOT NULL, -- FULL or READ_ONLY
    all_orgs  BOOLEAN NOT NULL,
    enabled   BOOLEAN NOT NULL,
    password  TEXT    NOT NULL, -- PHC string, '' for none
    version   BIGINT  NOT NULL, -- raised by what must end open sessions
    revision  BIGINT  NOT NULL, -- raised by each change
    created   BIGINT  NOT NULL,
    changed   BIGINT  NOT NULL,
    signed_in BIGINT  NOT NULL
);
CREATE UNIQUE INDEX administrator_name ON administrator (name_key);

CREATE TABLE administrator_organization (
    admin TEXT NOT NULL,
    org   TEXT NOT NULL,
    PRIMARY KEY (admin, org)
);

CREATE TABLE access_key (
    id      TEXT    NOT NULL PRIMARY KEY,
    admin   TEXT    NOT NULL,
    secret  BYTEA   NOT NULL, -- sealed
    active  BOOLEAN NOT NULL,
    created BIGINT  NOT NULL,
    used    BIGINT  NOT NULL
);
CREATE INDEX access_key_admin ON access_key (admin, id);

CREATE TABLE session (
    hash    BYTEA  NOT NULL PRIMARY KEY, -- SHA-256 of the cookie's token
    id      TEXT   NOT NULL,
    admin   TEXT   NOT NULL,
    version BIGINT NOT NULL, -- of the administrator at sign-in
    remote  TEXT   NOT NULL,
    created BIGINT NOT NULL,
    seen    BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE UNIQUE INDEX session_id ON session (id);
CREATE INDEX session_admin ON session (admin, id);
CREATE INDEX session_expires ON session (expires);

CREATE TABLE region (
    name    TEXT   NOT NULL PRIMARY KEY,
    created BIGINT NOT NULL
);

-- +goose Down
DROP TABLE region;
DROP TABLE session;
DROP TABLE access_key;
DROP TABLE administrator_organization;
DROP TABLE administrator;
DROP TABLE auth_root;
