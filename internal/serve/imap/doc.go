// Package imap is the IMAP head: IMAP4rev1 (RFC 3501) with IDLE (2177), UIDPLUS
// (4315), MOVE (6851), NAMESPACE (2342), ID (2971), ENABLE (5161), SPECIAL-USE
// (6154), LIST-EXTENDED (5258), LIST-STATUS (5819), STATUS=SIZE (8438), UNSELECT
// (3691), LITERAL+ (7888), SASL-IR (4959), CHILDREN (3348) and ESEARCH (4731),
// on 143 with STARTTLS and on 993. wire/imap reads and writes the protocol's
// bytes, core/mailbox has the mail; this package holds sessions, and one file
// for each command, which the table in commands.go names.
//
// A session keeps the snapshot of its folder that it has announced and compares
// it with the newest one before it ends a command, and at once in IDLE.
//
// A FETCH that opens contents holds 200 KiB while it runs. Of 32 messages or more
// it opens, encrypts and sends side by side and holds 550 KiB, and while it opens
// twice that: at most 64 at once do, others do without.
//
// It refuses to take a password without TLS, shows mail folders only, keeps no
// \Recent flag (0 RECENT, always: RFC 9051 has abolished it), and has no state
// that must survive it.
package imap
