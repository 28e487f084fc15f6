package layout

// A Standing is a component of a layout that this package edits: our widget, or
// one of Cisco's connectors.
type Standing struct {
	Role      RoleName
	Place     Place
	Path      string
	Line, Col int // From 1.
	Ours      bool
	Connector Connector // Whose it is if it is not ours; empty if that cannot be said.
}

// Standings are those of all roles.
func Standings(d *Document) []Standing {
	var all []Standing
	for _, role := range RoleNames {
		n := d.root.get(string(role))
		if !n.is(objectKind) {
			continue
		}
		add := func(c *node, ours bool) {
			s := Standing{Role: role, Place: placeOf(c), Path: c.path(), Ours: ours}
			s.Line, s.Col = d.position(c.start)
			if !ours {
				s.Connector = connector(c)
			}
			all = append(all, s)
		}
		for _, c := range components(n, Element) {
			add(c, true)
		}
		for _, c := range d.connectors(n) {
			add(c, false)
		}
	}
	return all
}
