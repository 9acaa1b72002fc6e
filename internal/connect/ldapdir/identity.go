package ldapdir

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"

	"github.com/go-ldap/ldap/v3"
)

// guidText is an objectGUID as a UUID: its first three fields are
// little-endian (MS-DTYP 2.3.4.2). "" where it has not 16 bytes.
func guidText(b []byte) string {
	if len(b) != 16 {
		return ""
	}
	var u [16]byte
	binary.BigEndian.PutUint32(u[0:], binary.LittleEndian.Uint32(b[0:]))
	binary.BigEndian.PutUint16(u[4:], binary.LittleEndian.Uint16(b[4:]))
	binary.BigEndian.PutUint16(u[6:], binary.LittleEndian.Uint16(b[6:]))
	copy(u[8:], b[8:])
	h := hex.EncodeToString(u[:])
	return h[0:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// guidBytes is the other way round; nil where the text is no UUID.
func guidBytes(text string) []byte {
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return nil
	}
	u, err := hex.DecodeString(text[0:8] + text[9:13] + text[14:18] + text[19:23] + text[24:])
	if err != nil {
		return nil
	}
	b := make([]byte, 16)
	binary.LittleEndian.PutUint32(b[0:], binary.BigEndian.Uint32(u[0:]))
	binary.LittleEndian.PutUint16(b[4:], binary.BigEndian.Uint16(u[4:]))
	binary.LittleEndian.PutUint16(b[6:], binary.BigEndian.Uint16(u[6:]))
	copy(b[8:], u[8:])
	return b
}

// sidText is a SID in its string form (MS-DTYP 2.4.2.1, 2.4.2.2); "" where the bytes are none.
func sidText(b []byte) string {
	if len(b) < 8 || b[0] != 1 || b[1] > 15 || len(b) != 8+4*int(b[1]) {
		return ""
	}
	var authority [8]byte
	copy(authority[2:], b[2:8])
	n := binary.BigEndian.Uint64(authority[:])
	text := "S-1-" + strconv.FormatUint(n, 10)
	if n >= 1<<32 {
		text = "S-1-0x" + hex.EncodeToString(b[2:8])
	}
	for i := 8; i < len(b); i += 4 {
		text += "-" + strconv.FormatUint(uint64(binary.LittleEndian.Uint32(b[i:])), 10)
	}
	return text
}

// wellKnown are the relative ids of Administrator, Guest and krbtgt (MS-DTYP 2.4.2.4).
func wellKnown(sid string) bool {
	if !strings.HasPrefix(sid, "S-1-5-21-") {
		return false
	}
	return strings.HasSuffix(sid, "-500") || strings.HasSuffix(sid, "-501") || strings.HasSuffix(sid, "-502")
}

// splitExtended reads <GUID=…>;<SID=…>;DN (MS-ADTS 3.1.1.3.4.1.5); guid is "" where there is none.
func splitExtended(text string) (guid, dn string) {
	for strings.HasPrefix(text, "<") {
		part, rest, ok := strings.Cut(text, ">;")
		if !ok {
			return guid, "" // <GUID=…> alone
		}
		if g, ok := strings.CutPrefix(part, "<GUID="); ok && guidBytes(g) != nil {
			guid = strings.ToLower(g)
		}
		text = rest
	}
	return guid, text
}

// splitRange reads an attribute description NAME;range=FROM-TO (MS-ADTS
// 3.1.1.3.1.3.3); next is where the next range begins, 0 where this is the last.
func splitRange(description string) (name string, next int, ok bool) {
	name, options, found := strings.Cut(description, ";")
	if !found {
		return name, 0, false
	}
	for o := range strings.SplitSeq(options, ";") {
		r, found := strings.CutPrefix(strings.ToLower(o), "range=")
		if !found {
			continue
		}
		from, to, found := strings.Cut(r, "-")
		a, err := strconv.ParseUint(from, 10, 31)
		if !found || err != nil {
			return name, 0, false
		}
		if to == "*" {
			return name, 0, true
		}
		b, err := strconv.ParseUint(to, 10, 31)
		if err != nil || b < a {
			return name, 0, false
		}
		return name, int(b) + 1, true
	}
	return name, 0, false
}

// clean makes a text of a directory fit for ours: valid, without control
// characters, at most 256 characters.
func clean(text string) string {
	if !utf8.ValidString(text) {
		return ""
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' {
			return -1
		}
		return r
	}, text)
	return clip(text, 256)
}

const accountDisabled = 0x2 // userAccountControl (MS-ADTS 2.2.16)

// identity is what an entry says, without members. ok is false where it has no key or name.
func (c *config) identity(e *ldap.Entry) (i directory.Identity, ok bool) {
	get := func(ours string) string {
		if theirs := c.names[ours]; theirs != "" {
			return value(e, theirs)
		}
		return ""
	}
	i.Kind, i.State = c.kind(e), directory.DirActive
	i.Key = c.key(e)
	i.Name = clean(get(attrName))
	if i.Kind == directory.KindGroup && !c.ad { // groupOfNames has no uid
		i.Name = clean(value(e, "cn"))
	}
	i.DisplayName = clean(get(attrDisplayName))
	if i.DisplayName == "" && i.Kind == directory.KindUser {
		i.DisplayName = clean(value(e, "cn"))
	}
	for n, field := range fields(&i.Details) {
		*field = clean(get(details[n]))
	}
	i.UPN, i.Mail, i.PasswordSet = clean(get(attrUPN)), clean(get(attrMail)), get(attrPasswordSet)
	i.Hidden = strings.EqualFold(get(attrHidden), "TRUE")
	if a := c.names[attrAddresses]; a != "" {
		i.Addresses = addresses(e.GetEqualFoldAttributeValues(a))
	}
	if c.ad {
		c.active(e, &i)
	} else {
		i.Entry = ids.Entry(i.Key)
		if value(e, "pwdAccountLockedTime") == "000001010000Z" || strings.EqualFold(value(e, "nsAccountLock"), "TRUE") {
			i.State = directory.DirDisabled // locked for ever (draft-behera-ldap-password-policy §5.3.3)
		}
		i.System = c.isAccount(e, i)
	}
	return i, i.Key != "" && i.Entry != "" && i.Name != ""
}

// active takes what only Active Directory has.
func (c *config) active(e *ldap.Entry, i *directory.Identity) {
	sid := sidText(e.GetEqualFoldRawAttributeValue("objectSid"))
	i.Entry = ids.Entry(sid)
	control, _ := strconv.ParseInt(value(e, "userAccountControl"), 10, 64)
	if i.Kind == directory.KindUser && (control&accountDisabled != 0 || expired(value(e, "accountExpires"), c.clock.Now())) {
		i.State = directory.DirDisabled
	}
	i.System = strings.EqualFold(value(e, "isCriticalSystemObject"), "TRUE") || wellKnown(sid) || c.isAccount(e, *i) ||
		i.Kind == directory.KindUser && (strings.HasSuffix(i.Name, "$") || value(e, "servicePrincipalName") != "" || hasClass(e, "msDS-GroupManagedServiceAccount"))
}

// expired reads accountExpires: 100 ns since 1601; 0 and the greatest number are
// never (MS-ADTS 2.2.1, MS-ADA1 2.2).
func expired(text string, now time.Time) bool {
	const epoch = 11_644_473_600 // seconds from 1601 to 1970
	at, err := strconv.ParseInt(text, 10, 64)
	return err == nil && at > 0 && at != math.MaxInt64 && now.After(time.Unix(at/1e7-epoch, at%1e7*100))
}

// isAccount tells whether it is the account that we are bound as.
func (c *config) isAccount(e *ldap.Entry, i directory.Identity) bool {
	_, dn := splitExtended(e.DN)
	_, user, _ := strings.Cut(c.Account, `\`)
	return strings.EqualFold(dn, c.Account) || i.UPN != "" && strings.EqualFold(i.UPN, c.Account) || user != "" && strings.EqualFold(user, i.Name)
}

func (c *config) key(e *ldap.Entry) string {
	if c.ad {
		return guidText(e.GetEqualFoldRawAttributeValue("objectGUID"))
	}
	return strings.ToLower(clean(value(e, c.names[attrKey])))
}

func (c *config) kind(e *ldap.Entry) directory.Kind {
	if hasClass(e, "group") || hasClass(e, "groupOfNames") || hasClass(e, "groupOfUniqueNames") {
		return directory.KindGroup
	}
	return directory.KindUser
}

func hasClass(e *ldap.Entry, class string) bool {
	for _, v := range e.GetEqualFoldAttributeValues("objectClass") {
		if strings.EqualFold(v, class) {
			return true
		}
	}
	return false
}

// fields are the details in the order of the list of their names.
func fields(d *directory.Details) []*string {
	return []*string{
		&d.FirstName, &d.LastName, &d.Initials, &d.Telephone, &d.Street, &d.JobTitle,
		&d.City, &d.Company, &d.ZipCode, &d.Department, &d.Country, &d.Office,
	}
}

// addresses reads proxyAddresses: PREFIX:TEXT, where SMTP in capitals is the primary one and comes first.
func addresses(values []string) []directory.Address {
	out := make([]directory.Address, 0, len(values))
	for _, v := range values {
		v = clean(v)
		prefix, text, ok := strings.Cut(v, ":")
		switch {
		case !ok && strings.Contains(v, "@"):
			out = append(out, directory.Address{Kind: directory.SMTP, Text: v})
		case prefix == "SMTP":
			out = append([]directory.Address{{Kind: directory.SMTP, Text: text}}, out...)
		case strings.EqualFold(prefix, "smtp"):
			out = append(out, directory.Address{Kind: directory.SMTP, Text: text})
		case strings.EqualFold(prefix, "x500"):
			out = append(out, directory.Address{Kind: directory.X500, Text: text})
		}
	}
	return out
}
