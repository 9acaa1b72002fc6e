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
	"slices"
	"testing"

	"postroom/test/samba"
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
	testing.Init() // package services asks for -short
	flag.Parse()
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func serve() (err error) {
	dir, err := os.MkdirTemp("", "postroom-samba-")
	if err != nil {
		return err
	}
	h := &host{dir: dir}
	defer h.end()
	defer caught(&err)
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
			a = obey(server, o)
		}
		if err := say.Encode(a); err != nil {
			return err
		}
	}
	return lines.Err()
}

func obey(server *samba.Server, o order) (a answer) {
	var err error
	defer func() {
		if err != nil {
			a.Error = err.Error()
		}
	}()
	defer caught(&err)
	switch {
	case o.Stop:
		server.Stop()
	case o.Start:
		server.Restart()
	default:
		a.Out = server.Tool(o.Tool...)
	}
	return a
}

// failure is what a test would end with.
type failure struct{ text string }

func (f failure) Error() string { return f.text }

// caught is for defer: it makes a failure an error, and no other panic.
func caught(err *error) {
	switch f := recover().(type) {
	case nil:
	case failure:
		*err = f
	default:
		panic(f)
	}
}

// host is as much of a test as package samba uses; anything else panics.
type host struct {
	testing.TB
	dir  string
	last []func()
}

func (h *host) Helper()           {}
func (h *host) TempDir() string   { return h.dir }
func (h *host) Cleanup(f func())  { h.last = append(h.last, f) }
func (h *host) Fatal(args ...any) { panic(failure{fmt.Sprint(args...)}) }
func (h *host) Fatalf(format string, args ...any) {
	panic(failure{fmt.Sprintf(format, args...)})
}

func (h *host) end() {
	for _, f := range slices.Backward(h.last) {
		f()
	}
	os.RemoveAll(h.dir)
}
