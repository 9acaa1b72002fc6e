// Command serve runs Samba's domain controller for tests that are not Go:
// `go run ./test/samba/serve [SMB.CONF LINE...]`. It says where the server is in a
// line of JSON, and ends it with its standard input. Each line of the input is an
// order, and each answer a line:
//
//	{"tool": ["user", "disable", "mia"]}  samba-tool on the server's database
//	{"stop": true}, {"start": true}       the server itself
//
// An answer is {"out": TEXT} or {"error": TEXT}.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"postroom/test/samba"
	"postroom/test/services"
)

type order struct {
	Tool        []string
	Stop, Start bool
}

type answer struct {
	Out   string `json:"out,omitempty"`
	Error string `json:"error,omitempty"`
}

func main() {
	flag.Parse()
	h := services.NewHost("")
	if err := h.Do(func() error { return serve(h) }); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func serve(h *services.Host) error {
	dir, err := os.MkdirTemp("", "postroom-samba-")
	if err != nil {
		return err
	}
	h.Dir = dir
	defer os.RemoveAll(dir)
	defer h.End()
	server := samba.Start(h, flag.Args()...)
	say := json.NewEncoder(os.Stdout)
	if err := say.Encode(map[string]string{
		"address": server.Address, "ca": server.CA, "domain": samba.Domain, "realm": samba.Realm, "base": samba.BaseDN, "ou": samba.MailOU,
		"admin": samba.Admin, "reader": samba.Reader, "writer": samba.Writer, "password": samba.Password,
	}); err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var o order
		a := answer{}
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			a.Error = err.Error()
		} else {
			a = obey(h, server, o)
		}
		if err := say.Encode(a); err != nil {
			return err
		}
	}
	return lines.Err()
}

func obey(h *services.Host, server *samba.Server, o order) (a answer) {
	err := h.Do(func() error {
		switch {
		case o.Stop:
			server.Stop()
		case o.Start:
			server.Restart()
		default:
			a.Out = server.Tool(o.Tool...)
		}
		return nil
	})
	if err != nil {
		a.Error = err.Error()
	}
	return a
}
