package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"

	"postroom/internal/base/errs"
)

// Sealer encrypts secrets that must be read again, such as those of access
// keys. about binds a sealed text to its row.
type Sealer interface {
	Seal(about string, plain []byte) ([]byte, error)
	Open(about string, sealed []byte) ([]byte, error)
}

// NewSealer seals by AES-256-GCM under a key derived from the master key.
func NewSealer(master []byte) (Sealer, error) {
	if len(master) < 32 {
		return nil, errs.Say("auth.NewSealer", errs.Config, errs.Storage, "The master key has fewer than 32 bytes.")
	}
	key, err := hkdf.Key(sha256.New, master, nil, "postroom auth secrets v1", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return gcm{aead}, nil
}

// PepperOf derives the password pepper from the master key, for NewHasher.
func PepperOf(master []byte) ([]byte, error) {
	return hkdf.Key(sha256.New, master, nil, "postroom password pepper v1", 32)
}

type gcm struct{ aead cipher.AEAD }

func (g gcm) Seal(about string, plain []byte) ([]byte, error) {
	return g.aead.Seal(nil, nil, plain, []byte(about)), nil
}

func (g gcm) Open(about string, sealed []byte) ([]byte, error) {
	plain, err := g.aead.Open(nil, nil, sealed, []byte(about))
	if err != nil {
		return nil, errs.E("auth.Open", errs.Internal, errs.Storage, errors.Join(errors.New("a sealed secret does not open: is this the master key that it was sealed under?"), err))
	}
	return plain, nil
}
