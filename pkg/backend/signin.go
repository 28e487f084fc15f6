package backend

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"io"
)

// SignInMessage is the type of the message that the sign-in window posts to
// its opener, at our own origin only: {"type": SignInMessage, "code": "…"}.
const SignInMessage = "deskbridge:signin"

// NewVerifier returns a fresh secret for one sign-in, from 32 bytes of random,
// which is crypto/rand's Reader outside tests.
func NewVerifier(random io.Reader) (string, error) {
	secret := make([]byte, 32)
	if _, err := io.ReadFull(random, secret); err != nil {
		return "", fmt.Errorf("backend: new verifier: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(secret), nil
}

// Challenge is the S256 challenge of a verifier (RFC 7636).
func Challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// ShortCode is what panel and sign-in window show each other to a person when
// the window has lost its opener: four letters or digits, the same on both
// sides for the same challenge.
func ShortCode(challenge string) string {
	sum := sha256.Sum256([]byte(challenge))
	return base32.StdEncoding.EncodeToString(sum[:])[:4]
}
