package imap

import wire "postroom/internal/wire/imap"

// syncMode says what of the folder's changes is announced behind a command.
type syncMode uint8

const (
	syncNone    syncMode = iota
	syncNumbers          // all that leaves sequence numbers alone (RFC 3501 §7.4.1)
	syncAll
)

// command is a row of the table: what runs it, and what it announces.
type command struct {
	run  func(*session, *wire.Command) (reply, error)
	sync syncMode
}

// commands names the file of each command. wire/imap has seen to its state and
// its arguments. It is filled at start because IDLE's file refers back to it.
var commands map[string]command

func init() {
	commands = map[string]command{
		"CAPABILITY":   {(*session).capability, syncNone},
		"NOOP":         {(*session).noop, syncAll},
		"CHECK":        {(*session).noop, syncAll},
		"LOGOUT":       {(*session).logout, syncNone},
		"ID":           {(*session).identify, syncNone},
		"STARTTLS":     {(*session).startTLS, syncNone},
		"LOGIN":        {(*session).login, syncNone},
		"AUTHENTICATE": {(*session).authenticate, syncNone},
		"ENABLE":       {(*session).enable, syncNone},
		"NAMESPACE":    {(*session).namespace, syncAll},
		"SELECT":       {(*session).selectFolder, syncNone},
		"EXAMINE":      {(*session).selectFolder, syncNone},
		"CREATE":       {(*session).create, syncAll},
		"DELETE":       {(*session).delete, syncAll},
		"RENAME":       {(*session).rename, syncAll},
		"SUBSCRIBE":    {(*session).subscribe, syncAll},
		"UNSUBSCRIBE":  {(*session).subscribe, syncAll},
		"LIST":         {(*session).list, syncAll},
		"LSUB":         {(*session).lsub, syncAll},
		"STATUS":       {(*session).status, syncAll},
		"APPEND":       {(*session).append, syncAll},
		"IDLE":         {(*session).idle, syncNone},
		"CLOSE":        {(*session).closeFolder, syncNone},
		"UNSELECT":     {(*session).unselectFolder, syncNone},
		"EXPUNGE":      {(*session).expunge, syncAll},
		"UID EXPUNGE":  {(*session).uidExpunge, syncAll},
		"SEARCH":       {(*session).search, syncNumbers},
		"UID SEARCH":   {(*session).search, syncAll},
		"FETCH":        {(*session).fetch, syncNumbers},
		"UID FETCH":    {(*session).fetch, syncAll},
		"STORE":        {(*session).store, syncNumbers},
		"UID STORE":    {(*session).store, syncAll},
		"COPY":         {(*session).copy, syncAll},
		"UID COPY":     {(*session).copy, syncAll},
		"MOVE":         {(*session).move, syncAll},
		"UID MOVE":     {(*session).move, syncAll},
	}
}
