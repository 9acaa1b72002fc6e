package archtest

import (
	"slices"
	"strings"
)

// floor is one row of the import table: who may import what inside the module.
// A pattern stands for the package and everything below it. Each package may
// also import its own tree: what lies below the first folder that the row names.
type floor struct {
	who    string
	may    []string // "*" is anything
	never  []string // stronger than may
	reason string
}

// coreAreas in order: an area imports what stands left of it; areas of one
// group do not know each other.
var coreAreas = [][]string{
	{"tx"}, {"audit", "jobs", "statistics"}, {"org"}, {"directory"}, {"auth"}, {"access"}, {"mailbox"}, {"search"},
	{"mailflow"}, {"calendar", "contacts"}, {"delivery"}, {"provision"},
}

// coreFormats are the formats that core keeps; a format that only a protocol
// has stops at its head.
var coreFormats = []string{
	"internal/wire/address", "internal/wire/mime", "internal/wire/html", "internal/wire/mailauth",
	"internal/wire/sieve", "internal/wire/ical", "internal/wire/vcard", "internal/wire/tnef",
}

// floors is the table. The longest pattern that fits a package is its row; a
// package below internal without a row has no place in the house.
func floors() []floor {
	rows := []floor{
		{who: "internal/base", may: []string{"internal/base"}, reason: "base stands on nothing"},
		{who: "internal/wire", may: []string{"internal/base", "internal/wire"}, reason: "wire turns bytes into structs and knows no product"},
		{
			who: "internal/store", may: []string{"internal/base", "internal/wire/mime", "internal/core", "internal/store/sqldb", "internal/store/pack"},
			reason: "a store keeps core's data and knows no other store and no head",
		},
		{
			who: "internal/connect", may: []string{"internal/base", "internal/wire", "internal/core"}, never: []string{"internal/core/tx"},
			reason: "a connector talks to a foreign system for core, and never writes by itself",
		},
		{
			who: "internal/connect/adconnector", may: []string{"internal/base", "internal/wire", "internal/core", "internal/connect/ldapdir"},
			never: []string{"internal/core/tx"}, reason: "AD Connector is LDAP, read-only",
		},
		{
			who: "internal/exchange", may: []string{"internal/base", "internal/wire", "internal/core", "internal/exchange"},
			reason: "what EWS, ActiveSync and MAPI share",
		},
		{who: "internal/app", may: []string{"*"}, reason: "the composition root knows everything"},
		{who: "internal/archtest", may: []string{"internal/archtest"}, reason: "it reads the tree and uses none of it"},
		{who: "cmd", may: []string{"*"}, reason: "main starts the app"},
		{who: "test", may: []string{"*"}, reason: "tests stand outside the house"},
	}
	return append(append(rows, coreFloors()...), serveFloors()...)
}

func coreFloors() []floor {
	var rows []floor
	left := append([]string{"internal/base"}, coreFormats...)
	for _, group := range coreAreas {
		for _, area := range group {
			rows = append(rows, floor{
				who: "internal/core/" + area, may: slices.Clone(left),
				reason: "an area of core knows the areas left of it in " + coreOrder() + ", and the formats that core keeps",
			})
		}
		for _, area := range group {
			left = append(left, "internal/core/"+area)
		}
	}
	return rows
}

func serveFloors() []floor {
	may := []string{"internal/base", "internal/wire", "internal/core", "internal/serve/httpfront"}
	row := floor{
		who: "internal/serve", may: may, never: []string{"internal/core/tx"},
		reason: "a head calls core; it knows no other head, no store, no directory driver, and opens no Write",
	}
	rows := []floor{row}
	for _, head := range []string{"ews", "activesync", "mapi"} {
		row.who = "internal/serve/" + head
		row.may = append(slices.Clone(may), "internal/exchange")
		rows = append(rows, row)
	}
	return rows
}

func coreOrder() string {
	groups := make([]string, len(coreAreas))
	for i, g := range coreAreas {
		groups[i] = strings.Join(g, ", ")
	}
	return strings.Join(groups, " < ")
}

// suites are contract suites: package code for tests only, free of the table
// and imported by nothing that ships.
var suites = []string{"internal/store/storetest", "internal/connect/dirtest"}

func isSuite(pkg string) bool {
	return slices.ContainsFunc(suites, func(s string) bool { return under(pkg, s) })
}

// rowOf is the row with the longest pattern that fits.
func rowOf(rows []floor, pkg string) (floor, bool) {
	best, found := floor{}, false
	for _, r := range rows {
		if under(pkg, r.who) && (!found || len(r.who) > len(best.who)) {
			best, found = r, true
		}
	}
	return best, found
}

// allows says whether pkg, whose row r is, may import target (both relative to
// the module's root).
func (r floor) allows(pkg, target string) bool {
	if slices.Contains(r.may, "*") {
		return true
	}
	if under(target, ownTree(r, pkg)) {
		return true
	}
	in := func(list []string) bool {
		return slices.ContainsFunc(list, func(p string) bool { return under(target, p) })
	}
	return in(r.may) && !in(r.never)
}

// ownTree is the folder that a package shares with its sub-packages: of
// internal/serve/awsapi/users it is internal/serve/awsapi.
func ownTree(r floor, pkg string) string {
	if strings.Count(r.who, "/") >= 2 {
		return r.who
	}
	rest, ok := strings.CutPrefix(pkg, r.who+"/")
	if !ok {
		return pkg
	}
	first, _, _ := strings.Cut(rest, "/")
	return r.who + "/" + first
}
