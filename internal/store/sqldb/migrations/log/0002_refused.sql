-- +goose Up
-- What was refused is a small part of the log, which is mostly reads.
CREATE INDEX audit_record_refused ON audit_record (org, id) WHERE outcome <> 'ok';

-- +goose Down
DROP INDEX audit_record_refused;
