package org

import (
	"context"
	"strings"
	"unicode/utf8"

	"postroom/internal/base/errs"
	"postroom/internal/core/tx"
)

// MaxTags of an organization.
const MaxTags = 50

// Tag is a label of an organization.
type Tag struct{ Key, Value string }

// Tags answers all, in order of key.
func (v *View) Tags(ctx context.Context) ([]Tag, error) { return v.s.Store.Tags(ctx, nil, v.org) }

// TagResource adds tags and overwrites those with the same key; errs.Limit, Tags above 50.
func (v *View) TagResource(ctx context.Context, tags []Tag) error {
	for _, g := range tags {
		switch {
		case g.Key == "" || utf8.RuneCountInString(g.Key) > 128 || !utf8.ValidString(g.Key) || strings.ContainsRune(g.Key, 0):
			return errs.Say("org.TagResource", errs.Invalid, errs.Tags, "A tag's key has 1 to 128 characters.")
		case utf8.RuneCountInString(g.Value) > 256 || !utf8.ValidString(g.Value) || strings.ContainsRune(g.Value, 0):
			return errs.Say("org.TagResource", errs.Invalid, errs.Tags, "A tag's value has at most 256 characters.")
		case strings.HasPrefix(strings.ToLower(g.Key), "aws:"):
			return errs.Say("org.TagResource", errs.Invalid, errs.Tags, "A tag's key does not begin with aws:.")
		}
	}
	return v.write(ctx, string(v.org), "", func(t *tx.Tx, _ *Organization) (string, error) {
		has, err := v.s.Store.Tags(ctx, t, v.org)
		if err != nil {
			return "", err
		}
		all := map[string]bool{}
		for _, g := range append(has, tags...) {
			all[g.Key] = true
		}
		if len(all) > MaxTags {
			return "", errs.Say("org.TagResource", errs.Limit, errs.Tags, "An organization has at most %d tags.", MaxTags)
		}
		var keys []string
		for _, g := range tags {
			keys = append(keys, g.Key)
			if err := v.s.Store.PutTag(t, v.org, g); err != nil {
				return "", err
			}
		}
		return "tags " + strings.Join(keys, ", "), nil
	})
}

// UntagResource removes tags; unknown keys are no error.
func (v *View) UntagResource(ctx context.Context, keys []string) error {
	for _, k := range keys {
		if utf8.RuneCountInString(k) > 128 || !utf8.ValidString(k) || strings.ContainsRune(k, 0) {
			return errs.Say("org.UntagResource", errs.Invalid, errs.Tags, "A tag's key has 1 to 128 characters.")
		}
	}
	return v.write(ctx, string(v.org), "", func(t *tx.Tx, _ *Organization) (string, error) {
		for _, k := range keys {
			if err := v.s.Store.DeleteTag(t, v.org, k); err != nil {
				return "", err
			}
		}
		return "tags " + strings.Join(keys, ", "), nil
	})
}
