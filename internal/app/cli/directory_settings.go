package cli

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"postroom/internal/core/directory"
	"postroom/internal/serve/awsapi/api"
)

// directoryFlags say how a directory is reached and read. What is not given stays
// as it is, or is the kind's usual.
type directoryFlags struct {
	Servers     []string          `name:"server" help:"A server: HOST, or HOST:PORT where the port is not the usual one. More are asked in this order." placeholder:"HOST"`
	StartTLS    *bool             `name:"start-tls" negatable:"" help:"StartTLS on the port of plain LDAP, instead of LDAPS."`
	CAFile      *string           `name:"ca-file" help:"The certificates of the servers' authorities, in PEM; an empty name stands for those that this machine trusts." placeholder:"FILE"`
	Account     *string           `help:"The account to read and write it with: DN, userPrincipalName or DOMAIN\\user." placeholder:"NAME"`
	BaseDN      *string           `name:"base-dn" help:"Where users and groups are." placeholder:"DN"`
	UserFilter  *string           `help:"An LDAP filter that users must fit too." placeholder:"FILTER"`
	GroupFilter *string           `help:"An LDAP filter that groups must fit too." placeholder:"FILTER"`
	ReadOnly    *bool             `negatable:"" help:"An LDAP directory that is not to be written."`
	Attributes  map[string]string `name:"attribute" mapsep:"none" help:"An attribute that is called otherwise there: OURS=THEIRS. Given once, it is in place of all before." placeholder:"OURS=THEIRS"`
	SecretFile  string            `help:"Read the account's password from this file; - is standard input." placeholder:"FILE"`
}

// given tells whether a setting is.
func (f *directoryFlags) given() bool {
	return len(f.Servers) > 0 || f.StartTLS != nil || f.CAFile != nil || f.Account != nil || f.BaseDN != nil || f.UserFilter != nil || f.GroupFilter != nil ||
		f.ReadOnly != nil || f.Attributes != nil
}

// over lays the flags over the settings of in.
func (f *directoryFlags) over(in *api.TestDirectoryInput) error {
	if len(f.Servers) > 0 {
		in.Servers = f.Servers
	}
	if f.CAFile != nil {
		pem := ""
		if *f.CAFile != "" {
			text, err := os.ReadFile(*f.CAFile)
			if err != nil {
				return fmt.Errorf("the authorities' certificates cannot be read: %w", err)
			}
			if len(text) > directory.MaxCA {
				return fmt.Errorf("%s is longer than %d bytes, which certificates are not", *f.CAFile, directory.MaxCA)
			}
			pem = string(text)
		}
		in.CertificateAuthority = &pem
	}
	for _, x := range []struct{ from, to **string }{{&f.Account, &in.Account}, {&f.BaseDN, &in.BaseDn}, {&f.UserFilter, &in.UserFilter}, {&f.GroupFilter, &in.GroupFilter}} {
		if *x.from != nil {
			*x.to = *x.from
		}
	}
	if f.StartTLS != nil {
		in.StartTls = f.StartTLS
	}
	if f.ReadOnly != nil {
		in.ReadOnly = f.ReadOnly
	}
	if f.Attributes != nil {
		in.Attributes = f.Attributes
	}
	return nil
}

// settingsOf are those that a directory has.
func settingsOf(d *api.DescribeDirectoryOutput) *api.TestDirectoryInput {
	return api.Share(&api.TestDirectoryInput{StartTls: &d.StartTls, ReadOnly: &d.ReadOnly}, d)
}

var errNoSecret = errors.New("the account's password is missing: type it on a terminal, or use --secret-file FILE (- is standard input)")

// secret reads the account's password: never from an argument, which every user
// of the machine can read.
func (f *directoryFlags) secret(e *env) (*string, error) {
	text, err := typed(e, f.SecretFile, errNoSecret, func(e *env, terminal int) (string, error) {
		text, err := ask(e, terminal, "Password of the directory's account: ")
		if err == nil && text == "" {
			err = errNoSecret
		}
		return text, err
	})
	return &text, err
}

// pairs is a map on one line.
func pairs(m map[string]string) string {
	var list []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		list = append(list, key+"="+m[key])
	}
	return strings.Join(list, " ")
}
