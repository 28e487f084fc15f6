package webexcc_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
)

// scalars has one of each, named by its letter.
type scalars struct {
	B webexcc.Bool     `json:"b"`
	T webexcc.Text     `json:"t"`
	N webexcc.NullText `json:"n"`
	C webexcc.Code     `json:"c"`
	I webexcc.Number   `json:"i"`
	M webexcc.Millis   `json:"m"`
	L webexcc.Texts    `json:"l"`
}

// Each scalar takes any value, and writes what it took in one way.
func TestScalars(t *testing.T) {
	t.Parallel()
	tests := []struct {
		value string
		want  string
	}{
		{`null`, `{"b":null,"t":"","n":null,"c":null,"i":0,"m":null,"l":[]}`},
		{`true`, `{"b":true,"t":"true","n":"true","c":"true","i":0,"m":null,"l":["true"]}`},
		{`"True"`, `{"b":true,"t":"True","n":"True","c":"True","i":0,"m":null,"l":["True"]}`},
		{`"false"`, `{"b":false,"t":"false","n":"false","c":"false","i":0,"m":null,"l":["false"]}`},
		{`1`, `{"b":true,"t":"1","n":"1","c":1,"i":1,"m":1,"l":["1"]}`},
		{`"0"`, `{"b":false,"t":"0","n":"0","c":0,"i":0,"m":null,"l":["0"]}`},
		{`""`, `{"b":null,"t":"","n":null,"c":null,"i":0,"m":null,"l":[]}`},
		{`"007"`, `{"b":null,"t":"007","n":"007","c":"007","i":7,"m":7,"l":["007"]}`},
		{`1760000012000`, `{"b":null,"t":"1760000012000","n":"1760000012000","c":1760000012000,"i":1760000012000,"m":1760000012000,"l":["1760000012000"]}`},
		{`" 12.9 "`, `{"b":null,"t":" 12.9 ","n":" 12.9 ","c":" 12.9 ","i":12,"m":12,"l":[" 12.9 "]}`},
		{`1e300`, `{"b":null,"t":"1e300","n":"1e300","c":"1e300","i":0,"m":null,"l":["1e300"]}`},
		{`"NaN"`, `{"b":null,"t":"NaN","n":"NaN","c":"NaN","i":0,"m":null,"l":["NaN"]}`},
		{`["a",2,null]`, `{"b":null,"t":"[\"a\",2,null]","n":"[\"a\",2,null]","c":"[\"a\",2,null]","i":0,"m":null,"l":["a","2",""]}`},
		{`{"x":1}`, `{"b":null,"t":"{\"x\":1}","n":"{\"x\":1}","c":"{\"x\":1}","i":0,"m":null,"l":["{\"x\":1}"]}`},
	}
	for _, tt := range tests {
		t.Run(tt.value, func(t *testing.T) {
			t.Parallel()
			var s scalars
			var all []byte
			for _, name := range []string{"b", "t", "n", "c", "i", "m", "l"} {
				all = append(all, `,"`+name+`":`+tt.value...)
			}
			require.NoError(t, json.Unmarshal(append([]byte(`{"z":0`), append(all, '}')...), &s))

			got, err := json.Marshal(s)

			require.NoError(t, err)
			require.JSONEq(t, tt.want, string(got))
		})
	}
}

func TestBool(t *testing.T) {
	t.Parallel()
	require.Equal(t, webexcc.True, webexcc.BoolOf(true))
	require.Equal(t, webexcc.False, webexcc.BoolOf(false))
	require.True(t, webexcc.Absent.Or(true))
	require.False(t, webexcc.False.Or(true))
	require.True(t, webexcc.True.Or(false))
	require.False(t, webexcc.Absent.Is())
}

func TestMillis(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1760000012000)

	require.Equal(t, at, webexcc.MillisOf(at).Time())
	require.Zero(t, webexcc.MillisOf(time.Time{}))
	require.True(t, webexcc.Millis(0).Time().IsZero())
}
