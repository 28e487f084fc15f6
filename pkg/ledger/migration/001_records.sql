-- Times are ms since 1970. The same text runs on SQLite and PostgreSQL.
CREATE TABLE deskbridge_record (
    key TEXT PRIMARY KEY,
    org_id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    record TEXT NOT NULL,
    seq BIGINT NOT NULL,
    written_seq BIGINT NOT NULL DEFAULT 0,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL DEFAULT 0,
    final BIGINT NOT NULL DEFAULT 0,
    finalised_at BIGINT NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    need TEXT NOT NULL DEFAULT '',
    detail TEXT NOT NULL DEFAULT '',
    url TEXT NOT NULL DEFAULT '',
    object TEXT NOT NULL DEFAULT '{}',
    updated_at BIGINT NOT NULL,
    lease TEXT NOT NULL DEFAULT '',
    lease_until BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX deskbridge_record_agent ON deskbridge_record (org_id, agent_id, started_at);

CREATE INDEX deskbridge_record_live ON deskbridge_record (seen_at) WHERE final = 0 AND finalised_at = 0;

CREATE INDEX deskbridge_record_open ON deskbridge_record (state, updated_at) WHERE state <> 'enriched';
