-- What operators count and page through, per organisation.
CREATE INDEX deskbridge_record_state ON deskbridge_record (org_id, state, started_at);
