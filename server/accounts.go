package main

// forget empties what is known of a portal's people: HubSpot has told of a
// change, or the portal has been connected anew.
func (p *portals) forget(portalID string) {
	p.numbers.Forget(portalID)
	p.cards.found.Forget(portalID)
}
