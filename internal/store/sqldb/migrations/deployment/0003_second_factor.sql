-- +goose Up
ALTER TABLE session ADD COLUMN agent TEXT NOT NULL DEFAULT ''; -- what the browser calls itself

-- A time-based one-time password (RFC 6238); it counts from confirmed on.
CREATE TABLE totp (
    admin     TEXT   NOT NULL PRIMARY KEY,
    secret    BYTEA  NOT NULL, -- sealed
    made      BIGINT NOT NULL,
    confirmed BIGINT NOT NULL, -- 0: not yet
    step      BIGINT NOT NULL  -- of the last code that was taken: none before it is taken any more
);

CREATE TABLE passkey (
    id         TEXT    NOT NULL PRIMARY KEY,
    admin      TEXT    NOT NULL,
    credential BYTEA   NOT NULL, -- the authenticator's id of it
    public_key BYTEA   NOT NULL, -- COSE
    aaguid     BYTEA   NOT NULL,
    counter    BIGINT  NOT NULL, -- signatures, as the authenticator counts them
    flags      BIGINT  NOT NULL, -- of the authenticator data
    transports TEXT    NOT NULL, -- separated by commas
    name       TEXT    NOT NULL,
    created    BIGINT  NOT NULL,
    used       BIGINT  NOT NULL
);
CREATE UNIQUE INDEX passkey_credential ON passkey (credential);
CREATE INDEX passkey_admin ON passkey (admin, created, id);

CREATE TABLE recovery_code (
    admin TEXT  NOT NULL,
    hash  BYTEA NOT NULL, -- SHA-256; the codes are random enough
    PRIMARY KEY (admin, hash)
);

-- What was begun and takes one answer: a sign-in, or a passkey to add.
CREATE TABLE challenge (
    hash    BYTEA  NOT NULL PRIMARY KEY, -- SHA-256 of the token
    admin   TEXT   NOT NULL,
    purpose TEXT   NOT NULL, -- sign-in or passkey
    version BIGINT NOT NULL, -- of the administrator
    data    BYTEA  NOT NULL, -- what the passkey's ceremony must remember
    tries   BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX challenge_admin ON challenge (admin, purpose);
CREATE INDEX challenge_expires ON challenge (expires);

-- +goose Down
DROP TABLE challenge;
DROP TABLE recovery_code;
DROP TABLE passkey;
DROP TABLE totp;
ALTER TABLE session DROP COLUMN agent;
