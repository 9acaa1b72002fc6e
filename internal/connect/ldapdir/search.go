package ldapdir

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"
)

const (
	pageSize = 512    // each with 1,500 members fits into maxExchange
	maxPages = 50_000 // 12 million entries: a server that never ends is one that loops
)

// Controls of Active Directory (MS-ADTS 3.1.1.3.4.1).
const (
	controlExtendedDN   = "1.2.840.113556.1.4.529"
	controlShowDeleted  = "1.2.840.113556.1.4.417"
	controlNotification = "1.2.840.113556.1.4.528"
)

// extendedDN asks for <GUID=…>;<SID=…>;DN in string form: SEQUENCE { INTEGER 1 }.
var extendedDN = ldap.NewControlString(controlExtendedDN, true, "\x30\x03\x02\x01\x01")

// query is a search. Referrals are never followed: what they name is no part of this directory.
type query struct {
	base     string
	scope    int
	filter   string
	limit    int
	attrs    []string
	controls []ldap.Control
}

func (q *query) request(extra ...ldap.Control) *ldap.SearchRequest {
	attrs := q.attrs
	if len(attrs) == 0 {
		attrs = []string{"1.1"} // RFC 4511 §4.5.1.8: none
	}
	return ldap.NewSearchRequest(q.base, q.scope, ldap.NeverDerefAliases, q.limit, 0, false, q.filter, attrs, append(extra, q.controls...))
}

// base reads one entry by its DN.
func (s *session) base(ctx context.Context, dn string, attrs ...string) (*ldap.Entry, error) {
	return s.one(ctx, query{base: dn, scope: ldap.ScopeBaseObject, filter: "(objectClass=*)", attrs: attrs})
}

// one reads the only entry that a query answers; none and several are noSuchObject.
func (s *session) one(ctx context.Context, q query) (*ldap.Entry, error) {
	list, err := s.search(ctx, q)
	if err == nil && len(list) != 1 {
		err = ldap.NewError(ldap.LDAPResultNoSuchObject, fmt.Errorf("%d entries", len(list)))
	}
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// search answers few entries.
func (s *session) search(ctx context.Context, q query) ([]*ldap.Entry, error) {
	r, err := s.ask(ctx, operationTime, q.request())
	if err != nil {
		return nil, err
	}
	return r.Entries, nil
}

// ask runs one search; another one on the session waits for it.
func (s *session) ask(ctx context.Context, within time.Duration, q *ldap.SearchRequest) (r *ldap.SearchResult, err error) {
	s.asking.Lock()
	defer s.asking.Unlock()
	s.found.begin()
	err = s.do(ctx, within, func() (err error) {
		r, err = s.conn.Search(q)
		return err
	})
	if list := s.found.end(); err == nil {
		r.Entries = list
	}
	return r, err
}

// answer is that of ask.
type answer struct {
	*ldap.SearchResult
	err error
}

// pages hands over all entries in pages (RFC 2696), each while the server makes
// the next. A server that gives the same page again, or pages without end, is an error.
func (s *session) pages(ctx context.Context, q query, page func([]*ldap.Entry) error) error {
	paging := ldap.NewControlPaging(pageSize)
	next := make(chan answer, 1)
	ask := func() {
		r, err := s.ask(ctx, pageTime, q.request(paging))
		next <- answer{r, err}
	}
	go ask()
	first, empty := "", 0
	for range maxPages {
		r := <-next
		if r.err != nil {
			return r.err
		}
		if len(r.Entries) == 0 {
			empty++
		} else if dn := r.Entries[0].DN; dn == first {
			return fmt.Errorf("ldapdir: the server gives the page that begins with %q again", clip(dn, 100))
		} else {
			first, empty = dn, 0
		}
		if empty > 100 {
			return fmt.Errorf("ldapdir: the server gives empty pages without end")
		}
		more, _ := ldap.FindControl(r.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging)
		last := more == nil || len(more.Cookie) == 0
		if !last {
			paging.SetCookie(more.Cookie)
			go ask()
		}
		if len(r.Entries) > 0 {
			if err := page(r.Entries); err != nil {
				if !last {
					<-next // the session is used by nobody when it is given back
				}
				return err
			}
		}
		if last {
			return nil
		}
	}
	<-next
	return fmt.Errorf("ldapdir: the server gives pages without end")
}

// equal is a filter of equality; the value may be anything.
func equal(attribute, value string) string {
	return "(" + attribute + "=" + ldap.EscapeFilter(value) + ")"
}

// anyOf joins filters by or.
func anyOf(filters []string) string { return "(|" + strings.Join(filters, "") + ")" }

func value(e *ldap.Entry, attribute string) string { return e.GetEqualFoldAttributeValue(attribute) }

// clip shortens a text to at most n runes.
func clip(text string, n int) string {
	count := 0
	for i := range text {
		if count++; count > n {
			return text[:i]
		}
	}
	return text
}
