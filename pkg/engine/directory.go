package engine

import (
	"context"
	"time"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/softphone"
)

// How long the panel waits for what somebody types.
const (
	searchWithin = 5 * time.Second
	numberWithin = 3 * time.Second
)

// Search returns a page of a list. It may take five seconds and may be called
// from any goroutine. The error is one of [Backend]'s; a session that turns out
// to be over ends here too.
func (e *Engine) Search(ctx context.Context, q softphone.DirectoryQuery) (softphone.DirectoryPage, error) {
	ctx, cancel := context.WithTimeout(ctx, searchWithin)
	defer cancel()
	found, err := e.cfg.Backend.Search(ctx, backend.Search{
		Kind: string(q.Kind), Search: q.Search, Page: q.Page, PortalID: e.portal(),
	})
	if err != nil {
		e.expired(err)
		return softphone.DirectoryPage{}, err
	}
	page := softphone.DirectoryPage{Total: found.Total, More: found.More}
	for _, x := range found.Entries {
		entry := softphone.DirectoryEntry{
			Kind: q.Kind, ID: x.ID, Name: x.Name, Number: x.Number, Detail: x.Detail, NoCalls: x.NoCalls,
		}
		if x.Record != nil {
			ref := softphone.RecordRef(*x.Record)
			entry.Record = &ref
		}
		page.Entries = append(page.Entries, entry)
	}
	return page, nil
}

// Number says what the server knows of a number as typed. It may take three
// seconds; otherwise it is like Search.
func (e *Engine) Number(ctx context.Context, typed string) (softphone.NumberInfo, error) {
	ctx, cancel := context.WithTimeout(ctx, numberWithin)
	defer cancel()
	n, err := e.cfg.Backend.Number(ctx, backend.NumberQuery{Number: typed, PortalID: e.portal()})
	if err != nil {
		e.expired(err)
		return softphone.NumberInfo{}, err
	}
	return softphone.NumberInfo{
		Valid: n.Valid, Dial: n.Dial, Display: n.Display, Country: n.Country, Allowed: n.Allowed, Matches: matches(n.Matches),
	}, nil
}
