package stories

import (
	"context"
	"fmt"
	"strings"

	"deskbridge/pkg/softphone"
)

// BookSize is how many entries the address book has: as many as a large
// enterprise address book of Webex.
const BookSize = 5000

// A Book is a directory that never fails: an address book of BookSize entries,
// the queues and entry points of a small centre, a few contacts.
type Book struct {
	entries []softphone.DirectoryEntry
}

// NewBook makes the same book each time.
func NewBook() *Book {
	first := []string{
		"Ana", "Bernd", "Chloé", "Dmitri", "Emeka", "Fatima", "George", "Hanako", "Ingrid", "João",
		"Kenji", "Lucía", "Maria", "Nwosu", "Olga", "Priya", "Quentin", "Rosa", "Søren", "Thuy",
		"Umar", "Valentina", "Wilhelmina", "Xavier", "Yusuf",
	}
	last := []string{
		"Almeida", "Baumgartner", "Castellanos", "Dubois", "Eriksson", "Fernández", "Grünwald", "Hashimoto",
		"Ivanova", "Johnson", "Kowalczyk", "Lindqvist", "Meyer", "Nguyen", "O’Connor", "Pereira", "Quispe",
		"Rodrigues", "Silva", "Tanaka", "Ünal", "Villanueva", "Wang", "Yamamoto", "Zimmermann-Leutheusser",
	}
	b := &Book{}
	for n := range BookSize {
		b.entries = append(b.entries, softphone.DirectoryEntry{
			Kind: softphone.AddressBook, ID: fmt.Sprintf("book-%d", n), Number: fmt.Sprintf("+1415555%04d", n),
			Name: fmt.Sprintf("%s %s %d", first[n%len(first)], last[n/len(first)%len(last)], n/len(first)/len(last)+1),
		})
	}
	for _, name := range []string{"Billing", "Sales", "Second-level support for medium-sized enterprises", "Returns"} {
		b.entries = append(b.entries, softphone.DirectoryEntry{Kind: softphone.Queues, ID: "queue-" + name, Name: name})
	}
	for _, name := range []string{"Main line", "Hotline"} {
		b.entries = append(b.entries, softphone.DirectoryEntry{Kind: softphone.EntryPoints, ID: "entry-" + name, Name: name})
	}
	return b.with(
		softphone.DirectoryEntry{ID: "101", Name: "Maria Silva", Number: "+14155550123", Detail: "Acme GmbH"},
		softphone.DirectoryEntry{ID: "103", Name: "Bernd Mustermann", Number: "+4930901820", Detail: "bernd@example.com", NoCalls: true},
		softphone.DirectoryEntry{ID: "104", Name: "A customer with quite a long name indeed", Number: "+5511955550123", Detail: "Companhia Brasileira de Distribuição"},
	)
}

func (b *Book) with(contacts ...softphone.DirectoryEntry) *Book {
	for _, c := range contacts {
		c.Kind, c.Record = softphone.CRMContacts, ref(c.ID, c.Name)
		b.entries = append(b.entries, c)
	}
	return b
}

// Search finds the entries of a kind whose name or number contains what was
// typed.
func (b *Book) Search(_ context.Context, q softphone.DirectoryQuery) (softphone.DirectoryPage, error) {
	var page softphone.DirectoryPage
	typed := strings.ToLower(strings.TrimSpace(q.Search))
	from := q.Page * softphone.DirectoryPageSize
	for _, e := range b.entries {
		if e.Kind != q.Kind || !strings.Contains(strings.ToLower(e.Name), typed) && !strings.Contains(e.Number, typed) {
			continue
		}
		if page.Total >= from && len(page.Entries) < softphone.DirectoryPageSize {
			page.Entries = append(page.Entries, e)
		}
		page.Total++
	}
	page.More = page.Total > from+len(page.Entries)
	return page, nil
}

// Number takes any plain number for an American one, unless it has a plus.
func (b *Book) Number(_ context.Context, typed string) (softphone.NumberInfo, error) {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, typed)
	info := softphone.NumberInfo{Valid: len(digits) >= 3, Allowed: !strings.HasPrefix(digits, "1900"), Dial: digits, Display: typed}
	switch {
	case strings.HasPrefix(typed, "+"):
		info.Dial = "+" + digits
	case len(digits) == 10:
		info.Dial, info.Country = "+1"+digits, "US"
	}
	for _, e := range b.entries {
		if e.Number == info.Dial && e.Kind == softphone.CRMContacts {
			info.Matches = append(info.Matches, softphone.Match{Record: *e.Record, Company: e.Detail, NoCalls: e.NoCalls})
		}
	}
	return info, nil
}
