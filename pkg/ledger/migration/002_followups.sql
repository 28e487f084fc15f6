-- What is known of the follow-up task, and what ties the records of one contact
-- together. Rows from before have neither.
ALTER TABLE deskbridge_record ADD COLUMN task TEXT NOT NULL DEFAULT '{}';

ALTER TABLE deskbridge_record ADD COLUMN interaction_id TEXT NOT NULL DEFAULT '';

CREATE INDEX deskbridge_record_interaction ON deskbridge_record (org_id, interaction_id) WHERE interaction_id <> '';
