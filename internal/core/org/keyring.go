package org

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"sync"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
)

// MasterKeyring is the Keyring whose master key is a file of 32 bytes. Each
// organization's key is random and lies in its row, sealed under the master key
// with the organization's id, so that a row moved to another tenant opens nothing.
type MasterKeyring struct {
	master cipher.AEAD
	marks  []byte // key of MAC
	orgs   Store

	mu   sync.RWMutex
	open map[ids.Org]cipher.AEAD
}

// NewMasterKeyring makes the Keyring of a region.
func NewMasterKeyring(master [32]byte, orgs Store) *MasterKeyring {
	marks, err := hkdf.Key(sha256.New, master[:], nil, "postroom region marks v1", sha256.Size)
	if err != nil {
		panic(err) // the length is right
	}
	return &MasterKeyring{master: aead(master[:]), marks: marks, orgs: orgs, open: map[ids.Org]cipher.AEAD{}}
}

func aead(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // the length is right by type
	}
	a, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return a
}

// NewOrgKey makes a key for an organization that is being made.
func (k *MasterKeyring) NewOrgKey(org ids.Org) ([]byte, error) {
	var key [32]byte
	rand.Read(key[:])
	return k.master.Seal(nil, nil, key[:], []byte(org)), nil
}

// Seal seals a secret under the master key; about says whose it is, and only with
// the same about it opens. It never begins as an organization's id does.
func (k *MasterKeyring) Seal(about string, plain []byte) []byte {
	return k.master.Seal(nil, nil, plain, []byte(about))
}

// Open opens what Seal sealed.
func (k *MasterKeyring) Open(about string, sealed []byte) ([]byte, error) {
	plain, err := k.master.Open(nil, nil, sealed, []byte(about))
	if err != nil {
		return nil, errs.E("org.Open", errs.Internal, errs.Storage,
			errors.Join(errors.New("a sealed secret does not open: is this the right master key?"), err))
	}
	return plain, nil
}

// MAC is a mark of data that only who has the master key can make.
func (k *MasterKeyring) MAC(about string, data []byte) []byte {
	m := hmac.New(sha256.New, k.marks)
	m.Write(binary.BigEndian.AppendUint32(nil, uint32(len(about))))
	m.Write([]byte(about))
	m.Write(data)
	return m.Sum(nil)
}

// Wrap seals a data key.
func (k *MasterKeyring) Wrap(ctx context.Context, org ids.Org, dataKey [32]byte) ([]byte, error) {
	a, err := k.key(ctx, org)
	if err != nil {
		return nil, err
	}
	return a.Seal(nil, nil, dataKey[:], nil), nil
}

// Unwrap opens a data key.
func (k *MasterKeyring) Unwrap(ctx context.Context, org ids.Org, wrapped []byte) (key [32]byte, err error) {
	a, err := k.key(ctx, org)
	if err != nil {
		return key, err
	}
	plain, err := a.Open(nil, nil, wrapped, nil)
	if err != nil || len(plain) != len(key) {
		return key, errs.E("org.Unwrap", errs.Internal, errs.Storage, errors.Join(errors.New("a data key does not open under its organization's key"), err))
	}
	copy(key[:], plain)
	return key, nil
}

// Forget drops what is held of a deleted organization's key.
func (k *MasterKeyring) Forget(org ids.Org) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.open, org)
}

func (k *MasterKeyring) key(ctx context.Context, org ids.Org) (cipher.AEAD, error) {
	k.mu.RLock()
	a := k.open[org]
	k.mu.RUnlock()
	if a != nil {
		return a, nil
	}
	o, found, err := k.orgs.Organization(ctx, nil, org)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, errs.E("org.key", errs.NotFound, errs.Organization, nil)
	}
	plain, err := k.master.Open(nil, nil, o.Key, []byte(org))
	if err != nil {
		return nil, errs.E("org.key", errs.Internal, errs.Storage,
			errors.Join(errors.New("the organization's key does not open: is this the right master key?"), err))
	}
	a = aead(plain)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.open[org] = a
	return a, nil
}
