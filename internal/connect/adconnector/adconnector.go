// Package adconnector is a corporate Active Directory that is only read, as AD
// Connector does: users are made, changed and given passwords there. It is
// ldapdir without a way to write, and refuses to become one.
package adconnector

import (
	"postroom/internal/connect/ldapdir"
	"postroom/internal/core/directory"
)

// Connector is a directory.Foreign and no directory.Writer: its methods are
// those of the interface alone, whatever stands behind it.
type Connector struct{ directory.Foreign }

// Open checks the settings and connects to nothing yet. errs.Invalid, Directory.
func Open(s directory.Settings, o ldapdir.Options) (*Connector, error) {
	s.Kind, s.ReadOnly = directory.ADConnector, true
	r, err := ldapdir.OpenReader(s, o)
	if err != nil {
		return nil, err
	}
	return &Connector{r}, nil
}

// This does not compile once Connector or directory.Foreign has a method Create:
// the two would be ambiguous.
var _ interface{ Create(noWriter) } = struct {
	*Connector
	probe
}{}

type (
	noWriter struct{}
	creates  struct{}
	probe    struct{ creates }
)

// Create is the method that must stay the only one of its name.
func (creates) Create(noWriter) {}
