package app

import (
	"context"
	"crypto/hmac"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
)

// A store has one master key for its whole life. STORE holds an HMAC under it,
// so that another key is noticed at the start and not by the first user whose
// mail does not open, and a backup under another key is not made.

// openKey reads the master key, or makes it with the store.
func (a *App) openKey() (key [32]byte, err error) {
	_, err = os.Stat(filepath.Join(a.Config.Data, storeMark))
	fresh := errors.Is(err, fs.ErrNotExist)
	if key, a.MasterKeyMade, err = masterKey(a.Config.MasterKey, fresh); err != nil {
		return key, err
	}
	check := hmacOf(key, storeKey)
	a.proven = a.keyCheck == check
	if a.keyCheck != "" && !a.proven {
		return key, wrongKey(a.Config.MasterKey)
	}
	a.keyCheck = check
	if !fresh {
		return key, nil
	}
	return key, writeMark(a.Config.Data, nil, check)
}

func wrongKey(file string) error {
	return errs.Say("app.MasterKey", errs.Config, errs.Storage,
		"The master key %s is not the one that this store was made under: no message could be opened. Nothing was changed. Put your copy of the right key there.", file)
}

// proveKey opens an organization's key where the mark could not tell: a store of
// an older version, or PostgreSQL that other machines use too. One that opens is
// enough, so that one damaged row stops nothing.
func (a *App) proveKey(ctx context.Context) error {
	if a.proven {
		return nil
	}
	for _, r := range a.Regions {
		list, _, err := r.Orgs.List(ctx, ids.Org(""), 100)
		if err != nil {
			return err
		}
		opened := len(list) == 0
		for _, o := range list {
			_, err := r.Keys.Wrap(ctx, o.ID, [32]byte{})
			var e *errs.Error
			if err != nil && !(errors.As(err, &e) && e.Op == "org.key") {
				return err
			}
			if opened = err == nil; opened {
				break
			}
		}
		if opened {
			continue
		}
		if a.MasterKeyMade { // for a database that has another
			return errors.Join(errs.Say("app.MasterKey", errs.Config, errs.Storage,
				"The database has organizations whose master key is another than %s, which this start made and removed again. Put a copy of theirs there.", a.Config.MasterKey),
				os.Remove(a.Config.MasterKey), os.Remove(filepath.Join(a.Config.Data, storeMark)))
		}
		return wrongKey(a.Config.MasterKey)
	}
	return nil
}

// CheckKey compares a master key's file with the store in the configuration's data folder.
// known is false where the store is not made yet, or an older version's that has
// not been started since.
func CheckKey(c Config) (known bool, err error) {
	_, check, err := readMark(c.Data)
	if err != nil {
		return false, err
	}
	key, _, err := masterKey(c.MasterKey, false)
	if err != nil || check == "" {
		return false, err
	}
	if !hmac.Equal([]byte(check), []byte(hmacOf(key, storeKey))) {
		return true, wrongKey(c.MasterKey)
	}
	return true, nil
}
