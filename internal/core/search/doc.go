// Package search is the full-text index of one region's mailboxes, written
// behind the mail and in a database of its own. It names candidates: perhaps too
// many, never too few; who asks looks at the message itself. It refuses to hold
// up mail, to be needed (without it every message is read), and to keep anything
// that cannot be made anew from the mailboxes. DESIGN.md says why it is as it is.
package search
