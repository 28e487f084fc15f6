package hubspottest

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"deskbridge/pkg/hubspot"
)

// The owners; agents of the Webex emulator have the same e-mail addresses.
var owners = []owner{
	{id: "118724001", email: "ann@example.test", first: "Ann", last: "Berger", userID: 61_234_001},
	{id: "118724002", email: "bob@example.test", first: "Bob", last: "Castle", userID: 61_234_002},
	{id: "118724003", email: "cho@example.test", first: "Cho", last: "Park", userID: 61_234_003},
	{id: "118724009", email: "former@example.test", first: "Dana", last: "Former", userID: 61_234_009, archived: true},
}

// The companies: name, domain, phone, city, industry.
var companies = [][5]string{
	{"Acme", "acme.example", "+1 415-555-0190", "San Francisco", "MANUFACTURING"},
	{"Northwind Traders", "northwind.example", "(206) 555-0171", "Seattle", "FOOD_BEVERAGES"},
	{"Blue Harbor Clinic", "blueharbor.example", "+1 617-555-0133", "Boston", "HOSPITAL_HEALTH_CARE"},
	{"Nordlicht Energie GmbH", "nordlicht.example", "+49 30 901820", "Berlin", "UTILITIES"},
	{"Sakura Logistics", "sakura.example", "+81 3-5321-1111", "Tokyo", "LOGISTICS_AND_SUPPLY_CHAIN"},
	{"Granite Books", "granite.example", "+44 20 7946 0991", "London", "PUBLISHING"},
	{"Juniper & Sons", "juniper.example", "", "Portland", "CONSTRUCTION"},
}

// The contacts: first name, last name, phone, mobile, index of the company,
// job title. Numbers are written as people write them. Nobody has +14155550199.
var contacts = [][6]string{
	{"Maria", "Silva", "+14155550100", "", "0", "Head of Purchasing"},
	{"James", "Okafor", "+14155550123", "", "0", "Plant Manager"},
	{"Priya", "Raman", "(415) 555-0123", "", "1", "Accounts Payable"},
	{"Lena", "Hoffmann", "+49 30 90182041", "+49 151 23456789", "3", "Grid Engineer"},
	{"Tom", "Whitfield", "+44 20 7946 0992", "", "5", "Editor"},
	{"Aiko", "Tanaka", "+81 3-5321-1112", "+81 90-1234-5678", "4", "Dispatcher"},
	{"Carlos", "Mendoza", "+1 (415) 555-0142 ext. 9", "", "0", "Warehouse Lead"},
	{"Fatima", "El Amrani", "+1 617-555-0134", "+1 617-555-0135", "2", "Nurse Manager"},
	{"Oliver", "Brandt", "+49 30 90182042", "", "3", "Controller"},
	{"Sofia", "Rossi", "+39 06 698 84857", "", "5", "Translator"},
	{"Wei", "Zhang", "206-555-0172", "", "1", "Buyer"},
	{"Hannah", "Cole", "+1 206 555 0173", "", "1", "Store Manager"},
	{"Mateo", "García", "+34 912 345 678", "", "5", "Author"},
	{"Ingrid", "Larsen", "+47 22 12 34 56", "", "4", "Customs Agent"},
	{"Noah", "Fischer", "", "+49 170 1234567", "3", "Field Technician"},
	{"Grace", "Kim", "+1 617-555-0136", "", "2", "Office Manager"},
	{"Amara", "Nwosu", "+1-415-555-0151", "", "0", "Quality Lead"},
	{"Peter", "Novák", "+420 221 111 222", "", "5", "Bookseller"},
	{"Chloé", "Dubois", "+33 1 70 18 99 00", "", "5", "Rights Manager"},
	{"Samir", "Haddad", "+1 503-555-0147", "", "6", "Site Supervisor"},
	{"Ruth", "Abrams", "+1 503-555-0148", "", "6", "Bookkeeper"},
	{"Daniel", "Reyes", "+1 415-555-0167", "+1 415-555-0168", "0", "Technician"},
	{"Emily", "Watson", "+44 7700 900123", "", "5", "Proofreader"},
	{"Yusuf", "Demir", "+90 212 555 01 23", "", "4", "Freight Agent"},
	{"Nina", "Petrova", "", "", "2", "Patient Liaison"},
}

// The deals: name, amount, stage, index of the contact.
var deals = [][4]string{
	{"Acme: conveyor spare parts", "18400", "presentationscheduled", "0"},
	{"Acme: maintenance contract 2027", "52000", "qualifiedtobuy", "1"},
	{"Nordlicht: substation meters", "131000", "contractsent", "3"},
	{"Blue Harbor: phone system", "9700", "closedwon", "7"},
	{"Granite: autumn catalogue", "4200", "appointmentscheduled", "4"},
}

// The tickets: subject, content, stage, priority, index of the contact.
var tickets = [][5]string{
	{"Invoice 20481 charged twice", "Customer saw two debits on the same day.", "1", "HIGH", "0"},
	{"Delivery address changed", "New dock from December on.", "3", "LOW", "10"},
	{"Meter reports wrong unit", "kWh shown as Wh after the update.", "2", "MEDIUM", "3"},
	{"Cannot log in to portal", "Password mail does not arrive.", "1", "MEDIUM", "15"},
}

// What is over: a deal and tickets, in the same form.
var (
	pastDeals = [][4]string{
		{"Acme: pilot order", "24000", "closedwon", "0"},
	}
	pastTickets = [][5]string{
		{"Wrong address on the invoice", "Billing address moved in spring.", "4", "LOW", "0"},
		{"Pallet arrived broken", "Replaced, carrier has paid.", "4", "URGENT", "0"},
		{"Password reset", "Done by phone.", "4", "LOW", "15"},
	}
)

// populate fills the account. The records are a few months old and in the
// search's index.
func (s *Server) populate() {
	s.world.owners = slices.Clip(owners)
	for _, o := range s.cfg.Owners {
		s.world.owners = append(s.world.owners, owner{
			id: o.ID, email: o.Email, first: o.FirstName, last: o.LastName, userID: number(o.UserID),
		})
	}
	if s.cfg.Empty {
		return
	}
	now := s.cfg.Now()
	added := 0
	put := func(typeID string, props map[string]string) *record {
		added++
		r := s.add(s.world.types[typeID], props, fromPage)
		r.created = now.Add(-time.Duration(100-added) * 24 * time.Hour).Truncate(time.Second)
		r.props["createdate"] = stamp(r.created)
		s.indexNow(r)
		return r
	}
	bind := func(a, b *record) { s.link(a, b, defaultKind(a.t.id, b.t.id)) }
	firms := make([]*record, len(companies))
	for i, c := range companies {
		firms[i] = put(hubspot.Companies, map[string]string{
			"name": c[0], "domain": c[1], "phone": c[2], "city": c[3], "industry": c[4], "hubspot_owner_id": owners[i%3].id,
		})
	}
	people := make([]*record, len(contacts))
	for i, c := range contacts {
		firm := firms[index(c[4])]
		people[i] = put(hubspot.Contacts, map[string]string{
			"firstname": c[0], "lastname": c[1], "phone": c[2], "mobilephone": c[3], "jobtitle": c[5],
			"company": firm.props["name"], "email": mailbox(c[0], c[1]) + "@" + firm.props["domain"],
			"lifecyclestage": "customer", "hubspot_owner_id": owners[i%3].id,
		})
		bind(people[i], firm)
	}
	deal := func(d [4]string) {
		person := index(d[3])
		made := put(hubspot.Deals, map[string]string{
			"dealname": d[0], "amount": d[1], "deal_currency_code": orElse(contacts[person][4] == "3", "EUR", "USD"),
			"dealstage": d[2], "pipeline": "default",
			"closedate": stamp(now.AddDate(0, 1, 0).Truncate(24 * time.Hour)), "hubspot_owner_id": owners[0].id,
		})
		bind(made, people[person])
		bind(made, firms[index(contacts[person][4])])
	}
	for _, d := range deals {
		deal(d)
	}
	ticket := func(t [5]string) {
		person := index(t[4])
		made := put(hubspot.Tickets, map[string]string{
			"subject": t[0], "content": t[1], "hs_pipeline": "0", "hs_pipeline_stage": t[2], "hs_ticket_priority": t[3],
			"hubspot_owner_id": owners[1].id,
		})
		bind(made, people[person])
		bind(made, firms[index(contacts[person][4])])
	}
	for _, t := range tickets {
		ticket(t)
	}
	// What was added later comes last, so that ids stay what they were.
	bind(put(hubspot.Contacts, map[string]string{
		"firstname": "Noel", "lastname": "Frost", "phone": "+14155550177", "jobtitle": "Retired",
		"company": firms[6].props["name"], "email": "noel.frost@" + firms[6].props["domain"],
		"lifecyclestage": "customer", "hubspot_owner_id": owners[0].id, "do_not_call": "true",
	}), firms[6])
	for _, d := range pastDeals {
		deal(d)
	}
	for _, t := range pastTickets {
		ticket(t)
	}
}

func index(s string) int {
	n, _ := strconv.Atoi(s) // The tables above are numbers.
	return n
}

// mailbox writes a name without its accents and spaces.
func mailbox(first, last string) string {
	plain := strings.NewReplacer("í", "i", "á", "a", "é", "e", " ", "")
	return plain.Replace(strings.ToLower(first + "." + last))
}
