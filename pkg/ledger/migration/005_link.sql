-- Which CRM records the activities of a row are associated with by us, the row's
-- own record among them: "<object type id>/<id>".
CREATE TABLE deskbridge_link (
    key TEXT NOT NULL REFERENCES deskbridge_record (key) ON DELETE CASCADE,
    ref TEXT NOT NULL,
    PRIMARY KEY (key, ref)
);

CREATE INDEX deskbridge_link_ref ON deskbridge_link (ref);

-- Rows that an older program has written: what they are found by is missing.
CREATE INDEX deskbridge_record_blank ON deskbridge_record (key) WHERE direction = '';
