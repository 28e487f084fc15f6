package tenant_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/tenant"
)

func TestDatesInTheConnectorsSpelling(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 7, 15, 4, 9, 0, time.UTC)
	for format, want := range map[string]string{
		"yyyy-MM-dd": "2026-03-07", "MM.dd.yyyy hh:mm a": "03.07.2026 03:04 PM", "d/M/yy H:mm:ss": "7/3/26 15:04:09",
		"EEE, dd MMM yyyy": "Sat, 07 Mar 2026", "h a": "3 PM", "HH'h'mm": "15h04", "''yy 'o''clock'": "'26 o'clock", "": "",
		"yyyy年MM": "", "yyyy 2006 01": "2026 2006 01",
	} {
		got, err := tenant.FormatDate(at, format)
		if format == "yyyy年MM" {
			require.ErrorContains(t, err, "not known", "a letter, if not one of ours")
			continue
		}
		require.NoError(t, err, format)
		require.Equal(t, want, got, format)
	}
	midnight := time.Date(2026, 3, 7, 0, 4, 9, 0, time.UTC)
	got, err := tenant.FormatDate(midnight, "H hh a")
	require.NoError(t, err)
	require.Equal(t, "0 12 AM", got)
	for _, wrong := range []string{"YYYY", "DD", "yyy", "MMMM", "m", "T", "z", "HHH", "yyyy'", "'open"} {
		_, err := tenant.FormatDate(at, wrong)
		require.Error(t, err, wrong)
		require.ErrorContains(t, tenant.Settings{DateFormat: wrong}.Validate(), "tenant: date format", wrong)
	}
}
