package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"syscall"

	"postroom/internal/base/errs"
	"postroom/internal/core/delivery"
	"postroom/internal/serve/awsapi"
	"postroom/internal/serve/httpfront"
	"postroom/internal/serve/imap"
	"postroom/internal/serve/ops"
	"postroom/internal/serve/smtp"
	"postroom/internal/serve/webui"

	"github.com/coreos/go-systemd/v22/daemon"
)

// head is one protocol server on one listener.
type head struct {
	name     string
	listener net.Listener
	serve    func(net.Listener) error
	shutdown func(context.Context) error
	closeNow func() error
}

// Start serves on the ports that New bound. It returns when all of them take
// connections.
func (a *App) Start(ctx context.Context) error {
	for _, h := range a.makeHeads() {
		if h.listener != nil {
			a.heads = append(a.heads, h)
		}
	}
	c, err := a.controlHead()
	if err != nil {
		return err
	}
	a.heads = append(a.heads, c)
	for _, h := range a.heads {
		go func() {
			if err := h.serve(h.listener); err != nil && !errors.Is(err, net.ErrClosed) && !errors.Is(err, http.ErrServerClosed) {
				a.Log.Error("a port stopped serving", "head", h.name, "error", err)
				a.fail(err)
			}
		}()
	}
	a.ready.Store(true)
	a.notify(daemon.SdNotifyReady)
	return nil
}

// notify tells systemd, where it started us.
func (a *App) notify(state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		a.Log.Warn("systemd was not told", "state", state, "error", err)
	}
}

// bindAll opens every port that the configuration names.
func (a *App) bindAll(taken string) error {
	a.listeners = map[string]net.Listener{}
	for _, p := range a.Config.Listen.Ports() {
		if p.Addr == "" || p.TLS && a.TLS == nil {
			continue // without a certificate nobody could sign in
		}
		l, err := net.Listen("tcp", p.Addr)
		if err != nil {
			hint := ""
			switch {
			case errors.Is(err, syscall.EADDRINUSE) && taken != "":
				hint = taken
			case errors.Is(err, syscall.EADDRINUSE):
				hint = "Another program has it (ss -ltnp shows which): stop that, or change listen." + p.Name + "."
			case errors.Is(err, syscall.EACCES):
				hint = "Ports below 1024 need root; name a user in the configuration and start as root."
			default:
				hint = err.Error()
			}
			return errs.Say("app.New", errs.Config, errs.Nothing, "The port %s for %s cannot be opened. %s", p.Addr, p.Name, hint).Because(err)
		}
		a.listeners[p.Name], a.bound[p.Name] = l, l.Addr().String()
	}
	return nil
}

// bind gives a head the listener that New opened; nil: it is not served.
func (a *App) bind(name string) net.Listener {
	l, ok := a.listeners[name]
	if !ok {
		return nil
	}
	delete(a.listeners, name)
	return l
}

// Bound returns the address of each port that is open, by the key of its
// configuration.
func (a *App) Bound() map[string]string { return a.bound }

func (a *App) makeHeads() []head {
	limits := a.Config.Limits
	var heads []head
	services := smtp.Services{Auth: a.Auth, Router: a.Router, Delivery: map[string]*delivery.Service{}}
	for _, r := range a.Regions {
		services.Delivery[r.Name] = r.Delivery
	}
	for _, p := range []struct {
		name string
		port smtp.Port
	}{{"smtp", smtp.MX}, {"submission", smtp.Submission}, {"submissions", smtp.Submissions}} {
		if p.port != smtp.MX && a.TLS == nil {
			continue // nobody could sign in
		}
		s := smtp.New(smtp.Config{Port: p.port, Host: a.Config.Host, TLS: a.TLS, MaxMessage: limits.MessageMB << 20, MaxPerAddress: limits.PerAddress,
			Clock: a.Clock, Log: a.Log.With("head", p.name), Metrics: a.Metrics}, services)
		heads = append(heads, head{p.name, a.bind(p.name), s.Serve, s.Shutdown, s.Close})
	}
	i := imap.New(imap.Config{SignIn: a.Auth, TLS: a.TLS, Version: Version(), MaxMessage: limits.MessageMB << 20, PerAddress: max(limits.PerAddress, 1000),
		Log: a.Log.With("head", "imap"), Metrics: a.Metrics, Region: func(name string) (imap.Region, bool) {
			r, ok := a.Region(name)
			if !ok {
				return imap.Region{}, false
			}
			return imap.Region{Mailboxes: r.Mailboxes, Index: r.Search}, true
		}})
	heads = append(heads, head{"imap", a.bind("imap"), i.Serve, i.Shutdown, i.Close})
	if a.TLS != nil {
		heads = append(heads, head{"imaps", a.bind("imaps"), i.ServeTLS, i.Shutdown, i.Close})
	}
	return append(heads, a.httpHeads()...)
}

const consolePath = "/console/"

// httpHeads are the API and the console in the clear and over TLS, and the operator's port.
func (a *App) httpHeads() []head {
	regions := map[string]awsapi.Region{}
	var order []string
	for _, r := range a.Regions {
		order = append(order, r.Name)
		regions[r.Name] = awsapi.Region{Provision: r.Provision, Lists: r.Lists, Log: r.Notes, Statistics: r.Statistics}
	}
	api := awsapi.New(awsapi.Config{Auth: a.Auth, Version: Version(), Regions: regions, Order: order, Lists: a.Lists, Notes: a.Notes, Clock: a.Clock,
		Console: consolePath, BaseDomain: a.Config.BaseDomain, Clients: a.clientSettings(), Log: a.Log.With("head", "awsapi"), Metrics: a.Metrics})
	f := httpfront.New(httpfront.Config{API: api, Home: consolePath, TLS: a.TLS, Log: a.Log.With("head", "http"), PerAddress: a.Config.Limits.PerAddress})
	f.Handle(consolePath, webui.New("console"))
	f.Handle("GET "+awsapi.ModelPath, awsapi.Model())
	heads := []head{{"http", a.bind("http"), f.Serve, f.Shutdown, f.Close}}
	if a.TLS != nil {
		heads = append(heads, head{"https", a.bind("https"), f.ServeTLS, f.Shutdown, f.Close})
	}
	o := &http.Server{Handler: ops.New(ops.Config{Metrics: a.Metrics, Ready: a.Ready}), ReadHeaderTimeout: httpfront.HeaderTimeout}
	return append(heads, head{"ops", a.bind("ops"), o.Serve, o.Shutdown, o.Close})
}

// Ready tells why the server does not serve, or nil.
func (a *App) Ready(ctx context.Context) error {
	if !a.ready.Load() {
		return errs.Say("app.Ready", errs.Unavailable, errs.Nothing, "The server is starting or stopping.")
	}
	if err := a.Failed(); err != nil {
		return errs.Say("app.Ready", errs.Unavailable, errs.Storage, "The store failed; start the server again.").Because(err)
	}
	for _, db := range a.databases() {
		var one int
		if err := db.Q(nil).QueryRow(ctx, `SELECT 1`).Scan(&one); err != nil {
			return errs.Say("app.Ready", errs.Unavailable, errs.Storage, "A database does not answer.").Because(err)
		}
	}
	return nil
}

// Fatal gives the fault after which the process must end.
func (a *App) Fatal() <-chan error { return a.fatal }

func (a *App) fail(err error) {
	select {
	case a.fatal <- err:
	default:
	}
}

func (a *App) stopHeads(ctx context.Context) error {
	if a.ready.Swap(false) {
		a.notify(daemon.SdNotifyStopping)
	}
	var all []error
	done := make(chan error, len(a.heads))
	for _, h := range a.heads {
		go func() {
			err := h.shutdown(ctx)
			if err != nil {
				err = h.closeNow()
			}
			done <- err
		}()
	}
	for range a.heads {
		all = append(all, <-done)
	}
	a.heads = nil
	return errors.Join(all...)
}
