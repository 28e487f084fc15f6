package tokens

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// ErrSealed says that a stored token cannot be opened: its key is not among
// the configured ones, or the row was tampered with.
var ErrSealed = errors.New("tokens: sealed with an unknown key or damaged")

// A Key seals tokens.
type Key struct {
	ID     string // Required. Short, without a dot; stored beside what it sealed.
	Secret []byte // Required. 32 random bytes.
}

type keyring struct {
	first string
	keys  map[string]cipher.AEAD
}

func newKeyring(keys []Key) (keyring, error) {
	if len(keys) == 0 {
		return keyring{}, errors.New("tokens: at least one key is required")
	}
	ring := keyring{first: keys[0].ID, keys: make(map[string]cipher.AEAD, len(keys))}
	for _, k := range keys {
		if k.ID == "" || strings.Contains(k.ID, ".") {
			return keyring{}, fmt.Errorf("tokens: key id %q: want a short name without a dot", k.ID)
		}
		if len(k.Secret) != 32 {
			return keyring{}, fmt.Errorf("tokens: key %s: want 32 bytes, got %d", k.ID, len(k.Secret))
		}
		if _, ok := ring.keys[k.ID]; ok {
			return keyring{}, fmt.Errorf("tokens: key id %s is used twice", k.ID)
		}
		block, err := aes.NewCipher(k.Secret)
		if err != nil {
			return keyring{}, fmt.Errorf("tokens: key %s: %w", k.ID, err)
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return keyring{}, fmt.Errorf("tokens: key %s: %w", k.ID, err)
		}
		ring.keys[k.ID] = aead
	}
	return ring, nil
}

// content is what lies under the seal.
type content struct {
	Access  string `json:"a"`
	Refresh string `json:"r,omitempty"`
	Type    string `json:"t,omitempty"`
	Expiry  int64  `json:"e,omitempty"` // ms, 0 never.
}

// seal returns "<key id>.<base64 of nonce and ciphertext>".
func (s *Store) seal(id string, t oauth2.Token) (string, error) {
	c := content{Access: t.AccessToken, Refresh: t.RefreshToken, Type: t.TokenType}
	if !t.Expiry.IsZero() {
		c.Expiry = t.Expiry.UnixMilli()
	}
	plain, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("tokens: seal: %w", err)
	}
	aead := s.ring.keys[s.ring.first]
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		return "", fmt.Errorf("tokens: seal: %w", err)
	}
	sealed := aead.Seal(nonce, nonce, plain, []byte(id))
	return s.ring.first + "." + base64.RawStdEncoding.EncodeToString(sealed), nil
}

func (s *Store) unseal(id, sealed string) (oauth2.Token, error) {
	keyID, text, _ := strings.Cut(sealed, ".")
	aead, ok := s.ring.keys[keyID]
	if !ok {
		return oauth2.Token{}, ErrSealed
	}
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(raw) < aead.NonceSize() {
		return oauth2.Token{}, ErrSealed
	}
	plain, err := aead.Open(nil, raw[:aead.NonceSize()], raw[aead.NonceSize():], []byte(id))
	if err != nil {
		return oauth2.Token{}, ErrSealed
	}
	var c content
	if err := json.Unmarshal(plain, &c); err != nil {
		return oauth2.Token{}, ErrSealed
	}
	t := oauth2.Token{AccessToken: c.Access, RefreshToken: c.Refresh, TokenType: c.Type}
	if c.Expiry != 0 {
		t.Expiry = time.UnixMilli(c.Expiry)
	}
	return t, nil
}
