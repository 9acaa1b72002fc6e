package directory

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"postroom/internal/core/tx"
	"postroom/internal/wire/address"
)

// reviveAge is how long after a deletion through us the directory may still show
// what was deleted, on a page that was read before or on another server.
const reviveAge = time.Minute

// one takes an identity over and answers what is then seen of it.
func (a *applying) one(i *todo) (Seen, error) {
	store, org := a.m.s.Store, a.m.org
	s := a.seen[i.Key]
	e := a.entries[s.Entry]
	if s.Entry == "" || e == nil {
		if a.intents[NameKey(i.Name)] { // it is being made through us, and that ends with a row; if not, heal takes it
			return Seen{Org: org, Key: i.Key, Kind: i.Kind, Wanted: i.Name}, nil
		}
		if fault := a.idFault(i); fault != "" {
			return Seen{Org: org, Key: i.Key, Kind: i.Kind, Fault: fault}, nil
		}
		e = a.entries[i.Entry] // made through us, or before a crash
	}
	was := s
	s = Seen{Org: org, Key: i.Key, Kind: i.Kind, Hash: i.sum, Members: was.Members, Hidden: i.Hidden, Mail: i.Mail}
	var faults []string
	fresh := e == nil
	if fresh {
		e = a.newEntry(i)
	}
	byMirror := e.Dir == DirGone && e.DeletedAt.Equal(e.GoneAt) // see goneOne
	if e.State == Deleted && !byMirror && a.m.s.Clock.Now().Sub(e.DeletedAt) < reviveAge {
		return Seen{Org: org, Key: i.Key, Kind: i.Kind, Again: true}, nil
	}
	s.Entry = e.ID
	before := *e
	e.Key = i.Key
	note := changes{}
	var err error
	if s.Wanted, err = a.name(e, i.Name, &note); err != nil {
		return s, err
	}
	if i.Fault != "" {
		faults = append(faults, i.Fault)
	}
	if s.Wanted != "" {
		faults = append(faults, a.nameFault(s.Wanted))
	}
	a.fields(e, i, was.Hash == "" || was.Hidden != i.Hidden, &note)
	if fault := a.states(e, i, &note); fault != "" {
		faults = append(faults, fault)
	}
	if err := a.returned(e, &before); err != nil {
		return s, err
	}
	if fresh {
		a.entries[e.ID] = e
		a.made = append(a.made, e)
	}
	changed, fault, err := a.addresses(e, i.Addresses, fresh, &note)
	if err != nil {
		return s, err
	}
	if fault != "" {
		faults = append(faults, fault)
	}
	if !fresh && (*e != before || changed) {
		e.Revision++
		if err := store.Update(a.t, e); err != nil {
			return s, err
		}
		if err := a.m.v.record(a.t, e, note.String()); err != nil {
			return s, err
		}
	}
	if e.Version != before.Version && !fresh {
		a.m.s.revoked(a.t, org, e.ID)
	}
	s.Fault = strings.Join(faults, " ")
	return s, nil
}

// changes gathers what a record says.
type changes []string

func (c *changes) add(format string, args ...any) { *c = append(*c, fmt.Sprintf(format, args...)) }

func (c changes) String() string { return "in the directory: " + strings.Join(c, ", ") }

// idFault says why an identity cannot become an entry.
func (a *applying) idFault(i *todo) string {
	if i.Fault != "" && (i.Name == "" || i.Entry == "") {
		return i.Fault
	}
	if len(i.Entry) < minID || len(i.Entry) > 256 || !searchable(string(i.Entry)) {
		return fmt.Sprintf("%s has no identifier in the directory that can be used here (12 to 256 characters).", i.Name)
	}
	if e := a.entries[i.Entry]; e != nil && e.Key != i.Key {
		return fmt.Sprintf("%s cannot be shown: its identifier %s belongs to the %s %s here. Delete that one.", i.Name, i.Entry, e.Kind.word(), e.Name)
	}
	return ""
}

func (a *applying) newEntry(i *todo) *Entry {
	e := &Entry{Org: a.m.org, ID: i.Entry, Kind: i.Kind, State: Disabled, Dir: DirActive, Created: a.m.s.Clock.Now(), Version: 1, Revision: 1, GrantsRevision: 1}
	if e.Kind == KindUser {
		e.Role = RoleUser
	}
	return e
}

// name gives an entry the name that it has in the directory, and answers it where
// another has it: then the entry has none.
func (a *applying) name(e *Entry, name string, note *changes) (wanted string, err error) {
	key, old := NameKey(name), NameKey(e.Name)
	holder := a.names[key]
	switch {
	case key == "":
		wanted, name = "", ""
	case e.Name == name && e.State != Deleted:
		return "", nil
	case key == old && e.State != Deleted: // other capitals
	case a.intents[key]:
		wanted, name = name, ""
	case holder != nil && holder.ID != e.ID && holder.Dir == DirGone:
		delete(a.names, key)
		if err := a.m.v.releaseName(a.t, holder); err != nil {
			return "", err
		}
	case holder != nil && holder.ID != e.ID:
		wanted, name = name, ""
	}
	if e.Name != name {
		note.add("name %s", strconv.Quote(name))
		if a.names[old] == e {
			delete(a.names, old)
		}
		e.Name = name
	}
	if name != "" {
		a.names[key] = e
	}
	return wanted, nil
}

// releaseName lets another have the name of an entry that is no longer in its
// directory. Should it return, it looks for a name again.
func (v *View) releaseName(t *tx.Tx, e *Entry) error {
	was := e.Name
	e.Name = ""
	e.Revision++
	if err := v.s.Store.Update(t, e); err != nil {
		return err
	}
	return v.record(t, e, "its name "+was+" is another's now")
}

func (a *applying) nameFault(name string) string {
	who := "an entry that is being made"
	if e := a.names[NameKey(name)]; e != nil {
		who = "the " + e.Kind.word() + " " + string(e.ID)
	}
	return fmt.Sprintf("The name %s is taken by %s, so it has no name here and is found by its identifier. Give one of the two another name.", name, who)
}

// fields takes over names and details. What the directory does not hide may be
// hidden here; it is taken over when it changes there.
func (a *applying) fields(e *Entry, i *todo, hidden bool, note *changes) {
	if e.DisplayName != i.DisplayName {
		e.DisplayName = i.DisplayName
		note.add("%s", isNow("display name", e.DisplayName))
	}
	if e.Details != i.Details {
		e.Details = i.Details
		note.add("details")
	}
	if e.UPN != i.UPN {
		e.UPN = i.UPN
		note.add("user principal name %s", strconv.Quote(i.UPN))
	}
	if hidden && e.Hidden != i.Hidden {
		e.Hidden = i.Hidden
		note.add("hidden %v", i.Hidden)
	}
}

// states takes over what the directory says of an account, and answers the fault
// of one that must not have a mailbox and has.
func (a *applying) states(e *Entry, i *todo, note *changes) (fault string) {
	now, dir := a.m.s.Clock.Now(), i.State
	if e.State == Deleted { // it was deleted here, and is there again
		e.State, e.DisabledAt, e.DeletedAt = Disabled, e.DeletedAt, time.Time{}
		e.Version++
		note.add("it is there again")
	}
	if e.Kind == KindUser {
		switch {
		case i.System && e.Role != RoleSystemUser:
			e.Role = RoleSystemUser
			e.Version++
			note.add("it is an account of the directory itself")
		case !i.System && e.Role == RoleSystemUser:
			e.Role = RoleUser
			e.Version++
			note.add("it is an ordinary account")
		}
		if i.System && e.State == Enabled {
			dir = DirDisabled
			fault = fmt.Sprintf("%s has become an account of the directory itself, which cannot have a mailbox. It was locked out; its mailbox is kept. Make it an ordinary account again, or deregister it.", i.Name)
		}
	}
	if e.Dir != dir {
		note.add("%s", dir)
		e.Dir = dir
		e.Version++
	}
	if e.Dir != DirGone {
		e.GoneAt = time.Time{}
	}
	if e.PasswordSet != i.PasswordSet && !earlier(i.PasswordSet, e.PasswordSet) {
		if e.PasswordSet != "" {
			e.passwordChanged(a.m.before, now, a.m.s.proven(e.Org, e.ID, a.m.before))
			e.Version++
			note.add("the password was changed")
		}
		e.PasswordSet = i.PasswordSet
	}
	return fault
}

// returned tells who keeps the mailbox of an entry that came back.
func (a *applying) returned(e, before *Entry) error {
	if before.Dir != DirGone || e.Dir == DirGone || e.State != Enabled || e.Mailbox == 0 {
		return nil
	}
	return a.m.c.Back.run(a.t, e)
}

// addresses makes aliases of what the directory names and takes away what it no
// longer does. Those that an administrator made stay.
func (a *applying) addresses(e *Entry, list []Address, fresh bool, note *changes) (changed bool, fault string, err error) {
	ctx, store, org := a.t.Context(), a.m.s.Store, a.m.org
	want, order := wantedAddresses(e, list)
	has := map[string]MirroredAddress{}
	if !fresh {
		rows, err := store.MirroredAddresses(ctx, a.t, org, e.ID)
		if err != nil {
			return false, "", err
		}
		for _, r := range rows {
			has[r.Key] = r
			if _, ok := want[r.Key]; ok {
				continue
			}
			if r.Given && r.Key != EmailKey(e.Email) {
				if err := store.DeleteAddress(a.t, org, e.ID, r.Key); err != nil {
					return false, "", err
				}
				changed = true
				note.add("no address %s", r.Text)
			}
			if err := store.DeleteMirroredAddress(a.t, org, e.ID, r.Key); err != nil {
				return false, "", err
			}
		}
	}
	var taken []string
	for _, key := range order {
		r := want[key]
		had, known := has[key]
		r.Given = had.Given
		if r.Domain == "" || a.verified(r.Domain) {
			given, mine, err := a.give(r)
			if err != nil {
				return false, "", err
			}
			if given {
				changed, r.Given = true, true
				note.add("address %s", r.Text)
			} else if !mine {
				r.Given = false
				taken = append(taken, r.Text)
			}
		}
		if known && r == had {
			continue
		}
		a.named = append(a.named, r)
	}
	if len(taken) > 0 {
		fault = fmt.Sprintf("%s: another user, group or resource here has this address already.", strings.Join(taken, ", "))
	}
	return changed, fault, nil
}

// wantedAddresses are those that a directory names, each once, at most MaxAliases of a kind.
func wantedAddresses(e *Entry, list []Address) (want map[string]MirroredAddress, order []string) {
	want = map[string]MirroredAddress{}
	count := map[AddressKind]int{}
	for _, x := range list {
		r := MirroredAddress{Org: e.Org, Entry: e.ID, Text: x.Text}
		if x.Kind == X500 {
			r.Key = address.Fold(line(x.Text, 1024))
		} else if p, err := parseEmail("directory.Mirror", x.Text); err == nil {
			r.Key, r.Domain = p.Key(), address.DomainKey(p.Domain)
		}
		if _, twice := want[r.Key]; twice || r.Key == "" || !searchable(r.Text) || count[x.Kind] >= MaxAliases {
			continue
		}
		count[x.Kind]++
		want[r.Key] = r
		order = append(order, r.Key)
	}
	return want, order
}

// give makes an address the entry's where nobody holds it; mine tells that the
// entry holds it already.
func (a *applying) give(r MirroredAddress) (given, mine bool, err error) {
	ctx, store := a.t.Context(), a.m.s.Store
	holder, found, err := store.Holder(ctx, a.t, a.m.org, r.Key)
	if err != nil || found && holder.Entry == r.Entry {
		return false, true, err
	}
	if found {
		other, found, err := store.Entry(ctx, a.t, a.m.org, holder.Entry)
		if err != nil || !found || other.Dir != DirGone {
			return false, false, err
		}
		if same := a.entries[other.ID]; same != nil {
			return false, false, nil // it is at work in this Write; the next turn takes it
		}
		if err := a.m.v.lose(a.t, &other, holder); err != nil {
			return false, false, err
		}
	}
	kind := SMTP
	if r.Domain == "" {
		kind = X500
	}
	return true, true, store.PutAddress(a.t, Address{Org: r.Org, Entry: r.Entry, Kind: kind, Key: r.Key, Text: r.Text, Held: true})
}

// earlier tells whether a password was set before another, where the texts are
// times: a page that was read before a reset, or a server that lags behind, tells
// of a password that is over.
func earlier(a, b string) bool {
	return len(a) == len(b) && len(a) >= 14 && digits(a) && digits(b) && a < b
}

func digits(s string) bool {
	return !strings.ContainsFunc(strings.TrimSuffix(s, "Z"), func(r rune) bool { return r < '0' || r > '9' })
}
