package org

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"postroom/internal/base/errs"
	"postroom/internal/core/tx"
)

// MaxTags of an organization.
const MaxTags = 50

// Tag is a label of an organization.
type Tag struct{ Key, Value string }

// Tags answers all, in order of key, and the organization's revision before they were read.
func (v *View) Tags(ctx context.Context) ([]Tag, int64, error) {
	o, err := v.s.Serving(ctx, nil, v.org)
	if err != nil {
		return nil, 0, err
	}
	list, err := v.s.Store.Tags(ctx, nil, v.org)
	return list, o.Revision, err
}

// UpdateTags removes tags by key, then adds others and overwrites those with the
// same key, all in one Write. Unknown keys are no error; errs.Limit, Tags where
// more than MaxTags would be left. They are part of the organization: what
// changes them raises its revision.
func (v *View) UpdateTags(ctx context.Context, remove []string, put []Tag) error {
	const op = "org.UpdateTags"
	if err := checkTags(op, remove, put); err != nil {
		return err
	}
	return v.write(ctx, string(v.org), "", func(t *tx.Tx, o *Organization) (string, error) {
		if err := v.match(o.Revision); err != nil {
			return "", err
		}
		list, err := v.s.Store.Tags(ctx, t, v.org)
		if err != nil {
			return "", err
		}
		has, left := map[string]string{}, map[string]string{}
		for _, g := range list {
			has[g.Key], left[g.Key] = g.Value, g.Value
		}
		for _, k := range remove {
			delete(left, k)
		}
		for _, g := range put {
			left[g.Key] = g.Value
		}
		if len(left) > MaxTags {
			return "", errs.Say(op, errs.Limit, errs.Tags, "An organization has at most %d tags.", MaxTags)
		}
		changed, err := v.putTags(t, has, left)
		if err == nil && len(changed) > 0 {
			o.Revision++
			err = v.s.Store.UpdateOrganization(t, *o)
		}
		v.Revision = o.Revision
		if len(changed) == 0 {
			return "no change", err
		}
		return "tags " + strings.Join(changed, ", "), err
	})
}

// putTags writes what differs, and answers its keys in order.
func (v *View) putTags(t *tx.Tx, has, want map[string]string) ([]string, error) {
	changed := map[string]bool{}
	for k := range has {
		if _, stays := want[k]; !stays {
			changed[k] = true
			if err := v.s.Store.DeleteTag(t, v.org, k); err != nil {
				return nil, err
			}
		}
	}
	for k, value := range want {
		if old, found := has[k]; !found || old != value {
			changed[k] = true
			if err := v.s.Store.PutTag(t, v.org, Tag{k, value}); err != nil {
				return nil, err
			}
		}
	}
	return slices.Sorted(maps.Keys(changed)), nil
}

func checkTags(op string, remove []string, put []Tag) error {
	plainText := func(s string, most int) bool {
		return utf8.RuneCountInString(s) <= most && utf8.ValidString(s) && !strings.ContainsRune(s, 0)
	}
	for _, k := range remove {
		if !plainText(k, 128) {
			return errs.Say(op, errs.Invalid, errs.Tags, "A tag's key has 1 to 128 characters.")
		}
	}
	for _, g := range put {
		switch {
		case g.Key == "" || !plainText(g.Key, 128):
			return errs.Say(op, errs.Invalid, errs.Tags, "A tag's key has 1 to 128 characters.")
		case !plainText(g.Value, 256):
			return errs.Say(op, errs.Invalid, errs.Tags, "A tag's value has at most 256 characters.")
		case strings.HasPrefix(strings.ToLower(g.Key), "aws:"):
			return errs.Say(op, errs.Invalid, errs.Tags, "A tag's key does not begin with aws:.")
		}
	}
	return nil
}
