-- All that is counted: reading the records themselves takes too long.
CREATE INDEX deskbridge_record_depth ON deskbridge_record (state, due_at, written_seq, seq);
