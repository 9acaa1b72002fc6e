package provision_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/access"
	"postroom/internal/core/audit"
	"postroom/internal/core/auth"
	"postroom/internal/core/auth/authtest"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
	"postroom/internal/core/provision"
	"postroom/internal/core/tx"
)

// stranger drives an operation of one organization with a word that may be
// another's: an id, a name, an address, a mail domain.
type stranger struct {
	name string // of the method, then what the word stands for
	call func(h *house, o *provision.Organization, word string) (any, error)
}

func only(err error) (any, error) { return nil, err }

func none(*tx.Tx, string) (bool, error)      { return false, nil }
func nothing(*tx.Tx, *directory.Entry) error { return nil }
func page[T any](list []T, next string, err error) (any, error) {
	return []any{list, next}, err
}

// In the organization that asks there are the user mine, the group ours and the
// resource room, all enabled, and the user off.
var strangers = []stranger{
	{"DescribeUser", func(h *house, o *provision.Organization, w string) (any, error) { return o.DescribeUser(h.ctx, w) }},
	{"DescribeGroup", func(h *house, o *provision.Organization, w string) (any, error) { return o.DescribeGroup(h.ctx, w) }},
	{"DescribeResource", func(h *house, o *provision.Organization, w string) (any, error) { return o.DescribeResource(h.ctx, w) }},
	{"DescribeEntity", func(h *house, o *provision.Organization, w string) (any, error) { return o.DescribeEntity(h.ctx, w) }},
	{"ListUsers", func(h *house, o *provision.Organization, _ string) (any, error) {
		return page(o.ListUsers(h.ctx, directory.Filter{}, "", 0))
	}},
	{"ListUsers/name", func(h *house, o *provision.Organization, w string) (any, error) {
		return page(o.ListUsers(h.ctx, directory.Filter{NamePrefix: w}, "", 0))
	}},
	{"ListUsers/display", func(h *house, o *provision.Organization, w string) (any, error) {
		return page(o.ListUsers(h.ctx, directory.Filter{DisplayNamePrefix: w}, "", 0))
	}},
	{"ListUsers/email", func(h *house, o *provision.Organization, w string) (any, error) {
		return page(o.ListUsers(h.ctx, directory.Filter{EmailPrefix: w}, "", 0))
	}},
	{"ListUsers/idp", func(h *house, o *provision.Organization, w string) (any, error) {
		return page(o.ListUsers(h.ctx, directory.Filter{IdPPrefix: w}, "", 0))
	}},
	{"ListUsers/behind", func(h *house, o *provision.Organization, w string) (any, error) {
		return page(o.ListUsers(h.ctx, directory.Filter{}, directory.PageToken(directory.IndexName, w, ids.Entry(w)), 0))
	}},
	{"ListGroups", func(h *house, o *provision.Organization, w string) (any, error) {
		return page(o.ListGroups(h.ctx, directory.Filter{NamePrefix: w}, "", 0))
	}},
	{"ListResources", func(h *house, o *provision.Organization, w string) (any, error) {
		return page(o.ListResources(h.ctx, directory.Filter{NamePrefix: w}, "", 0))
	}},
	{"FindUsers", func(h *house, o *provision.Organization, w string) (any, error) {
		return o.FindUsers(h.ctx, directory.Search{Query: w})
	}},
	{"FindUsers/sorted", func(h *house, o *provision.Organization, w string) (any, error) {
		return o.FindUsers(h.ctx, directory.Search{Query: w, States: []directory.State{directory.Enabled, directory.Deleted}, SortBy: directory.ByEmail})
	}},
	{"FindGroups", func(h *house, o *provision.Organization, w string) (any, error) {
		return o.FindGroups(h.ctx, directory.Search{Query: w, SortBy: directory.ByState})
	}},
	{"FindResources", func(h *house, o *provision.Organization, w string) (any, error) {
		return o.FindResources(h.ctx, directory.Search{Query: w, Descending: true})
	}},
	{"CheckEmailAddress", func(h *house, o *provision.Organization, w string) (any, error) {
		problem, holder, err := o.CheckEmailAddress(h.ctx, w)
		return []any{problem, holder}, err
	}},
	{"ProposeEmailAddresses/id", func(h *house, o *provision.Organization, w string) (any, error) {
		list, err := o.ProposeEmailAddresses(h.ctx, []ids.Entry{ids.Entry(w)}, "", "")
		return fmt.Sprintf("%+v", list), err
	}},
	{"ProposeEmailAddresses/domain", func(h *house, o *provision.Organization, w string) (any, error) {
		list, err := o.ProposeEmailAddresses(h.ctx, []ids.Entry{ids.Entry(h.id(o, "off"))}, w, "")
		return fmt.Sprintf("%+v", list), err
	}},
	{"ImportUsers", func(h *house, o *provision.Organization, w string) (any, error) { // dry: what is made would be there the next time
		list, err := o.ImportUsers(h.ctx, "import-1", []provision.ImportRow{
			{NewUser: directory.NewUser{Name: w}}, {NewUser: directory.NewUser{Name: "new"}, Email: w}, {NewUser: directory.NewUser{Name: "newer"}, Groups: []string{w}},
		}, true)
		return fmt.Sprintf("%+v", list), err
	}},
	{"ImportUsers/import", func(h *house, o *provision.Organization, w string) (any, error) {
		list, err := o.ImportUsers(h.ctx, w, []provision.ImportRow{{NewUser: directory.NewUser{Name: "new"}}}, true)
		return fmt.Sprintf("%+v", list), err
	}},
	{"TryUser", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.TryUser(h.ctx, directory.NewUser{Name: "new", DisplayName: w}))
	}},
	{"TryUser/groups", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.TryUser(h.ctx, directory.NewUser{Name: "new", DisplayName: "n", Groups: []string{w}}))
	}},
	{"UpdateUser", func(h *house, o *provision.Organization, w string) (any, error) {
		city := "Ulm"
		return o.UpdateUser(h.ctx, w, directory.UserPatch{City: &city})
	}},
	{"UpdateGroup", func(h *house, o *provision.Organization, w string) (any, error) {
		hidden := true
		return o.UpdateGroup(h.ctx, w, &hidden)
	}},
	{"UpdateResource", func(h *house, o *provision.Organization, w string) (any, error) {
		text := "x"
		return o.UpdateResource(h.ctx, w, directory.ResourcePatch{Description: &text})
	}},
	{"DeleteUser", func(h *house, o *provision.Organization, w string) (any, error) { return only(o.DeleteUser(h.ctx, w)) }},
	{"DeleteGroup", func(h *house, o *provision.Organization, w string) (any, error) { return only(o.DeleteGroup(h.ctx, w)) }},
	{"DeleteResource", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.DeleteResource(h.ctx, w))
	}},
	{"ResetPassword", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.ResetPassword(h.ctx, w, "Sesame-Open-2"))
	}},
	{"ChangePassword", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.ChangePassword(h.ctx, w, "Sesame-Open-1", "Sesame-Open-2"))
	}},
	{"PasswordPolicy", func(h *house, o *provision.Organization, w string) (any, error) { return o.PasswordPolicy(h.ctx, w) }},
	{"ForeignDirectory", func(h *house, o *provision.Organization, _ string) (any, error) { return o.ForeignDirectory(h.ctx) }},
	{"DescribeDirectorySync", func(h *house, o *provision.Organization, _ string) (any, error) {
		return o.DescribeDirectorySync(h.ctx)
	}},
	{"ConfirmDirectoryChanges", func(h *house, o *provision.Organization, _ string) (any, error) {
		return only(o.ConfirmDirectoryChanges(h.ctx, 1))
	}},
	{"SyncDirectory", func(h *house, o *provision.Organization, _ string) (any, error) { return only(o.SyncDirectory(h.ctx)) }},
	{"Writable", func(h *house, o *provision.Organization, _ string) (any, error) { return o.Writable(h.ctx), nil }},
	{"RegisterToWorkMail", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.RegisterToWorkMail(h.ctx, w, "new@asks.postroom.test"))
	}},
	{"RegisterToWorkMail/email", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.RegisterToWorkMail(h.ctx, "off", w))
	}},
	{"Registered", func(h *house, o *provision.Organization, w string) (any, error) {
		then, err := o.Registered(w, nothing)
		if err == nil {
			_, err = o.CreateGroup(h.ctx, directory.NewGroup{Name: "new"}, then)
		}
		return only(err)
	}},
	{"CreateUser/email", func(h *house, o *provision.Organization, w string) (any, error) {
		_, err := o.CreateUser(h.ctx, directory.NewUser{Name: "new", DisplayName: "n", Email: w}, nothing)
		return only(err)
	}},
	{"DeregisterFromWorkMail", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.DeregisterFromWorkMail(h.ctx, w))
	}},
	{"SawDirectory", func(h *house, o *provision.Organization, w string) (any, error) {
		return o.SawDirectory(h.ctx, w, directory.DirGone)
	}},
	{"Alter", func(h *house, o *provision.Organization, w string) (any, error) {
		return o.Alter(h.ctx, "test", w, func(t *tx.Tx, e *directory.Entry) (string, error) { return "", nothing(t, e) })
	}},
	{"CreateUser/id", func(h *house, o *provision.Organization, w string) (any, error) { // ids and names are unique in an organization only
		_, err := o.CreateUser(h.ctx, directory.NewUser{ID: ids.Entry(w), Name: "new", DisplayName: "n", Email: "new@asks.postroom.test"}, func(*tx.Tx, *directory.Entry) error { return errStop })
		return only(err)
	}},
	{"CreateUser/name", func(h *house, o *provision.Organization, w string) (any, error) {
		_, err := o.CreateUser(h.ctx, directory.NewUser{Name: w, DisplayName: "n", Email: "new@asks.postroom.test"}, func(*tx.Tx, *directory.Entry) error { return errStop })
		return only(err)
	}},
	{"CreateGroup", func(h *house, o *provision.Organization, w string) (any, error) {
		_, err := o.CreateGroup(h.ctx, directory.NewGroup{Name: w}, func(*tx.Tx, *directory.Entry) error { return errStop })
		return only(err)
	}},
	{"CreateResource", func(h *house, o *provision.Organization, w string) (any, error) {
		_, err := o.CreateResource(h.ctx, directory.NewResource{Name: w[:min(20, len(w))], Type: directory.Room}, func(*tx.Tx, *directory.Entry) error { return errStop })
		return only(err)
	}},
	{"CreateUserWithMailbox", func(h *house, o *provision.Organization, w string) (any, error) {
		return o.CreateUserWithMailbox(h.ctx, directory.NewUser{Name: "new", DisplayName: "n"}, w)
	}},
	{"CreateAlias/id", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.CreateAlias(h.ctx, w, "new@asks.postroom.test"))
	}},
	{"CreateAlias/alias", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.CreateAlias(h.ctx, h.id(o, "mine"), w))
	}},
	{"DeleteAlias/id", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.DeleteAlias(h.ctx, w, "new@asks.postroom.test"))
	}},
	{"DeleteAlias/alias", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.DeleteAlias(h.ctx, h.id(o, "mine"), w))
	}},
	{"ListAliases", func(h *house, o *provision.Organization, w string) (any, error) {
		return page(o.ListAliases(h.ctx, w, "", 0))
	}},
	{"UpdatePrimaryEmailAddress/entry", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.UpdatePrimaryEmailAddress(h.ctx, w, "new@asks.postroom.test"))
	}},
	{"UpdatePrimaryEmailAddress/email", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.UpdatePrimaryEmailAddress(h.ctx, "mine", w))
	}},
	{"AssociateMemberToGroup/group", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.AssociateMemberToGroup(h.ctx, w, "mine"))
	}},
	{"AssociateMemberToGroup/member", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.AssociateMemberToGroup(h.ctx, "ours", w))
	}},
	{"DisassociateMemberFromGroup/group", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.DisassociateMemberFromGroup(h.ctx, w, "mine"))
	}},
	{"DisassociateMemberFromGroup/member", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.DisassociateMemberFromGroup(h.ctx, "ours", w))
	}},
	{"ListGroupMembers", func(h *house, o *provision.Organization, w string) (any, error) {
		return page(o.ListGroupMembers(h.ctx, w, "", 0))
	}},
	{"FindGroupMembers/group", func(h *house, o *provision.Organization, w string) (any, error) {
		found, _, err := o.FindGroupMembers(h.ctx, w, directory.Related{})
		return found, err
	}},
	{"FindGroupMembers/query", func(h *house, o *provision.Organization, w string) (any, error) {
		found, _, err := o.FindGroupMembers(h.ctx, "ours", directory.Related{Query: w})
		return found, err
	}},
	{"FindResourceDelegates/resource", func(h *house, o *provision.Organization, w string) (any, error) {
		found, _, err := o.FindResourceDelegates(h.ctx, w, directory.Related{})
		return found, err
	}},
	{"FindResourceDelegates/query", func(h *house, o *provision.Organization, w string) (any, error) {
		found, _, err := o.FindResourceDelegates(h.ctx, "room", directory.Related{Query: w})
		return found, err
	}},
	{"GroupsAbove/group", func(h *house, o *provision.Organization, w string) (any, error) {
		return o.GroupsAbove(h.ctx, w, []ids.Entry{"ours"})
	}},
	{"GroupsAbove/list", func(h *house, o *provision.Organization, w string) (any, error) {
		return o.GroupsAbove(h.ctx, "ours", []ids.Entry{ids.Entry(w)})
	}},
	{"ListGroupsForEntity", func(h *house, o *provision.Organization, w string) (any, error) {
		return page(o.ListGroupsForEntity(h.ctx, w, "", "", 0))
	}},
	{"ListGroupsForEntity/prefix", func(h *house, o *provision.Organization, w string) (any, error) {
		return page(o.ListGroupsForEntity(h.ctx, "mine", w, "", 0))
	}},
	{"AssociateDelegateToResource/resource", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.AssociateDelegateToResource(h.ctx, w, "mine"))
	}},
	{"AssociateDelegateToResource/delegate", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.AssociateDelegateToResource(h.ctx, "room", w))
	}},
	{"DisassociateDelegateFromResource/resource", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.DisassociateDelegateFromResource(h.ctx, w, "mine"))
	}},
	{"DisassociateDelegateFromResource/delegate", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.DisassociateDelegateFromResource(h.ctx, "room", w))
	}},
	{"ListResourceDelegates", func(h *house, o *provision.Organization, w string) (any, error) {
		return page(o.ListResourceDelegates(h.ctx, w, "", 0))
	}},
	{"MailboxDetails", func(h *house, o *provision.Organization, w string) (any, error) {
		size, limit, err := o.MailboxDetails(h.ctx, w)
		return []int64{size, limit}, err
	}},
	{"UpdateQuota", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.UpdateQuota(h.ctx, w, 5))
	}},
	{"DeregisterMailDomain", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.DeregisterMailDomain(h.ctx, w))
	}},
	{"Domains.DeregisterMailDomain", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.Domains.DeregisterMailDomain(h.ctx, w, none))
	}},
	{"Domains.UpdateDefaultMailDomain", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.Domains.UpdateDefaultMailDomain(h.ctx, w))
	}},
	{"Domains.GetMailDomain", func(h *house, o *provision.Organization, w string) (any, error) {
		d, is, records, err := o.Domains.GetMailDomain(h.ctx, w)
		return []any{d, is, records}, err
	}},
	{"Domains.ListMailDomains", func(h *house, o *provision.Organization, w string) (any, error) {
		list, def, next, err := o.Domains.ListMailDomains(h.ctx, "", 100)
		if err != nil {
			return nil, err
		}
		more, _, _, err := o.Domains.ListMailDomains(h.ctx, w[:1], 100)
		return []any{list, def, next, more}, err
	}},
	{"Domains.FindMailDomains", func(h *house, o *provision.Organization, w string) (any, error) {
		return o.Domains.FindMailDomains(h.ctx, org.DomainSearch{Query: w})
	}},
	{"Domains.CheckMailDomain", func(h *house, o *provision.Organization, w string) (any, error) {
		return o.Domains.CheckMailDomain(h.ctx, w)
	}},
	{"Domains.ForceMailDomain", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.Domains.ForceMailDomain(h.ctx, w))
	}},
	{"Domains.RegisterMailDomain", func(h *house, o *provision.Organization, w string) (any, error) {
		// That a domain is taken must be told; whose it is is not.
		err := o.Domains.RegisterMailDomain(h.ctx, w, "")
		if err == nil || errs.Is(err, errs.InUse) {
			_, err = "", o.Domains.DeregisterMailDomain(h.ctx, w, none)
		}
		return only(err)
	}},
	{"Domains.Tags", func(h *house, o *provision.Organization, _ string) (any, error) {
		list, _, err := o.Domains.Tags(h.ctx)
		return list, err
	}},
	{"Domains.UpdateTags", func(h *house, o *provision.Organization, w string) (any, error) {
		err := o.Domains.UpdateTags(h.ctx, nil, []org.Tag{{Key: "k", Value: "v"}})
		if err == nil {
			err = o.Domains.UpdateTags(h.ctx, []string{w, "k"}, nil)
		}
		return only(err)
	}},
	{"Grants.ListHeldPermissions", func(h *house, o *provision.Organization, w string) (any, error) {
		list, next, err := o.Grants.ListHeldPermissions(h.ctx, w, "", 0)
		return []any{list, next}, err
	}},
	{"Grants.PutMailboxPermissions/owner", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.Grants.PutMailboxPermissions(h.ctx, w, "mine", access.Rights{SendAs: true}))
	}},
	{"Grants.PutMailboxPermissions/grantee", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.Grants.PutMailboxPermissions(h.ctx, "mine", w, access.Rights{Full: true}))
	}},
	{"Grants.DeleteMailboxPermissions/owner", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.Grants.DeleteMailboxPermissions(h.ctx, w, "mine"))
	}},
	{"Grants.DeleteMailboxPermissions/grantee", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(o.Grants.DeleteMailboxPermissions(h.ctx, "mine", w))
	}},
	{"Grants.ListMailboxPermissions", func(h *house, o *provision.Organization, w string) (any, error) {
		list, _, next, err := o.Grants.ListMailboxPermissions(h.ctx, w, "", 0)
		return []any{list, next}, err
	}},
	// What other areas of core ask.
	{"dir.ByID", func(h *house, o *provision.Organization, w string) (any, error) {
		return h.us.dir.ByID(h.ctx, nil, o.ID, ids.Entry(w))
	}},
	{"dir.ByName", func(h *house, o *provision.Organization, w string) (any, error) {
		return h.us.dir.ByName(h.ctx, nil, o.ID, w)
	}},
	{"dir.ByAddress", func(h *house, o *provision.Organization, w string) (any, error) {
		return h.us.dir.ByAddress(h.ctx, nil, o.ID, w)
	}},
	{"dir.Target", func(h *house, o *provision.Organization, w string) (any, error) {
		return h.us.dir.Target(h.ctx, nil, o.ID, w)
	}},
	{"dir.Resolve", func(h *house, o *provision.Organization, w string) (any, error) {
		return h.us.dir.Resolve(h.ctx, nil, o.ID, w)
	}},
	{"dir.Members", func(h *house, o *provision.Organization, w string) (any, error) {
		return h.us.dir.Members(h.ctx, nil, o.ID, ids.Entry(w), "", 100)
	}},
	{"dir.ExpandGroup", func(h *house, o *provision.Organization, w string) (any, error) {
		return h.us.dir.ExpandGroup(h.ctx, o.ID, ids.Entry(w), 100)
	}},
	{"dir.GroupsOf", func(h *house, o *provision.Organization, w string) (any, error) {
		return h.us.dir.GroupsOf(h.ctx, nil, o.ID, ids.Entry(w))
	}},
	{"dir.Addresses", func(h *house, o *provision.Organization, w string) (any, error) {
		return h.us.dir.Addresses(h.ctx, nil, o.ID, ids.Entry(w))
	}},
	{"dir.Delegates", func(h *house, o *provision.Organization, w string) (any, error) {
		return h.us.dir.Delegates(h.ctx, nil, o.ID, ids.Entry(w), 100)
	}},
	{"dir.CheckPassword", func(h *house, o *provision.Organization, w string) (any, error) {
		version, says, err := h.us.dir.CheckPassword(h.ctx, o.ID, ids.Entry(w), "Sesame-Open-1")
		return []any{version, says}, err
	}},
	{"access.Rights", func(h *house, o *provision.Organization, w string) (any, error) {
		return h.us.access.Rights(h.ctx, nil, o.ID, ids.Entry(w), ids.Entry(h.id(o, "mine")))
	}},
	{"access.MayOpen", func(h *house, o *provision.Organization, w string) (any, error) {
		return only(h.us.access.MayOpen(h.ctx, o.ID, ids.Entry(w), ids.Entry(h.id(o, "mine"))))
	}},
	{"access.Shared", func(h *house, o *provision.Organization, w string) (any, error) {
		return h.us.access.Shared(h.ctx, o.ID, ids.Entry(w))
	}},
	{"access.MaySend", func(h *house, o *provision.Organization, w string) (any, error) {
		if !strings.Contains(w, "@") {
			return nil, nil
		}
		return h.us.access.MaySend(h.ctx, o.ID, ids.Entry(h.id(o, "mine")), mustParse(h, w))
	}},
	{"lists.List", func(h *house, o *provision.Organization, w string) (any, error) {
		all, next, err := h.us.lists.List(h.ctx, audit.Filter{Org: o.ID, Target: w})
		all = slices.DeleteFunc(all, func(r audit.Record) bool { return r.By.Name == "of-one" }) // its own words
		return []any{all, next}, err
	}},
	{"lists.List/changes", func(h *house, o *provision.Organization, w string) (any, error) {
		all, next, err := h.us.lists.List(h.ctx, audit.Filter{Org: o.ID, Target: w, Changes: true})
		all = slices.DeleteFunc(all, func(r audit.Record) bool { return r.By.Name == "of-one" })
		return []any{all, next}, err
	}},
}

var errStop = errs.Say("test", errs.Limit, errs.Entry, "It was free.")

// id is that of an entry of the organization that asks.
func (h *house) id(o *provision.Organization, name string) string {
	h.Helper()
	e, err := h.us.dir.ByName(h.ctx, nil, o.ID, name)
	h.must(err)
	return string(e.ID)
}

// asks is the organization that asks.
func (h *house) asks() *provision.Organization {
	h.Helper()
	o := h.open(h.us, h.organization(h.us, "asks").ID)
	h.user(o, "mine", "mine@asks.postroom.test")
	_, err := o.CreateUser(h.ctx, directory.NewUser{Name: "off", DisplayName: "off"}, nil)
	h.must(err)
	_, err = o.CreateGroup(h.ctx, directory.NewGroup{Name: "ours"}, nil)
	h.must(err)
	h.must(o.RegisterToWorkMail(h.ctx, "ours", "ours@asks.postroom.test"))
	_, err = o.CreateResource(h.ctx, directory.NewResource{Name: "room", Type: directory.Room}, nil)
	h.must(err)
	h.must(o.RegisterToWorkMail(h.ctx, "room", "room@asks.postroom.test"))
	return o
}

// words are what another organization has, each with a twin that nobody has.
func (h *house) words(r *region, o *provision.Organization, canary string) (words map[string]string, secret []string) {
	h.Helper()
	words, secret = map[string]string{}, []string{canary, string(o.ID)}
	twin := strings.NewReplacer(canary, "canyra", "others.postroom", "othexs.postroom").Replace // sorts alike
	for _, name := range []string{"user", "off", "group", "room"} {
		e, err := r.dir.ByName(h.ctx, nil, o.ID, canary+name)
		h.must(err)
		words[string(e.ID)] = string(e.ID[:len(e.ID)-12]) + ids.Hex(6)
		secret = append(secret, string(e.ID))
		for _, w := range []string{e.Name, e.Email} {
			words[w] = twin(w)
		}
	}
	gone, _, err := o.ListUsers(h.ctx, directory.Filter{State: directory.Deleted}, "", 1)
	h.must(err)
	words[string(gone[0].ID)] = string(gone[0].ID[:24]) + ids.Hex(6)
	secret = append(secret, string(gone[0].ID))
	for _, w := range []string{canary + "alias@others.postroom.test", canary + "alias@" + canary + "verified.example", canary + "verified.example", canary + "pending.example",
		"others.postroom.test", canary + "key", canary + "idp", canary} {
		words[w] = twin(w)
	}
	return words, secret
}

// TestRow129NothingOfAnotherOrganization: reliability row 129. Every method of
// an organization, driven with all words of another one, answers as for a word
// that nobody has, shows nothing planted, changes nothing there, and answers the
// same once the other one is deleted.
func TestRow129NothingOfAnotherOrganization(t *testing.T) { story(t, nothingOfAnother) }

func nothingOfAnother(h *house) {
	const canary = "canary"
	other := h.fill(h.us, "others", canary)
	words, secret := h.words(h.us, other, canary)
	mine := h.asks()
	actor := h.administrator("of-one", auth.Rights{Role: auth.Full, Organizations: []ids.Org{mine.ID}})
	o, err := h.us.provision.For(actor).Organization(h.ctx, mine.ID, provision.Write, "Test", "r", 0)
	h.must(err)
	before := h.dump(h.us, other.ID)
	ask := func(word, twin string) map[string]string {
		answers := map[string]string{}
		for _, s := range strangers {
			got := h.answer(s, o, word)
			for _, x := range secret {
				if strings.Contains(got, x) {
					h.Errorf("%s(%s) shows %s: %s", s.name, word, x, got)
				}
			}
			// Whose a name is cannot be told; that it is taken must be.
			if want := h.answer(s, o, twin); got != want {
				h.Errorf("%s(%s) answers\n%s\nbut for what nobody has\n%s", s.name, word, got, want)
			}
			answers[s.name] = got
		}
		return answers
	}
	anything := func(word string) string {
		list, err := h.us.provision.For(actor).FindAnything(h.ctx, word, "", "Test", "r")
		h.must(err)
		return fmt.Sprint(list)
	}
	for word, twin := range words {
		if got := anything(word); got != anything(twin) {
			h.Errorf("FindAnything(%s) answers %s", word, got)
		}
	}
	h.equal(anything("min") != "[]", true)
	first := map[string]map[string]string{}
	for word, twin := range words {
		first[word] = ask(word, twin)
	}
	h.equal(h.dump(h.us, other.ID), before)
	_, err = h.us.provision.For(h.root()).DeleteOrganization(h.ctx, "Test", "r", 0, provision.Deletion{Org: other.ID, Force: true})
	h.must(err)
	h.must(h.us.provision.FinishDeletions(h.ctx))
	for word := range words {
		for _, s := range strangers {
			if got := h.answer(s, o, word); got != first[word][s.name] {
				h.Errorf("%s(%s) answers\n%s\nonce the other organization is gone, before\n%s", s.name, word, got, first[word][s.name])
			}
		}
	}
}

// answer is all that a caller sees, the word itself left out.
func (h *house) answer(s stranger, o *provision.Organization, word string) string {
	got, err := s.call(h, o, word)
	var text string
	if err != nil {
		kind, subject := errs.Of(err)
		text = fmt.Sprint(kind, " ", subject, " ", errs.Public(err))
		if kind == errs.Internal || kind == errs.Unavailable {
			h.Errorf("%s(%q): %v", s.name, word, err)
		}
	} else {
		text = fmt.Sprintf("%+v", got)
	}
	at := word[strings.IndexByte(word, '@')+1:]
	return strings.NewReplacer(word, "WORD", strings.ToLower(word), "WORD", `"`+at+`"`, "DOMAIN", at, "DOMAIN").Replace(text)
}

// dump is every row that an organization has in the directory.
func (h *house) dump(r *region, o ids.Org) string {
	h.Helper()
	v := r.dir.View(o, audit.By{}, 0)
	var all []any
	for _, list := range []func() ([]directory.Entry, string, error){
		func() ([]directory.Entry, string, error) { return v.ListUsers(h.ctx, directory.Filter{}, "", 0) },
		func() ([]directory.Entry, string, error) { return v.ListGroups(h.ctx, directory.Filter{}, "", 0) },
		func() ([]directory.Entry, string, error) { return v.ListResources(h.ctx, directory.Filter{}, "", 0) },
	} {
		entries, _, err := list()
		h.must(err)
		for _, e := range entries {
			whole, err := r.dir.ByID(h.ctx, nil, o, e.ID)
			h.must(err)
			addresses, err := r.entries.Addresses(h.ctx, nil, o, e.ID, "", 100)
			h.must(err)
			members, err := r.dir.Members(h.ctx, nil, o, e.ID, "", 100)
			h.must(err)
			delegates, err := r.dir.Delegates(h.ctx, nil, o, e.ID, 100)
			h.must(err)
			hash, err := r.entries.PasswordHash(h.ctx, nil, o, e.ID)
			h.must(err)
			all = append(all, whole, addresses, members, delegates, hash)
		}
	}
	records, _, err := r.lists.List(h.ctx, audit.Filter{Org: o, Limit: 1000})
	h.must(err)
	domains, _, _, err := r.orgs.View(o, audit.By{}, 0).ListMailDomains(h.ctx, "", 100)
	h.must(err)
	return fmt.Sprintf("%+v %+v %+v", all, records, domains)
}

// Every method of an organization's views is driven by the stories about strangers.
func TestRow129NoMethodIsForgotten(t *testing.T) {
	driven := map[string]bool{}
	for _, s := range strangers {
		name, _, _ := strings.Cut(s.name, "/")
		driven[name] = true
	}
	for prefix, v := range map[string]any{"": &provision.Organization{}, "Domains.": &org.View{}, "Grants.": &access.View{}} {
		for i := range reflect.TypeOf(v).NumMethod() {
			if name := prefix + reflect.TypeOf(v).Method(i).Name; !driven[name] {
				t.Errorf("no story drives %s with words of another organization", name)
			}
		}
	}
}

// TestRow128AnotherAdministrator: reliability row 128. The door answers an
// administrator of one organization about another one as about none.
func TestRow128AnotherAdministrator(t *testing.T) { story(t, anotherAdministrator) }

func anotherAdministrator(h *house) {
	other := h.fill(h.us, "others", "canary")
	far := h.open(h.eu, h.organization(h.eu, "far").ID)
	mine := h.asks()
	full := h.administrator("of-one", auth.Rights{Role: auth.Full, Organizations: []ids.Org{mine.ID}})
	reader := h.administrator("reader", auth.Rights{Role: auth.ReadOnly, Organizations: []ids.Org{mine.ID}})
	e, err := mine.DescribeUser(h.ctx, "mine")
	h.must(err)
	user, _ := authtest.User(h, "us-east-1", mine.ID, e.ID, "mine", "test")
	door := map[string]func(a auth.Actor, id ids.Org) (any, error){
		"read": func(a auth.Actor, id ids.Org) (any, error) {
			return h.us.provision.For(a).Organization(h.ctx, id, provision.Read, "Test", "r", 0)
		},
		"write": func(a auth.Actor, id ids.Org) (any, error) {
			return h.us.provision.For(a).Organization(h.ctx, id, provision.Write, "Test", "r", 0)
		},
		"describe": func(a auth.Actor, id ids.Org) (any, error) {
			return h.us.provision.For(a).DescribeOrganization(h.ctx, id)
		},
		"delete": func(a auth.Actor, id ids.Org) (any, error) {
			return h.us.provision.For(a).DeleteOrganization(h.ctx, "Test", "r", 7, provision.Deletion{Org: id, Token: "t"})
		},
	}
	nobody, before := ids.NewOrg(), h.dump(h.us, other.ID)
	for name, call := range door {
		unknown, err := call(full, nobody)
		h.want(err, errs.NotFound, errs.Organization)
		want := strings.ReplaceAll(errs.Public(err), string(nobody), "ID")
		for _, id := range []ids.Org{other.ID, far.ID, "", "m-x", "x\x00"} {
			got, err := call(full, id)
			h.want(err, errs.NotFound, errs.Organization)
			if text := strings.ReplaceAll(errs.Public(err), string(id), "ID"); id != "" && text != want || fmt.Sprint(got) != fmt.Sprint(unknown) {
				h.Errorf("%s of %q: %s %v", name, id, text, got)
			}
		}
		for _, a := range []auth.Actor{{}, user} {
			for _, id := range []ids.Org{mine.ID, other.ID, nobody} {
				_, err := call(a, id)
				h.want(err, errs.Denied, errs.Operation)
			}
		}
		for _, id := range []ids.Org{mine.ID, other.ID, nobody} { // a role is looked at before the organization
			_, err := call(reader, id)
			switch {
			case name == "write" || name == "delete":
				h.want(err, errs.Denied, errs.Operation)
			case id == mine.ID:
				h.must(err)
			default:
				h.want(err, errs.NotFound, errs.Organization)
			}
		}
	}
	for i := range 4 { // ids are random: some come behind mine
		h.organization(h.us, fmt.Sprint("more", i))
	}
	for _, a := range []auth.Actor{full, reader} {
		list, next, err := h.us.provision.For(a).ListOrganizations(h.ctx, "", 1)
		h.must(err)
		if len(list) != 1 || list[0].ID != mine.ID || next != "" {
			h.Errorf("%v %q", list, next)
		}
		found, err := h.us.provision.For(a).FindOrganizations(h.ctx)
		h.must(err)
		if len(found) != 1 || found[0].ID != mine.ID {
			h.Errorf("%v", found)
		}
		_, err = h.us.provision.For(a).CreateOrganization(h.ctx, "Test", "r", org.NewOrganization{Alias: "new"})
		h.want(err, errs.Denied, errs.Operation)
	}
	for _, a := range []auth.Actor{{}, user} {
		_, _, err := h.us.provision.For(a).ListOrganizations(h.ctx, "", 1)
		h.want(err, errs.Denied, errs.Operation)
		_, err = h.us.provision.For(a).FindOrganizations(h.ctx)
		h.want(err, errs.Denied, errs.Operation)
	}
	h.equal(h.dump(h.us, other.ID), before)
}

// What is no word at all is refused or not found by every method, and never
// reaches the database as something that it cannot take.
func TestHostileWords(t *testing.T) {
	story(t, func(h *house) {
		o := h.asks()
		for _, word := range []string{"\x00", "a\x00b@example.org", "\xff\xfe", "é", "' OR '1'='1", "%", strings.Repeat("x", 600), strings.Repeat("ü", 600), "\U0010FFFF", "a\nb"} {
			for _, s := range strangers {
				if s.name == "access.MaySend" || strings.HasPrefix(s.name, "dir.") || strings.HasPrefix(s.name, "access.") {
					continue // core's own callers have ids and parsed addresses
				}
				h.answer(s, o, word)
			}
		}
	})
}
