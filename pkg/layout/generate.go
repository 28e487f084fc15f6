package layout

import "slices"

// Generate writes a whole layout: the Desktop's own parts for each role, with
// our widget in the options' roles and places.
func Generate(o Options) (*Document, error) {
	blank := &Document{newline: "\n", unit: "  "}
	roles := object{}
	for _, name := range RoleNames {
		// Who works in our page is not taken away from it by the next call.
		roles = append(roles, member{string(name), role(name, slices.Contains(o.Places, Navigation))})
	}
	d, err := Parse([]byte(blank.print(roles, "") + "\n"))
	if err != nil {
		return nil, err
	}
	return Insert(d, o)
}

// A Sample is a generated layout of the folder layouts.
type Sample struct {
	Name    string // Of the file.
	Options Options
}

// SampleServer is where the samples' script is: an address that everybody has to
// replace.
const SampleServer = "https://deskbridge.example"

// Samples are the layouts worth having ready.
func Samples() []Sample {
	agents := []RoleName{Agent, SupervisorAgent}
	sample := func(name string, roles []RoleName, places ...Place) Sample {
		return Sample{name, Options{Script: ScriptURL(SampleServer), Roles: roles, Places: places}}
	}
	return []Sample{
		sample("headless.json", agents, Headless), // The Desktop in HubSpot: HubSpot shows everything.
		sample("panel.json", agents, Panel, Headless),
		sample("page.json", agents, Navigation, Headless),
		sample("header.json", agents, Header, Headless),
		sample("everywhere.json", nil, Places...),
	}
}

// role is what the Desktop shows by itself.
func role(name RoleName, stay bool) object {
	area := object{{"advancedHeader", header(name)}}
	area = append(area, member{"panel", object{
		{"comp", "md-tabs"},
		{"attributes", object{{"class", "widget-tabs"}, {"persist-selection", true}, {"tabs-id", "panel"}}}, // Who chose our tab has it at the next contact, too.
		{"children", append(append(slots("IVR_TRANSCRIPT", "IVR_TRANSCRIPT"), slots("CONTACT_HISTORY", "")...), slots("SCREEN_POP", "SCREEN_POP")...)},
	}})
	navigation := []any{}
	if name != Agent {
		area = append(area, member{"homepage", home()})
		navigation = append(navigation, teamPage())
	}
	return object{
		{"version", Version},
		{"appTitle", "Webex Contact Center"},
		{"logo", ""},
		{"stopNavigateOnAcceptTask", stay},
		{"dragDropEnabled", false},
		{"notificationTimer", 8},
		{"maximumNotificationCount", 3},
		{"browserNotificationTimer", 8},
		{"wxmConfigured", false},
		{"desktopChatApp", object{{"webexConfigured", false}}},
		{"area", append(area, member{"navigation", navigation})},
	}
}

func header(name RoleName) []any {
	parts := []string{"agentx-webex", "agentx-outdial", "agentx-notification", "agentx-state-selector"}
	if name == Supervisor {
		parts = []string{"agentx-webex", "agentx-notification"}
	}
	var all []any
	for _, p := range parts {
		all = append(all, inline{object{{"comp", p}}})
	}
	return all
}

// slots are a tab and its panel that the Desktop fills.
func slots(name, visibility string) []any {
	part := func(comp, slot, class, fills string) object {
		o := object{
			{"comp", comp},
			{"attributes", inline{object{{"slot", slot}, {"class", class}}}},
			{"children", []any{inline{object{{"comp", "slot"}, {"attributes", object{{"name", fills}}}}}}},
		}
		if visibility != "" {
			o = append(o, member{"visibility", visibility})
		}
		return o
	}
	return []any{part("md-tab", "tab", "widget-pane-tab", name+"_TAB"), part("md-tab-panel", "panel", "widget-pane", name)}
}

// home is where supervisors begin.
func home() object {
	return object{
		{"nav", object{
			{"label", "$I18N.common.homePageLabel"}, {"icon", "home"}, {"iconType", "momentum"}, {"navigateTo", "home"}, {"align", "top"},
		}},
		{"page", object{
			{"id", "home"},
			{"useFlexLayout", true},
			{"pageHeader", inline{object{{"comp", "page-title"}, {"attributes", object{{"pageTitle", "$STORE.page.getDefaultPageTitle"}}}}}},
			{"widgets", object{{"team", teamWidget()}}},
		}},
	}
}

func teamPage() object {
	return object{
		{"nav", object{
			{"label", "$I18N.tpw.widgetTitle"}, {"icon", "team"}, {"iconType", "momentum"}, {"navigateTo", "team"}, {"align", "top"},
		}},
		{"page", object{{"id", "team"}, {"useFlexLayout", true}, {"widgets", object{{"team", teamWidget()}}}}},
	}
}

func teamWidget() object {
	return object{
		{"comp", "agentx-wc-team-performance-widget"},
		{"width", 12},
		{"height", 19},
		{"properties", object{{"tpwConfigs", "$STORE.agent.tpwConfigs"}}},
		{"wrapper", object{{"title", "$I18N.tpw.widgetTitle"}, {"maximizeAreaName", "app-maximize-area"}}},
	}
}
