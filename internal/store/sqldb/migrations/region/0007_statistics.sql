-- +goose Up
-- The last sign-ins of mail users: what is alike on one day is one row.
CREATE TABLE sign_in (
  org TEXT NOT NULL,
  entry TEXT NOT NULL,
  ok BOOLEAN NOT NULL,
  day BIGINT NOT NULL,                 -- since 1970, UTC
  head TEXT NOT NULL,
  remote TEXT NOT NULL,
  reason TEXT NOT NULL,                -- '' where it succeeded
  n BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (org, entry, ok, day, head, remote, reason)
);
CREATE INDEX sign_in_last ON sign_in (org, entry, ok, last_at);
CREATE INDEX sign_in_age ON sign_in (last_at);

-- Figures by organization and interval.
CREATE TABLE statistic (
  org TEXT NOT NULL,
  step BIGINT NOT NULL,                -- seconds of the interval: an hour or a day
  at BIGINT NOT NULL,                  -- its beginning, in seconds
  mail_in BIGINT NOT NULL,
  mail_out BIGINT NOT NULL,
  mail_refused BIGINT NOT NULL,
  sign_ins BIGINT NOT NULL,
  sign_ins_refused BIGINT NOT NULL,
  storage BIGINT NOT NULL,             -- bytes; -1: nobody looked
  users BIGINT NOT NULL,               -- -1: nobody looked
  PRIMARY KEY (org, step, at)
);
CREATE INDEX statistic_at ON statistic (step, at);

-- +goose Down
DROP TABLE statistic;
DROP TABLE sign_in;
