package softphone

// What the panel searches while it dials, consults or transfers. Nothing of it
// is state of the phone: questions go past Step.

// A DirectoryKind is a list that can be searched.
type DirectoryKind string

// The lists. Agents are not among them: they are View.Buddies.
const (
	Queues      DirectoryKind = "queue"
	AddressBook DirectoryKind = "address-book"
	EntryPoints DirectoryKind = "entry-point"
	CRMContacts DirectoryKind = "contact"
)

// DirectoryPageSize is how many entries a page has.
const DirectoryPageSize = 25

// A DirectoryQuery asks for a page of a list, filtered by what was typed.
type DirectoryQuery struct {
	Kind   DirectoryKind
	Search string
	Page   int // From 0.
}

// A DirectoryPage is a page of a list.
type DirectoryPage struct {
	Entries []DirectoryEntry
	Total   int // -1 when the source does not say.
	More    bool
}

// A DirectoryEntry is one row.
type DirectoryEntry struct {
	Kind    DirectoryKind
	ID      string // Queue or entry point id, address book entry id, record id.
	Name    string
	Number  string     // Of an address book entry or contact.
	Detail  string     // Company, e-mail, …
	Record  *RecordRef // Of a contact.
	NoCalls bool       // The record says that this person must not be called.
}

// A NumberInfo is what the server knows of a number as typed.
type NumberInfo struct {
	Valid   bool
	Dial    string // What is dialled: E.164, or as the dial plan rewrote it.
	Display string // As the tenant's region writes it.
	Country string // Two letters; empty for an extension.
	Allowed bool   // The dial plan lets it through.
	Matches []Match
}
