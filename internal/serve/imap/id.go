package imap

import wire "postroom/internal/wire/imap"

// identify is ID (RFC 2971). What the client says of itself goes to the log.
func (x *session) identify(c *wire.Command) (reply, error) {
	a := c.Args.(*wire.ID)
	attrs := make([]any, 0, 6)
	for _, p := range a.Params {
		if (p.Name == "name" || p.Name == "version" || p.Name == "os") && !p.Nil && len(p.Value) <= 100 {
			attrs = append(attrs, "client_"+p.Name, p.Value)
		}
	}
	x.log().Debug("imap client", attrs...)
	params := []wire.IDParam{{Name: "name", Value: "Postroom"}}
	if v := x.srv.cfg.Version; v != "" && x.state != wire.NotAuthenticated {
		params = append(params, wire.IDParam{Name: "version", Value: v})
	}
	x.enc.ID(params)
	return reply{}, nil
}
