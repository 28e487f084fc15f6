package callingext_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/callingext"
)

func TestPipeHonoursTheTargetOrigin(t *testing.T) {
	t.Parallel()
	a, b := callingext.Pipe(hubspot, phone)
	for _, target := range []string{"https://evil.example", "http://phone.example", "https://phone.example:444", "https://x.phone.example"} {
		require.NoError(t, a.Post(target, []byte(`"lost"`)))
	}
	require.Error(t, a.Post("", []byte(`"lost"`)))
	require.Error(t, a.Post("phone.example", []byte(`"lost"`)))
	require.NoError(t, a.Post(phone, []byte(`1`)))
	require.NoError(t, a.Post("*", []byte(`2`)))
	require.NoError(t, a.Post(phone+":443", []byte(`3`)))

	for _, want := range []string{"1", "2", "3"} {
		in, err := b.Receive(t.Context())
		require.NoError(t, err)
		assert.Equal(t, callingext.Inbound{Data: []byte(want), Origin: hubspot, FromPeer: true}, in)
	}
}

func TestPipeKeepsOrderAndItsOwnCopy(t *testing.T) {
	t.Parallel()
	a, b := callingext.Pipe(hubspot, phone)
	buffer := []byte("0")
	var reader sync.WaitGroup
	reader.Go(func() {
		for i := range 10000 {
			in, err := b.Receive(t.Context())
			if !assert.NoError(t, err) || !assert.Equal(t, byte('0'+i%10), in.Data[0]) {
				return
			}
		}
	})

	for i := range 10000 {
		buffer[0] = byte('0' + i%10)
		require.NoError(t, a.Post(phone, buffer))
	}

	reader.Wait()
}

func TestPipeServesSeveralReaders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, b := callingext.Pipe(hubspot, phone)
		var readers sync.WaitGroup
		for range 10 {
			readers.Go(func() {
				_, err := b.Receive(t.Context())
				assert.NoError(t, err)
			})
		}
		synctest.Wait()

		for range 10 {
			require.NoError(t, a.Post(phone, []byte("1")))
		}

		readers.Wait()
	})
}

func TestPipeEndsWithItsContext(t *testing.T) {
	t.Parallel()
	a, b := callingext.Pipe(hubspot, phone)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := b.Receive(ctx)
		ended <- err
	}()
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	require.NoError(t, a.Post(phone, []byte("1")))

	_, err := b.Receive(ctx)

	require.ErrorIs(t, err, context.Canceled, "also with something to read")
}
