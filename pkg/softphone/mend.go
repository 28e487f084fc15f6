package softphone

// Records of the history that did not make it: sent again as they are, or
// after the agent's edit.

// NeedsAdmin and NeedsAgent are the values of [Receipt.Need].
const (
	NeedsAgent = "agent"
	NeedsAdmin = "admin"
)

// MayRetry says whether a [ReceiptRetried] sends the record again: HubSpot has
// it not, or not whole.
func (r Record) MayRetry() bool {
	return r.Receipt.State != Saved && r.Receipt.State != Enriched
}

// MayMend says whether a [RecordMended] changes the record: it is refused and
// the agent can do something about that, or no server has it yet.
func (r Record) MayMend() bool {
	return r.Receipt.State == NoReceipt || r.Receipt.State == NeedsYou && r.Receipt.Need != NeedsAdmin
}

func (m *machine) receiptRetried(key CallKey) {
	m.resend(key, Record.MayRetry, func(*Record) {})
}

func (m *machine) recordMended(e RecordMended) {
	m.resend(e.Key, Record.MayMend, func(r *Record) {
		r.Popped = r.Popped && r.Record != nil && e.Record != nil && r.Record.same(*e.Record)
		r.Notes, r.Record, r.FollowUp, r.NotListed = e.Notes, e.Record, e.FollowUp, e.Record == nil
		if r.Record != nil && r.Record.Name != "" {
			r.Name = r.Record.Name
		}
		if m.s.Profile == nil || e.CodeID == r.CodeID {
			return
		}
		if name := nameOf(m.s.Profile.WrapUpCodes, e.CodeID); name != "" {
			r.CodeID, r.CodeName = e.CodeID, name
		}
	})
}

// resend gives a record of the history its next revision and sends it off.
func (m *machine) resend(key CallKey, may func(Record) bool, change func(*Record)) {
	for n, r := range m.s.History {
		if r.Key != key || !may(r) {
			continue
		}
		change(&r)
		r.Revision++
		r.Receipt = Receipt{}
		m.s.History[n] = r
		m.do(SaveRecord{Record: r})
	}
}
