-- What is known of the ticket that was made for a call, or that it is about.
ALTER TABLE deskbridge_record ADD COLUMN ticket TEXT NOT NULL DEFAULT '{}';

-- Which record makes the ticket of an interaction: the first that wants one. Of
-- an interaction without an id its record's key stands for it.
CREATE TABLE deskbridge_ticket (
    org_id TEXT NOT NULL,
    interaction TEXT NOT NULL,
    key TEXT NOT NULL REFERENCES deskbridge_record (key) ON DELETE CASCADE,
    PRIMARY KEY (org_id, interaction)
);

CREATE INDEX deskbridge_ticket_key ON deskbridge_ticket (key);
