package archtest

import (
	"slices"
	"strings"
)

// library is one row of the table of foreign code. A library with a model of
// its own has one home, so that its types stop there and it can be replaced.
type library struct {
	path   string   // import path, with all below it
	homes  []string // package trees; none: tests only; "*": anywhere
	reason string
}

// libraries is the table; the longest path that fits an import is its row. An
// import without a row is refused: a new library is a decision, written here.
var libraries = []library{
	{"modernc.org/sqlite", []string{"internal/store/sqldb"}, "the SQLite driver"},
	{"modernc.org/libc", []string{"internal/store/sqldb"}, "the C library of the SQLite driver"},
	{"github.com/jackc/pgx/v5", []string{"internal/store/sqldb"}, "the PostgreSQL driver"},
	{"github.com/pressly/goose/v3", []string{"internal/store/sqldb"}, "schema migrations"},
	{"github.com/klauspost/compress", []string{"internal/store/pack"}, "frames of packs are compressed"},
	{"github.com/aws/aws-sdk-go-v2/service/s3", []string{"internal/store/pack"}, "packs as objects"},
	{"github.com/aws/aws-sdk-go-v2/service/workmail", []string{"internal/serve/awsapi", "internal/app/cli"}, "wire structs of the API, and its client"},
	{
		"github.com/aws/aws-sdk-go-v2", []string{"internal/store/pack", "internal/serve/awsapi", "internal/app/cli", "internal/wire/sigv4"},
		"the SDK's root goes where one of its service modules goes, and to the signature",
	},
	{
		"github.com/aws/smithy-go", []string{"internal/store/pack", "internal/serve/awsapi", "internal/app/cli", "internal/wire/sigv4"},
		"the SDK's root goes where one of its service modules goes, and to the signature",
	},
	{"github.com/emersion/go-smtp", []string{"internal/serve/smtp", "internal/connect/smtpout"}, "SMTP, one side each"},
	{"github.com/emersion/go-sasl", []string{"internal/serve/smtp", "internal/serve/imap"}, "SASL mechanisms of the two heads that sign in by it"},
	{"github.com/emersion/go-message", []string{"internal/wire/mime"}, "reading MIME"},
	{"github.com/jhillyerd/enmime/v2", []string{"internal/wire/mime"}, "reading odd MIME"},
	{"golang.org/x/net/html", []string{"internal/wire/html"}, "the HTML tree"},
	{"github.com/miekg/dns", []string{"internal/base/dnsx"}, "DNS messages"},
	{"github.com/go-ldap/ldap/v3", []string{"internal/connect/ldapdir"}, "LDAP and Active Directory"},
	{"github.com/go-asn1-ber/asn1-ber", []string{"internal/connect/ldapdir"}, "values of LDAP controls"},
	{"github.com/google/uuid", []string{"internal/base/ids"}, "random identifiers"},
	{"github.com/alecthomas/kong", []string{"internal/app/cli"}, "the command line"},
	{"github.com/pelletier/go-toml/v2", []string{"internal/app"}, "the configuration file"},
	{"github.com/coreos/go-systemd/v22", []string{"internal/app"}, "readiness for systemd"},
	{"github.com/schollz/progressbar/v3", []string{"internal/app/cli"}, "progress on a terminal"},
	{"github.com/olekukonko/tablewriter", []string{"internal/app/cli"}, "tables on a terminal"},
	{"github.com/pquerna/otp", []string{"internal/core/auth"}, "one-time passwords of administrators"},
	{"github.com/go-webauthn/webauthn", []string{"internal/core/auth"}, "passkeys of administrators"},
	{"golang.org/x/term", []string{"internal/app"}, "whether a terminal is there"},
	{"github.com/prometheus", []string{"internal/base/metrics", "internal/serve/ops"}, "figures are counted through base/metrics and shown by ops"},

	{"golang.org/x/crypto", []string{"*"}, "primitives, no model"},
	{"golang.org/x/net", []string{"*"}, "primitives, no model"},
	{"golang.org/x/sync", []string{"*"}, "primitives, no model"},
	{"golang.org/x/sys", []string{"*"}, "primitives, no model"},
	{"golang.org/x/text", []string{"*"}, "primitives, no model"},
	{"golang.org/x/time", []string{"*"}, "primitives, no model"},

	{"github.com/emersion/go-imap/v2", nil, "a client to test our own IMAP server with"},
	{"github.com/google/go-cmp", nil, "comparing in tests"},
	{"github.com/johannesboyne/gofakes3", nil, "a small S3 in the test process"},
	{"github.com/rogpeppe/go-internal", nil, "test scripts"},
	{"pgregory.net/rapid", nil, "tests by properties"},
	{"golang.org/x/tools", nil, "text archives in tests"},
}

func libraryOf(path string) (library, bool) {
	best, found := library{}, false
	for _, l := range libraries {
		if under(path, l.path) && (!found || len(l.path) > len(best.path)) {
			best, found = l, true
		}
	}
	return best, found
}

func (l library) allows(pkg string) bool {
	return under(pkg, "test") || slices.ContainsFunc(l.homes, func(h string) bool { return h == "*" || under(pkg, h) })
}

func (l library) where() string {
	if len(l.homes) == 0 {
		return "in tests"
	}
	return "in " + strings.Join(l.homes, ", ")
}

// standard says that an import path is of Go's own library: its first element
// has no dot.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}
