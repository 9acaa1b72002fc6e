package imap

import (
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

// systemBits are core's system flags; their bits are wire's.
const systemBits = mailbox.Flags(wire.AllSystemFlags)

func systemFlags(f mailbox.Flags) wire.SystemFlags { return wire.SystemFlags(f & systemBits) }

// words names the keywords of flags, each combination once.
type words struct {
	all   mailbox.Keywords
	known map[mailbox.Flags][]string
}

func (w *words) of(all mailbox.Keywords, f mailbox.Flags) []string {
	if f &^= 0xff; f == 0 {
		return nil
	}
	if len(all) != len(w.all) || w.known == nil || len(w.known) > 1000 {
		w.all, w.known = all, map[mailbox.Flags][]string{}
	}
	names, ok := w.known[f]
	if !ok {
		names = all.Names(f)
		w.known[f] = names
	}
	return names
}

// bitsOf are the flags that a client named, as far as the mailbox has them.
func bitsOf(all mailbox.Keywords, f wire.Flags) mailbox.Flags {
	bits := mailbox.Flags(f.System) & systemBits
	for _, k := range f.Keywords {
		bits |= all.Bit(k)
	}
	return bits
}
