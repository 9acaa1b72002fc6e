package house

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
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

// SMTP is a connection to the MX.
type SMTP struct {
	conn net.Conn
	in   *bufio.Reader
}

// Refusal is a reply that is not the one that was hoped for.
type Refusal struct{ Reply string }

func (r *Refusal) Error() string { return r.Reply }

// Dial connects and says EHLO. Every later exchange has 30 s together.
func Dial(e *app.Endpoints) (*SMTP, error) {
	conn, err := net.DialTimeout("tcp", e.SMTP, 5*time.Second)
	if err != nil {
		return nil, err
	}
	s := &SMTP{conn, bufio.NewReader(conn)}
	s.Within(60 * time.Second)
	if _, err = s.Say("", "220"); err == nil {
		_, err = s.Say("EHLO test\r\n", "250")
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return s, nil
}

// Within gives the connection so much time from now on.
func (s *SMTP) Within(d time.Duration) { s.conn.SetDeadline(time.Now().Add(d)) }

// Say sends text, unless it is empty, and reads the reply; it is a *Refusal
// where it does not begin with code.
func (s *SMTP) Say(text, code string) (string, error) {
	if text != "" {
		if _, err := io.WriteString(s.conn, text); err != nil {
			return "", err
		}
	}
	for {
		got, err := s.in.ReadString('\n')
		if err != nil {
			return "", err
		}
		if len(got) > 3 && got[3] == ' ' {
			if !strings.HasPrefix(got, code) {
				return got, &Refusal{got}
			}
			return got, nil
		}
	}
}

// Send makes one transaction. text ends with CRLF and has no line that begins
// with a dot.
func (s *SMTP) Send(from string, to []*app.SampleUser, text string) (string, error) {
	if reply, err := s.Say("MAIL FROM:<"+from+">\r\n", "250"); err != nil {
		return reply, err
	}
	for _, u := range to {
		if reply, err := s.Say("RCPT TO:<"+u.Email+">\r\n", "250"); err != nil {
			return reply, err
		}
	}
	if reply, err := s.Say("DATA\r\n", "354"); err != nil {
		return reply, err
	}
	return s.Say(text+".\r\n", "250")
}

// Close hangs up.
func (s *SMTP) Close() { s.conn.Close() }

// IMAP signs in a user over TLS.
func IMAP(t testing.TB, e *app.Endpoints, u *app.SampleUser) *imapclient.Client {
	t.Helper()
	c, err := TryIMAP(e, u)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// TryIMAP is IMAP with an error.
func TryIMAP(e *app.Endpoints, u *app.SampleUser) (*imapclient.Client, error) {
	ca, err := os.ReadFile(e.CAFile)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: 10 * time.Second}, "tcp", e.IMAPS, &tls.Config{RootCAs: roots, ServerName: "localhost"})
	if err != nil {
		return nil, err
	}
	c := imapclient.New(conn, nil)
	if err := c.Login(u.Email, u.Password).Wait(); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// Inbox reads all messages of a user's inbox.
func Inbox(t testing.TB, e *app.Endpoints, u *app.SampleUser) []string {
	t.Helper()
	c := IMAP(t, e, u)
	defer c.Close()
	texts, err := Bodies(c, "INBOX")
	if err != nil {
		t.Fatalf("the inbox of %s: %v", u.Username, err)
	}
	return texts
}

// Bodies reads all messages of a folder.
func Bodies(c *imapclient.Client, folder string) (texts []string, err error) {
	box, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil || box.NumMessages == 0 {
		return nil, err
	}
	section := &imap.FetchItemBodySection{Peek: true}
	list, err := c.Fetch(imap.SeqSet{{Start: 1, Stop: box.NumMessages}}, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		texts = append(texts, string(m.FindBodySection(section)))
	}
	if len(texts) != int(box.NumMessages) {
		return texts, fmt.Errorf("%s has %d messages and gave %d", folder, box.NumMessages, len(texts))
	}
	return texts, nil
}

// API is a client of the region's administration that does not repeat calls.
func API(e *app.Endpoints) *workmail.Client {
	return workmail.New(workmail.Options{Region: e.Region, BaseEndpoint: aws.String(e.API), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(e.AccessKey.ID, e.AccessKey.Secret, "")})
}
