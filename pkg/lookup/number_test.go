package lookup_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/lookup"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, region, want, extension string }{
		{"+14155550100", "", "+14155550100", ""},
		{" (415) 555-0100 ", "US", "+14155550100", ""},
		{"415.555.0100", "us", "+14155550100", ""},
		{"+1 (415) 555-0142 ext. 9", "US", "+14155550142", "9"},
		{"+14155550142 x 9", "US", "+14155550142", "9"},
		{"+14155550142;ext=9", "US", "+14155550142", "9"},
		{"tel:+1-415-555-0142;ext=9", "US", "+14155550142", "9"},
		{"sip:+14155550100@carrier.example;user=phone", "US", "+14155550100", ""},
		{"sips:4155550100@10.0.0.1", "US", "+14155550100", ""},
		{"4155550100@10.0.0.1", "US", "+14155550100", ""},
		{"*67 +14155550100", "US", "+14155550100", ""},
		{"*674155550100", "US", "+14155550100", ""},
		{"*227-415-555-0100", "US", "+14155550100", ""},
		{"#31#030 90182041", "DE", "+493090182041", ""},
		{"030 90182041", "DE", "+493090182041", ""},
		{"06 698 84857", "IT", "+390669884857", ""},
		{"+39 06 698 84857", "US", "+390669884857", ""},
		{"00 49 30 90182041", "DE", "+493090182041", ""},
		{"011 49 30 90182041", "US", "+493090182041", ""},
		{"+44 (0)20 7946 0992", "US", "+442079460992", ""},
		{"1-800-FLOWERS", "US", "+18003569377", ""},
		{"", "US", "", ""}, {"anonymous", "US", "", ""}, {"Restricted", "US", "", ""}, {"sip:anonymous@anonymous.invalid", "US", "", ""},
		{"anonymous@10.0.0.1", "", "", ""}, {"+266696687", "US", "", ""}, {"Private", "", "", ""}, {"unknown", "", "", ""},
		{"1001", "US", "", ""}, {"911", "US", "", ""}, {"*227", "US", "", ""}, {"*67", "US", "", ""}, {"*", "", "", ""}, {"##", "", "", ""},
		{"5550100", "US", "", ""}, {"not-a-number", "US", "", ""}, {"+1415555010012345", "US", "", ""}, {"+999 1234567", "US", "", ""},
		{"4155550100", "XX", "", ""},
	} {
		got, ok := lookup.Parse(tt.text, tt.region)

		require.Equal(t, tt.want, got.E164, tt.text)
		require.Equal(t, tt.want != "", ok, tt.text)
		require.Equal(t, tt.extension, got.Extension, tt.text)
		e164, valid := lookup.Valid(tt.text, tt.region)
		require.Equal(t, tt.want, e164)
		require.Equal(t, ok, valid)
	}
}

func TestDisplay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, region, want, country string }{
		{"4155550100", "US", "(415) 555-0100", "US"},
		{"+14155550100", "", "(415) 555-0100", "US"},
		{"+14155550100", "DE", "+1 415-555-0100", "US"},
		{"+1 416 555 0100", "US", "(416) 555-0100", "CA"},
		{"030 90182041", "DE", "030 90182041", "DE"},
		{"+49 30 90182041", "us", "+49 30 90182041", "DE"},
		{"+1 (415) 555-0142 ext. 9", "US", "(415) 555-0142 ext. 9", "US"},
		{"+1 (415) 555-0142 x9", "DE", "+1 415-555-0142 ext. 9", "US"},
		{"+800 1234 5678", "US", "+800 1234 5678", ""},
	} {
		n, ok := lookup.Parse(tt.text, tt.region)

		require.True(t, ok, tt.text)
		require.Equal(t, tt.want, n.Display(tt.region), tt.text)
		require.Equal(t, tt.country, n.Country, tt.text)
	}
}

func TestInternal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, region, want string }{
		{"1001", "US", "1001"}, {"10 01", "", "1001"}, {"12", "DE", "12"}, {"123456", "US", "123456"}, {"911", "US", "911"},
		{"1", "US", ""}, {"1234567", "US", ""}, {"+1001", "US", ""}, {"*67", "US", ""}, {"", "US", ""}, {"10a1", "US", ""},
		{"22334", "SH", ""}, // A whole number on Saint Helena.
	} {
		got, ok := lookup.Internal(tt.text, tt.region)

		require.Equal(t, tt.want, got, tt.text)
		require.Equal(t, tt.want != "", ok, tt.text)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"+14155550100", "sip:+1@x", "*67 415 555 0100", "#31#030", "tel:1;ext=9;phone-context=+49", "١٢٣٤٥٦٧٨٩", "1-800-FLOWERS x 9"} {
		f.Add(s, "DE")
	}
	f.Fuzz(func(t *testing.T, text, region string) {
		n, ok := lookup.Parse(text, region)
		if !ok {
			require.Zero(t, n)
			return
		}
		require.Regexp(t, `^\+[1-9][0-9]{4,16}$`, n.E164)
		require.NotEmpty(t, n.Display(region))
		again, ok := lookup.Parse(n.E164, "")
		require.True(t, ok, n.E164)
		require.Equal(t, n.E164, again.E164)
	})
}
