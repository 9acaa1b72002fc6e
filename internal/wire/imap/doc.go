// Package imap turns the bytes of IMAP4rev1 (RFC 3501) and its extensions into
// structs and back: Decoder and ReadCommand for what a client sends, Encoder
// for what a server answers.
//
// It knows no session, no mailbox and no store, opens nothing and starts no
// goroutine. It refuses what is longer, deeper or more than its Limits say
// before it keeps it in memory, and never repeats a client's bytes in a
// complaint, since those may be a password.
//
// Grammar of one command, one file: adding an extension's command is a file
// with its struct and parse function and a row in the table of command.go.
package imap
