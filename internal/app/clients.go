package app

import (
	"net"
	"strconv"

	"postroom/internal/serve/awsapi/api"
)

// clientSettings are the ports that mail programs connect to: those that are
// open and that passwords may cross.
func (a *App) clientSettings() []api.ClientSetting {
	var list []api.ClientSetting
	for _, p := range []struct {
		name     string
		protocol api.ClientProtocol
		security api.ClientSecurity
	}{
		{"imaps", api.ClientProtocolImap, api.ClientSecurityTls},
		{"imap", api.ClientProtocolImap, api.ClientSecurityStarttls},
		{"submissions", api.ClientProtocolSmtp, api.ClientSecurityTls},
		{"submission", api.ClientProtocolSmtp, api.ClientSecurityStarttls},
	} {
		_, text, err := net.SplitHostPort(a.bound[p.name])
		port, bad := strconv.Atoi(text)
		if err != nil || bad != nil || a.TLS == nil {
			continue
		}
		list = append(list, api.ClientSetting{Protocol: p.protocol, Host: &a.Config.Host, Port: int32(port), Security: p.security})
	}
	return list
}
