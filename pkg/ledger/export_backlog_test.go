package ledger

import "context"

// Age puts old jobs behind fresh ones.
func (l *Ledger) Age(ctx context.Context) error { return l.age(ctx) }

// The conditions of frequent queries.
const (
	OfInteraction = ofInteraction
	Unwritten     = unwritten
	Counting      = counting
)
