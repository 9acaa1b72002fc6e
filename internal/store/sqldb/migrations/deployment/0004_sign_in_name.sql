-- +goose Up
-- Names that foreign directories bring for sign-in; several organizations may bring one.
CREATE TABLE sign_in_name (
  kind TEXT NOT NULL,                  -- netbios, suffix
  name TEXT NOT NULL,                  -- folded
  org TEXT NOT NULL,
  region TEXT NOT NULL,
  PRIMARY KEY (kind, name, org)
);
CREATE INDEX sign_in_name_org ON sign_in_name (org, kind, name);
CREATE INDEX sign_in_name_region ON sign_in_name (region, org, kind, name);

-- +goose Down
DROP TABLE sign_in_name;
