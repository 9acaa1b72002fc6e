// Package e2e runs the whole server in a temporary folder and uses it as its
// people do: the AWS SDK, SMTP, IMAP.
package e2e

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/smtp"
	"os"
	"strings"
	"testing"
	"time"

	"postroom/internal/app"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// world is a running server with its sign-ins.
type world struct {
	*testing.T
	*app.Endpoints
	app *app.App
	ctx context.Context
	tls *tls.Config
	api *workmail.Client
}

func start(t *testing.T, change func(*app.Config)) *world {
	t.Helper()
	c, err := app.DevConfig(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&c)
	}
	a, e, err := app.Dev(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := a.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return use(t, a, e)
}

func use(t *testing.T, a *app.App, e *app.Endpoints) *world {
	t.Helper()
	ca, err := os.ReadFile(e.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		t.Fatal("ca_file has no certificate")
	}
	w := &world{T: t, Endpoints: e, app: a, ctx: t.Context(), tls: &tls.Config{RootCAs: roots, ServerName: "localhost"}}
	w.api = w.client(e.Region)
	return w
}

func (w *world) client(region string) *workmail.Client {
	return workmail.New(workmail.Options{Region: region, BaseEndpoint: aws.String(w.API),
		Credentials: credentials.NewStaticCredentialsProvider(w.AccessKey.ID, w.AccessKey.Secret, "")})
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// send delivers by SMTP to the MX.
func (w *world) send(from, text string, to ...string) error {
	c, err := smtp.Dial(w.SMTP)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.StartTLS(w.tls); err != nil {
		return err
	}
	return transact(c, from, text, to)
}

// submit sends as a signed-in user by the TLS port.
func (w *world) submit(login, password, from, text string, to ...string) error {
	conn, err := tls.Dial("tcp", w.Submissions, w.tls)
	if err != nil {
		return err
	}
	c, err := smtp.NewClient(conn, "localhost")
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Auth(smtp.PlainAuth("", login, password, "localhost")); err != nil {
		return err
	}
	return transact(c, from, text, to)
}

func transact(c *smtp.Client, from, text string, to []string) error {
	if err := c.Mail(from); err != nil {
		return err
	}
	for _, r := range to {
		if err := c.Rcpt(r); err != nil {
			return fmt.Errorf("RCPT %s: %w", r, err)
		}
	}
	d, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := io.WriteString(d, strings.ReplaceAll(text, "\n", "\r\n")); err != nil {
		return err
	}
	if err := d.Close(); err != nil {
		return err
	}
	return c.Quit()
}

// imap signs in over TLS.
func (w *world) imap(login, password string) *imapclient.Client {
	w.Helper()
	c, err := w.tryIMAP(login, password)
	w.ok(err)
	return c
}

func (w *world) tryIMAP(login, password string) (*imapclient.Client, error) {
	conn, err := tls.Dial("tcp", w.IMAPS, w.tls)
	if err != nil {
		return nil, err
	}
	c := imapclient.New(conn, nil)
	if err := c.Login(login, password).Wait(); err != nil {
		c.Close()
		return nil, err
	}
	w.Cleanup(func() { c.Close() })
	return c, nil
}

// bodies reads all messages of a folder.
func (w *world) bodies(c *imapclient.Client, folder string) (texts []string) {
	w.Helper()
	box, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	w.ok(err)
	if box.NumMessages == 0 {
		return nil
	}
	section := &imap.FetchItemBodySection{Peek: true}
	list, err := c.Fetch(imap.SeqSet{{Start: 1, Stop: box.NumMessages}}, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	w.ok(err)
	for _, m := range list {
		texts = append(texts, string(m.FindBodySection(section)))
	}
	return texts
}

func letter(from, to, subject string) string {
	return fmt.Sprintf("From: <%s>\nTo: <%s>\nSubject: %s\nMessage-ID: <%d@test>\n\nText of %s.\n", from, to, subject, time.Now().UnixNano(), subject)
}

// TestMainJob: an administrator creates a user, and the user has mail.
func TestMainJob(t *testing.T) {
	w := start(t, nil)
	mainJob(w)
}

func mainJob(w *world) {
	org, err := w.api.CreateOrganization(w.ctx, &workmail.CreateOrganizationInput{Alias: aws.String("brand-new")})
	w.ok(err)
	user, err := w.api.CreateUser(w.ctx, &workmail.CreateUserInput{OrganizationId: org.OrganizationId, Name: aws.String("carol"),
		DisplayName: aws.String("Carol"), Password: aws.String("Secret-12345")})
	w.ok(err)
	const carol = "carol@brand-new.postroom.test"
	if err := w.send("who@elsewhere.test", letter("who@elsewhere.test", carol, "too early"), carol); err == nil {
		w.Fatal("mail was taken before the user was registered")
	}
	_, err = w.api.RegisterToWorkMail(w.ctx, &workmail.RegisterToWorkMailInput{OrganizationId: org.OrganizationId, EntityId: user.UserId, Email: aws.String(carol)})
	w.ok(err)
	w.ok(w.send("who@elsewhere.test", letter("who@elsewhere.test", carol, "hello"), carol))

	box := w.imap(carol, "Secret-12345")
	got := w.bodies(box, "INBOX")
	if len(got) != 1 || !strings.Contains(got[0], "Text of hello.") || !strings.HasPrefix(got[0], "Return-Path: <who@elsewhere.test>") {
		w.Fatalf("the inbox has %q", got)
	}

	// She answers one of the sample organization; the answer arrives.
	alice := w.Users[0]
	w.ok(w.submit(carol, "Secret-12345", carol, letter(carol, alice.Email, "Re: hello"), alice.Email))
	if got := w.bodies(w.imap(alice.Email, alice.Password), "INBOX"); len(got) != 1 || !strings.Contains(got[0], "Re: hello") {
		w.Fatalf("the other inbox has %q", got)
	}
	// Not with a foreign name.
	if err := w.submit(carol, "Secret-12345", alice.Email, letter(alice.Email, carol, "forged"), carol); err == nil {
		w.Fatal("a foreign sender was taken")
	}

	// Disabled: her open connection is gone, mail bounces, nobody signs in.
	_, err = w.api.DeregisterFromWorkMail(w.ctx, &workmail.DeregisterFromWorkMailInput{OrganizationId: org.OrganizationId, EntityId: user.UserId})
	w.ok(err)
	if err := box.Noop().Wait(); err == nil {
		w.Fatal("the open connection goes on")
	}
	if err := w.send("who@elsewhere.test", letter("who@elsewhere.test", carol, "late"), carol); err == nil || !strings.Contains(err.Error(), "550") {
		w.Fatalf("mail to a disabled user: %v", err)
	}
	if _, err := w.tryIMAP(carol, "Secret-12345"); err == nil {
		w.Fatal("a disabled user signed in")
	}

	// Registered again: the old mail is there.
	_, err = w.api.RegisterToWorkMail(w.ctx, &workmail.RegisterToWorkMailInput{OrganizationId: org.OrganizationId, EntityId: user.UserId, Email: aws.String(carol)})
	w.ok(err)
	if got := w.bodies(w.imap(carol, "Secret-12345"), "INBOX"); len(got) != 1 || !strings.Contains(got[0], "Text of hello.") {
		w.Fatalf("after registering again the inbox has %q", got)
	}
}
