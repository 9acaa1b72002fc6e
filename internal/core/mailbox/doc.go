// Package mailbox is the whole store of one user or resource: folders, items,
// placements, the counter and its cursors, flags, quota, threads. It refuses to
// speak a protocol, to know where bodies and rows lie, and to check who may
// sign in.
package mailbox
