package ui_test

import (
	"testing"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/ui"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// inCard are the texts of the card's rows.
func inCard(root *html.Node) []string {
	var out []string
	for _, n := range all(root, byClass("card-row")) {
		out = append(out, text(n))
	}
	return out
}

func TestCardSaysWhatIsOpen(t *testing.T) {
	t.Parallel()

	root := parse(t, newBench(story(t, "card")).Render())

	require.Equal(t, "2 open deals · 2 open tickets", text(find(root, byClass("card-counts"))))
	require.Equal(t, "Head of purchasing · Stage: Customer · Owner: Bob Meyer", text(find(root, byClass("card-facts"))), "what the match says is not repeated")
	require.Equal(t, []string{
		"Acme GmbH acme.example",
		"Conveyor belt, second line Negotiation · 12,000 EUR · closes 30 November in a new tab",
		"Maintenance 2027 Contract sent · 1800.50 EUR · overdue since 18 November in a new tab",
		"Invoice 4711 is wrong Waiting on us · high priority · open for 3 days in a new tab",
		"New address New · low priority · open for 50 min in a new tab",
		"12 November, 10:42 Inbound · You · Billing · Question answered in a new tab",
		"10 November, 10:42 Missed",
		"17 October 2025, 10:42 Outbound · Bob Meyer",
	}, inCard(root))
}

func TestRecordsOfTheCardSayWhyTheyDoNotOpen(t *testing.T) {
	t.Parallel()

	root := parse(t, newBench(story(t, "card-no-host")).Render())

	rows := all(root, func(n *html.Node) bool { return hasClass(n, "card-row") && n.Data == "button" })
	require.Len(t, rows, 1, "the company; deals and tickets are links and need no page")
	for _, n := range rows {
		require.Equal(t, "true", attr(n, "aria-disabled"))
		require.Equal(t, "No HubSpot page is connected to this tab.", raw(byID(root, attr(n, "aria-describedby"))))
	}
}

func TestDealsAndTicketsAreLinksIntoANewTab(t *testing.T) {
	t.Parallel()

	root := parse(t, newBench(story(t, "card")).Render())

	var urls []string
	for _, n := range all(root, func(n *html.Node) bool { return hasClass(n, "card-row") && n.Data == "a" }) {
		require.Equal(t, "_blank", attr(n, "target"))
		require.Equal(t, "noopener", attr(n, "rel"))
		urls = append(urls, attr(n, "href"))
	}
	page := "https://app.hubspot.com/contacts/1/record/"
	require.Equal(t, []string{page + "0-3/301", page + "0-3/302", page + "0-5/401", page + "0-5/402", page + "0-48/9"}, urls)
}

func TestCardIsAbsentWhereThereIsNothing(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*softphone.CallView){
		"no record": func(*softphone.CallView) {},
		"empty": func(c *softphone.CallView) {
			c.CardState, c.Card = softphone.CardShown, softphone.Card{Record: *ref("101", "Maria Silva"), Phone: "+14155550123"}
		},
	} {
		root := parse(t, newBench(talking(change)).Render())
		require.Nil(t, byID(root, "card-toggle"), name)
	}
}

func TestCardThatFailedOffersToTryAgain(t *testing.T) {
	t.Parallel()

	root := parse(t, newBench(story(t, "card-failed")).Render())

	require.Equal(t, "More about this customer could not be loaded. Try again", text(byID(root, "card-body")))
}

func TestMissingPartsAreSaidInOneLine(t *testing.T) {
	t.Parallel()

	root := parse(t, newBench(story(t, "card-partly")).Render())

	require.Contains(t, text(byID(root, "card-body")), "Could not be loaded: company, deals.")
	require.Equal(t, "2 open tickets", text(find(root, byClass("card-counts"))))
}

func TestFoldedCardIsRemembered(t *testing.T) {
	t.Parallel()
	kept := memory{}
	b, _ := dressed(story(t, "card"), "en", kept)
	require.True(t, shown(byID(parse(t, b.Render()), "card-body")))

	ui.ApplyTo(b.Panel, ui.ToggleCard())
	again, _ := dressed(story(t, "card"), "en", kept)

	root := parse(t, again.Render())
	require.False(t, shown(byID(root, "card-body")))
	require.Equal(t, "false", attr(byID(root, "card-toggle"), "aria-expanded"))
	require.Equal(t, "2 open deals · 2 open tickets", text(find(root, byClass("card-counts"))), "folded, it still says what is open")
}

// TestRingingShowsTwoLinesOfTheCard: who answers has no time to read more.
func TestRingingShowsTwoLinesOfTheCard(t *testing.T) {
	t.Parallel()

	root := parse(t, newBench(story(t, "card-incoming")).Render())

	require.Nil(t, byID(root, "card-toggle"))
	require.Empty(t, inCard(root))
	require.Contains(t, text(find(root, byClass("match-line"))), "Acme GmbH")
	require.Equal(t, "2 open deals · 2 open tickets", text(find(root, byClass("card-line"))))
}

// TestCompanyOfTheCardStandsInForTheMatchs: a match of HubSpot's own has none.
func TestCompanyOfTheCardStandsInForTheMatchs(t *testing.T) {
	t.Parallel()
	v := story(t, "card-incoming")
	v.Call.Match.Matches[0].Company, v.Call.Match.Matches[0].Email = "", ""

	root := parse(t, newBench(v).Render())

	require.Contains(t, text(find(root, byClass("match-line"))), "Acme GmbH")
}

func TestNoCallsOfTheCardIsSaidOnce(t *testing.T) {
	t.Parallel()
	v := story(t, "card-only")
	require.Contains(t, text(byID(parse(t, newBench(v).Render()), "card-body")), "Do not call")

	v.Call.Direction, v.Call.NoCalls = softphone.Outbound, true // The callout above says it.
	require.NotContains(t, text(byID(parse(t, newBench(v).Render()), "card-body")), "Do not call")
}

func TestSeveralMatchesSayWhyTheyMatch(t *testing.T) {
	t.Parallel()
	whys := func(name string) (out []string) {
		for _, n := range all(parse(t, newBench(story(t, name)).Render()), byClass("choice-why")) {
			if shown(n) {
				out = append(out, text(n))
			}
		}
		return out
	}

	require.Equal(t, []string{"mobile number · last contact on 12 November", "number in “billing_phone”"}, whys("incoming-several"))
	require.Equal(t, []string{"from the call’s data: Order id · last contact on 12 November", "last logged here", "found by HubSpot"}, whys("in-call-several-data"))
}

func TestWrapUpSaysWhoHasTheCall(t *testing.T) {
	t.Parallel()

	root := parse(t, newBench(story(t, "wrap-up-transferred")).Render())

	require.Equal(t, "3 min 3 s · Billing · Inbound · Transferred to Bob Meyer", text(find(root, byClass("who-number"))))
}

func TestDialLimitSaysHowLongToWait(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[string]string{"40": "in 40 s.", "90": "in 1 min 30 s.", "": "in a moment.", "soon": "in a moment."} {
		v := idleView()
		v.Problems = []softphone.Problem{{ID: 1, Code: softphone.DialLimit, Args: []string{seconds}}}

		root := parse(t, ui.Screen(v, ui.Env{Now: now}))

		require.Contains(t, text(byID(root, "problem-1")), want)
	}
}
