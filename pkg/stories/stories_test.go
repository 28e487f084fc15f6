package stories_test

import (
	"regexp"
	"testing"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/stories"

	"github.com/stretchr/testify/require"
)

func TestStoriesHaveNamesForFiles(t *testing.T) {
	t.Parallel()
	fits := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := map[string]bool{}
	for _, s := range stories.All() {
		require.Regexp(t, fits, s.Name)
		require.NotEmpty(t, s.Screen, s.Name)
		require.False(t, seen[s.Name], "two stories are called %s", s.Name)
		seen[s.Name] = true
	}
	require.Greater(t, len(seen), 40)
}

// TestEveryScreenHasAStory: a screen without one is looked at by nobody.
func TestEveryScreenHasAStory(t *testing.T) {
	t.Parallel()
	missing := map[softphone.Screen]bool{
		softphone.ScreenBoot: true, softphone.ScreenSignIn: true, softphone.ScreenStation: true, softphone.ScreenIdle: true,
		softphone.ScreenDialing: true, softphone.ScreenIncoming: true, softphone.ScreenInCall: true, softphone.ScreenOnHold: true,
		softphone.ScreenConsult: true, softphone.ScreenConference: true, softphone.ScreenWrapUp: true, softphone.ScreenMissed: true, softphone.ScreenFollower: true,
	}
	for _, s := range stories.All() {
		delete(missing, s.View.Screen)
	}
	require.Empty(t, missing)
}

func TestSourceShowsWhatAPressDoes(t *testing.T) {
	t.Parallel()
	var heard []softphone.Event
	s := stories.NewSource(stories.Talking(), func(e softphone.Event) { heard = append(heard, e) })
	var seen []softphone.Screen
	remove := s.Subscribe(func(v softphone.View) { seen = append(seen, v.Screen) })

	s.Send(softphone.HoldRequested{Key: stories.Key})
	require.Equal(t, softphone.Held, s.View().Call.Phase)
	require.Equal(t, softphone.Held, s.View().Calls[0].Phase)
	require.True(t, s.View().Call.CanResume.OK)
	s.Send(softphone.ResumeRequested{Key: stories.Key})
	s.Send(softphone.EndRequested{Key: stories.Key})
	s.Send(softphone.HoldRequested{Key: "another"})
	remove()
	s.Send(softphone.HoldRequested{Key: stories.Key})

	require.Equal(t, []softphone.Screen{softphone.ScreenOnHold, softphone.ScreenInCall}, seen)
	require.Len(t, heard, 5)
}

func TestBookIsPaged(t *testing.T) {
	t.Parallel()
	b := stories.NewBook()
	seen := map[string]bool{}
	q := softphone.DirectoryQuery{Kind: softphone.AddressBook}
	for {
		page, err := b.Search(t.Context(), q)
		require.NoError(t, err)
		require.Equal(t, stories.BookSize, page.Total)
		for _, e := range page.Entries {
			require.False(t, seen[e.ID], e.ID)
			seen[e.ID] = true
		}
		if !page.More {
			break
		}
		q.Page++
	}
	require.Len(t, seen, stories.BookSize)

	found, err := b.Search(t.Context(), softphone.DirectoryQuery{Kind: softphone.AddressBook, Search: "SILVA 1"})
	require.NoError(t, err)
	require.NotEmpty(t, found.Entries)
	require.Contains(t, found.Entries[0].Name, "Silva 1")
}

func TestBookKnowsNumbers(t *testing.T) {
	t.Parallel()
	b := stories.NewBook()

	got, err := b.Number(t.Context(), "(415) 555-0123")

	require.NoError(t, err)
	require.True(t, got.Valid && got.Allowed)
	require.Equal(t, "+14155550123", got.Dial)
	require.Equal(t, "Maria Silva", got.Matches[0].Record.Name)
}
