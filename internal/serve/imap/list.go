package imap

import (
	"sort"
	"strings"

	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

// specialUse names the roles that IMAP knows (RFC 6154 §2).
var specialUse = map[mailbox.Role]string{
	mailbox.Sent: `\Sent`, mailbox.Drafts: `\Drafts`, mailbox.Trash: `\Trash`, mailbox.Junk: `\Junk`,
}

// node is a name in the tree that a user sees.
type node struct {
	name       string
	folder     *mailbox.Folder // nil: only a name above others, or gone
	children   bool
	subscribed bool
	below      bool // something below it is subscribed
	gone       bool
}

// list is LIST with its extensions (RFC 3501 §6.3.8, RFC 5258, 5819, 6154, 3348).
func (x *session) list(c *wire.Command) (reply, error) {
	a := c.Args.(*wire.List)
	if !a.Extended && len(a.Patterns) == 1 && a.Patterns[0] == "" {
		x.enc.List(&wire.ListData{Attrs: []string{`\Noselect`}, Delim: delim})
		return reply{}, nil
	}
	patterns := patternsOf(a)
	subs := (a.Select|a.Return)&wire.ListSubscribed != 0
	nodes, err := x.tree(mayReachOthers(a), subs)
	if err != nil {
		return reply{}, err
	}
	for i := range nodes {
		n := &nodes[i]
		if !matches(patterns, n.name) {
			continue
		}
		deeper := a.Select&wire.ListRecursiveMatch != 0 && n.below
		if !n.selectedBy(a.Select) && !deeper {
			continue
		}
		d := wire.ListData{Attrs: n.attrs((a.Select|a.Return)&wire.ListSubscribed != 0), Delim: delim, Name: n.name}
		if deeper {
			d.ChildInfo = []string{"SUBSCRIBED"}
		}
		x.enc.List(&d)
		if a.Return&wire.ListStatus != 0 && n.folder != nil {
			x.enc.Status(n.name, a.Status, statusOf(n.folder))
		}
	}
	return reply{}, nil
}

// selectedBy applies LIST's selection options.
func (n *node) selectedBy(o wire.ListOptions) bool {
	switch {
	case o&wire.ListSubscribed != 0 && !n.subscribed:
		return false
	case n.gone && o&wire.ListSubscribed == 0:
		return false
	case o&wire.ListSpecialUse != 0:
		return n.folder != nil && specialUse[n.folder.Role] != ""
	}
	return true
}

func (n *node) attrs(subscribed bool) []string {
	attrs := make([]string, 0, 4)
	switch {
	case n.gone:
		attrs = append(attrs, `\NonExistent`)
	case n.folder == nil:
		attrs = append(attrs, `\Noselect`)
	}
	if n.children {
		attrs = append(attrs, `\HasChildren`)
	} else {
		attrs = append(attrs, `\HasNoChildren`)
	}
	if n.folder != nil && specialUse[n.folder.Role] != "" {
		attrs = append(attrs, specialUse[n.folder.Role])
	}
	if subscribed && n.subscribed {
		attrs = append(attrs, `\Subscribed`)
	}
	return attrs
}

func patternsOf(a *wire.List) []*wire.Pattern {
	list := make([]*wire.Pattern, len(a.Patterns))
	for i, p := range a.Patterns {
		list[i] = wire.NewPattern(a.Reference, p, delim)
	}
	return list
}

func matches(patterns []*wire.Pattern, name string) bool {
	for _, p := range patterns {
		if p.Match(name) {
			return true
		}
	}
	return false
}

// mayReachOthers tells whether a pattern can match a name in the other users'
// namespace, which costs more to list.
func mayReachOthers(a *wire.List) bool {
	for _, p := range a.Patterns {
		plain := a.Reference + p
		if i := strings.IndexAny(plain, "*%"); i >= 0 {
			plain = plain[:i]
			if strings.HasPrefix(otherUsers+"/", plain) {
				return true
			}
		}
		if inOthers(plain) {
			return true
		}
	}
	return false
}

// tree is all that the user can see, by name within each mailbox.
func (x *session) tree(others, subs bool) ([]node, error) {
	nodes, err := x.branch(nil, x.own, "", subs)
	if err != nil || !others {
		return nodes, err
	}
	shared, err := x.view.Shared(x.ctx)
	if err != nil || len(shared) == 0 {
		return nodes, err
	}
	top := len(nodes)
	nodes = append(nodes, node{name: otherUsers, children: true})
	for i := range shared {
		box, err := x.view.Open(x.ctx, shared[i].ID)
		if err != nil {
			continue // the grant ended, or the mailbox went, since the list was read
		}
		prefix := prefixOf(&shared[i])
		at := len(nodes)
		nodes = append(nodes, node{name: strings.TrimSuffix(prefix, "/"), children: true})
		if nodes, err = x.branch(nodes, box, prefix, subs); err != nil {
			return nil, err
		}
		for _, n := range nodes[at:] {
			nodes[at].below = nodes[at].below || n.subscribed
		}
		nodes[top].below = nodes[top].below || nodes[at].below
	}
	return nodes, nil
}

// branch adds the mail folders of one mailbox, and subscribed names that are gone.
func (x *session) branch(nodes []node, box *mailbox.Mailbox, prefix string, subs bool) ([]node, error) {
	list, err := box.Folders(x.ctx)
	if err != nil {
		return nil, err
	}
	parents := map[ids.Folder]bool{}
	for i := range list {
		if list[i].Kind == mailbox.KindMail {
			parents[list[i].Parent] = true
		}
	}
	byPath := map[string]int{}
	for i := range list {
		f := &list[i]
		if f.Kind != mailbox.KindMail || prefix == "" && inOthers(f.Path) {
			continue
		}
		byPath[f.Path] = len(nodes)
		nodes = append(nodes, node{name: shown(prefix, f.Path), folder: f, children: parents[f.ID]})
	}
	if !subs {
		return nodes, nil
	}
	paths, err := box.Subscriptions(x.ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range paths {
		i, there := byPath[p]
		if !there {
			i = len(nodes)
			nodes = append(nodes, node{name: shown(prefix, p), gone: true})
		}
		nodes[i].subscribed = true
		for j := strings.LastIndexByte(p, '/'); j > 0; j = strings.LastIndexByte(p[:j], '/') {
			if k, there := byPath[p[:j]]; there {
				nodes[k].below = true
			}
		}
	}
	return nodes, nil
}

// lsub is LSUB (RFC 3501 §6.3.9). With "%" a name above a subscribed one is
// given as \Noselect.
func (x *session) lsub(c *wire.Command) (reply, error) {
	a := c.Args.(*wire.List)
	patterns := patternsOf(a)
	nodes, err := x.tree(mayReachOthers(a), true)
	if err != nil {
		return reply{}, err
	}
	done := map[string]bool{}
	say := func(name string, attrs []string) {
		if !done[name] && matches(patterns, name) {
			done[name] = true
			x.enc.Lsub(&wire.ListData{Attrs: attrs, Delim: delim, Name: name})
		}
	}
	var above []string
	for i := range nodes {
		n := &nodes[i]
		if !n.subscribed {
			continue
		}
		if n.gone {
			say(n.name, []string{`\Noselect`})
		} else {
			say(n.name, nil)
		}
		for j := strings.LastIndexByte(n.name, '/'); j > 0; j = strings.LastIndexByte(n.name[:j], '/') {
			above = append(above, n.name[:j])
		}
	}
	if strings.Contains(a.Patterns[0], "%") {
		sort.Strings(above)
		for _, name := range above {
			say(name, []string{`\Noselect`})
		}
	}
	return reply{}, nil
}
