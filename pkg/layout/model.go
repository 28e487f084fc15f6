package layout

// A Layout is what a document means. Keys it does not know, and values of the
// wrong type, are not in it; the document has them still.
type Layout struct {
	Roles []Role // Those that the file has, in the order of [RoleNames].
	Flat  bool   // A layout of before 0.1.0, which has no roles. Nothing else of it is read.
}

// A Role is what people of one role see.
type Role struct {
	Name RoleName

	Version                  string   // 0.1.0
	AppTitle                 string   // A text, the URL of an image, or nothing.
	Logo                     string   // The URL of an image, no-logo, or nothing for Cisco's.
	TaskPageIllustration     string   // The URL of an image.
	StopNavigateOnAcceptTask bool     // An accepted contact does not change the page.
	DragDropEnabled          bool     // Widgets of pages can be moved.
	NotificationTimer        float64  // Seconds, 1 to 10.
	MaximumNotificationCount float64  // 1 to 10.
	BrowserNotificationTimer float64  // Seconds, 5 to 15.
	WXMConfigured            bool     // Webex Experience Management.
	WebexConfigured          bool     // The Webex client in the header.
	MSTeamsConfigured        bool     // Likewise.
	HeaderActions            []string // The older way to order the header's icons.
	LayoutName               string
	Area                     *Area

	at *node
}

// An Area says what stands where.
type Area struct {
	AdvancedHeader []Component // Left to right.
	Header         *Page       // The older way. One row.
	Headless       *Page       // Never seen, always there.
	Panel          *Component  // The pane of information about a contact.
	Persistent     []Component // Tabs of all pages but the first.
	Homepage       *Entry
	Navigation     []Entry // Pages, in the bar on the left.

	at *node
}

// An Entry is a page with its button.
type Entry struct {
	Nav        Nav
	Page       *Page
	Visibility string // See [Component].

	at *node
}

// A Nav is a button of the navigation bar.
type Nav struct {
	Label                string
	Icon                 string // A Momentum icon's name, or the URL of an image.
	IconType             string // momentum, momentumDesign, other
	NavigateTo           string // The page's route.
	Align                string // top
	IsDefaultLandingPage bool

	at *node
}

// A Page is a set of widgets in a grid, or one after the other.
type Page struct {
	ID            string
	UseFlexLayout bool // Widgets flow by their width and height; there is no grid.
	PageHeader    *Component
	PageSubHeader *Component
	Widgets       []Widget
	Grids         []Grid // One without a name; or one named ROOT and others that its cells name.

	at *node
}

// A Widget is a component with the name of its cells.
type Widget struct {
	Name      string
	Component *Component
}

// A Grid is a table of names. Neighbours of the same name are one cell.
type Grid struct {
	Name       string
	Areas      [][]string
	Cols, Rows []float64 // Shares of the width and height.

	at, areas *node
}

// A Component is a custom element, or one of HTML's.
type Component struct {
	Comp        string
	Script      string // Where the element is defined; empty for the Desktop's own.
	Slot        string
	TextContent string
	Visibility  string // A condition of Cisco's, such as SCREEN_POP.
	Hidden      bool   // In small windows: responsive is false.
	Width       float64
	Height      float64
	Attributes  []Value
	Properties  []Value
	Style       []Value
	Wrapper     *Wrapper
	Children    []Component
	Area        *Page // Of dynamic-area, its property area.

	at *node
}

// A Value is an attribute, a property or a style.
type Value struct {
	Name string
	JSON string // As it is written.

	at *node
}

// A Wrapper is a title bar with a button that enlarges the widget.
type Wrapper struct {
	Title            string
	ID               string
	MaximizeAreaName string // app-maximize-area

	at *node
}

// Path says where in the file the component is.
func (c *Component) Path() string { return c.at.path() }

// Text is a string's text, and for anything else what is written.
func (v Value) Text() string {
	if v.at.is(stringKind) {
		return v.at.text
	}
	return v.JSON
}

// each calls visit with every component of the role, also of those within
// others, and the place it is in.
func (r *Role) each(visit func(*Component, Place)) {
	a := r.Area
	if a == nil {
		return
	}
	var component func(*Component, Place)
	page := func(p *Page, place Place) {
		if p == nil {
			return
		}
		component(p.PageHeader, place)
		component(p.PageSubHeader, place)
		for _, w := range p.Widgets {
			component(w.Component, place)
		}
	}
	component = func(c *Component, place Place) {
		if c == nil {
			return
		}
		visit(c, place)
		for i := range c.Children {
			component(&c.Children[i], place)
		}
		page(c.Area, place)
	}
	for i := range a.AdvancedHeader {
		component(&a.AdvancedHeader[i], Header)
	}
	page(a.Header, Header)
	page(a.Headless, Headless)
	component(a.Panel, Panel)
	for i := range a.Persistent {
		component(&a.Persistent[i], Panel)
	}
	for _, e := range a.entries() {
		page(e.Page, Navigation)
	}
}

// entries are the first page and those of the navigation bar.
func (a *Area) entries() []*Entry {
	var all []*Entry
	if a.Homepage != nil {
		all = append(all, a.Homepage)
	}
	for i := range a.Navigation {
		all = append(all, &a.Navigation[i])
	}
	return all
}

// pages are all pages with the place they are in, also those within others.
func (r *Role) pages(visit func(*Page, Place)) {
	a := r.Area
	if a == nil {
		return
	}
	if a.Header != nil {
		visit(a.Header, Header)
	}
	if a.Headless != nil {
		visit(a.Headless, Headless)
	}
	for _, e := range a.entries() {
		if e.Page != nil {
			visit(e.Page, Navigation)
		}
	}
	r.each(func(c *Component, place Place) {
		if c.Area != nil {
			visit(c.Area, place)
		}
	})
}
