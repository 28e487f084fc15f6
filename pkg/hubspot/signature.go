package hubspot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of a request that HubSpot has signed.
const (
	SignatureHeader = "X-HubSpot-Signature-v3"
	TimestampHeader = "X-HubSpot-Request-Timestamp" // ms since 1970.
)

// SignatureLife is how old a signed request may be.
const SignatureLife = 5 * time.Minute

// ErrSignature says that a request is not HubSpot's, or too old to tell.
var ErrSignature = errors.New("hubspot: the signature is not valid")

// unescaped are the escapes that HubSpot writes out before it signs an address.
// It documents capital hex digits; small ones mean the same.
var unescaped = strings.NewReplacer(
	"%3A", ":", "%3a", ":", "%2F", "/", "%2f", "/", "%3F", "?", "%3f", "?", "%40", "@", "%21", "!", "%24", "$",
	"%27", "'", "%28", "(", "%29", ")", "%2A", "*", "%2a", "*", "%2C", ",", "%2c", ",", "%3B", ";", "%3b", ";",
)

// Sign is the version 3 signature of a request: the base64 of an HMAC-SHA256
// under the app's client secret. URI is the whole address as HubSpot called it,
// timestamp what [TimestampHeader] says.
//
// https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation
func Sign(secret, method, uri string, body []byte, timestamp string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	for _, part := range []string{method, unescaped.Replace(uri), string(body), timestamp} {
		mac.Write([]byte(part))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Verify returns [ErrSignature] unless the request was signed with secret and
// not longer than [SignatureLife] ago. URI must come from configuration, not
// from a header that whoever calls may choose. An empty secret verifies nothing.
func Verify(secret, method, uri string, body []byte, header http.Header, now time.Time) error {
	stamp := header.Get(TimestampHeader)
	ms, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || secret == "" {
		return ErrSignature
	}
	// A clock of ours that is behind must not refuse everything.
	if age := now.Sub(time.UnixMilli(ms)); age > SignatureLife || age < -SignatureLife {
		return ErrSignature
	}
	want := Sign(secret, method, uri, body, stamp)
	if !hmac.Equal([]byte(want), []byte(header.Get(SignatureHeader))) {
		return ErrSignature
	}
	return nil
}
