package webexcctest

import (
	"fmt"

	"deskbridge/pkg/webexcc"
)

// AddressBookSize is how many entries the address book has.
const AddressBookSize = 5000

// addressBook returns the entries: two departments, then people and every fifth
// time a shop. It is the same each time. The numbers are those set aside for
// fiction, a hundred in each area code.
func addressBook(orgID string) []webexcc.AddressBookEntry {
	entries := []webexcc.AddressBookEntry{
		{Name: "Legal department", Number: "+14085550190"},
		{Name: "Night desk", Number: "+14085550191"},
	}
	for n := 0; len(entries) < AddressBookSize; n++ {
		name := firstNames[n%len(firstNames)] + " " + lastNames[n/len(firstNames)%len(lastNames)]
		if n%5 == 4 {
			name = fmt.Sprintf("Shop %04d", n/5+1)
		}
		entries = append(entries, webexcc.AddressBookEntry{
			Name: webexcc.Text(name), Number: webexcc.Text(fmt.Sprintf("+1%d55501%02d", 501+n/100, n%100)),
		})
	}
	for n := range entries {
		entries[n].ID, entries[n].OrganizationID, entries[n].Version = fmt.Sprintf("addr-%d", n+1), webexcc.Text(orgID), 1
	}
	return entries
}

var firstNames = []string{
	"Ada", "Ágnes", "Björn", "Carlos", "Chloé", "Dana", "Emeka", "Fatima", "Gerrit", "Hana", "Ines", "Jorge", "Kenji",
	"Łucja", "Marta", "Nadia", "Olga", "Pia", "Quentin", "Rosa", "Sørina", "Tomasz", "Ulrike", "Víctor", "Wei", "Ximena", "Yusuf",
}

var lastNames = []string{
	"Adeyemi", "Bianchi", "Castro", "Dvořák", "Eriksson", "Fischer", "García", "Haddad", "Ivanova", "Jensen", "Kowalski",
	"Laurent", "Müller", "Nakamura", "O'Brien", "Papadakis", "Quispe", "Rossi", "Smith", "Tanaka", "Uzun", "van der Berg",
	"Watanabe", "Xu", "Yilmaz", "Zhang",
}
