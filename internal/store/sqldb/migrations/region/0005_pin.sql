-- +goose Up
-- Who keeps packs from being removed, for as long as the lease holds.
CREATE TABLE pack_pin (
  holder TEXT PRIMARY KEY,
  until BIGINT NOT NULL
);

-- +goose Down
DROP TABLE pack_pin;
