package ledger

import (
	"context"
	"fmt"
	"time"
)

// maxDials is how many dials are counted at most: more than any limit.
const maxDials = 5000

// A Dial is an outbound interaction of an agent's.
type Dial struct {
	At     time.Time // By the agent's clock.
	Number string
}

// Dials returns an agent's outbound interactions that started at or after
// since, newest first, whichever replica has stored them.
func (l *Ledger) Dials(ctx context.Context, a Agent, since time.Time) ([]Dial, error) {
	var out []Dial
	err := l.store.inTx(ctx, func(tx tx) error {
		return tx.query(ctx, func(scan func(...any) error) error {
			var at int64
			var d Dial
			if err := scan(&at, &d.Number); err != nil {
				return err
			}
			d.At = time.UnixMilli(at)
			out = append(out, d)
			return nil
		}, `SELECT started_at, number FROM deskbridge_record
			WHERE org_id = $1 AND agent_id = $2 AND direction = 'OUTBOUND' AND started_at >= $3
			ORDER BY started_at DESC LIMIT $4`, a.OrgID, a.AgentID, since.UnixMilli(), maxDials)
	})
	if err != nil {
		return nil, fmt.Errorf("ledger: dials: %w", err)
	}
	return out, nil
}
