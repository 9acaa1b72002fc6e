package directory

import (
	"context"
	"fmt"
	"strings"

	"postroom/internal/base/ids"
	"postroom/internal/core/org"
)

// RefreshNames makes the names that people of an organization sign in with what
// its foreign directory says that they are.
func (s *Service) RefreshNames(ctx context.Context, id ids.Org) error {
	of, err := s.directoryOf(ctx, nil, id)
	if err != nil || of == "" {
		return err
	}
	f, err := s.foreign(ctx, of)
	if err != nil {
		return err
	}
	names, err := f.Names(ctx)
	if err != nil {
		return err
	}
	if _, err := s.Orgs.Serving(ctx, nil, id); err != nil { // what a deletion took away does not come back
		return err
	}
	list := []org.SignInName{{Kind: org.ClaimNetBIOS, Name: names.NetBIOS}}
	for _, suffix := range names.Suffixes {
		list = append(list, org.SignInName{Kind: org.ClaimSuffix, Name: suffix})
	}
	if err := s.Orgs.Claims.Bring(ctx, id, s.Orgs.Region, list); err != nil {
		return err
	}
	return s.tellLost(ctx, id)
}

// tellLost tells the log of names that do not count, once until they are others.
func (s *Service) tellLost(ctx context.Context, id ids.Org) error {
	lost, err := s.lostNames(ctx, id)
	if err != nil {
		return err
	}
	var texts []string
	for _, f := range lost {
		texts = append(texts, f.Text)
	}
	now := strings.Join(texts, " ")
	if was, _ := s.lost.Swap(id, now); was != now && now != "" {
		s.Log.WarnContext(ctx, "names that a directory brings do not count at sign-in", "org", id, "why", now)
	}
	return nil
}

// lostNames are the faults of names that a directory brings for sign-in. Whose
// else they are is not this organization's to know.
func (s *Service) lostNames(ctx context.Context, id ids.Org) ([]SyncFault, error) {
	lost, err := s.Orgs.Claims.LostNames(ctx, id)
	var list []SyncFault
	for _, n := range lost {
		what, taken, instead := "The UPN suffix", "is a mail domain of another organization", "people sign in with their address"
		if n.Kind == org.ClaimNetBIOS {
			what, taken, instead = "The NetBIOS name", "is the alias of another organization", `people sign in with their address, or with the organization's alias before the \`
		}
		if !n.Claimed {
			taken = "is brought by the directory of another organization too"
		}
		list = append(list, SyncFault{Name: n.Name, Text: fmt.Sprintf("%s %s %s: %s.", what, n.Name, taken, instead)})
	}
	return list, err
}
