-- What rows are found by, beside their key. Rows from before are filled in when
-- the ledger opens.
ALTER TABLE deskbridge_record ADD COLUMN direction TEXT NOT NULL DEFAULT '';

ALTER TABLE deskbridge_record ADD COLUMN number TEXT NOT NULL DEFAULT '';

ALTER TABLE deskbridge_record ADD COLUMN portal_id TEXT NOT NULL DEFAULT '';

-- "<object type id>/<id>" of the CRM record it belongs to.
ALTER TABLE deskbridge_record ADD COLUMN contact TEXT NOT NULL DEFAULT '';

CREATE INDEX deskbridge_record_number ON deskbridge_record (org_id, number, started_at) WHERE number <> '';

CREATE INDEX deskbridge_record_contact ON deskbridge_record (contact, started_at) WHERE contact <> '';

CREATE INDEX deskbridge_record_org ON deskbridge_record (org_id, started_at);
