package script

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"os"

	"github.com/rogpeppe/go-internal/testscript"
)

// submit hands in a message as alice.
func submit(s *testscript.TestScript, neg bool, a []string) {
	args(s, neg, a, 2, "submit TO TEXT")
	pem, err := os.ReadFile(s.Getenv("CA"))
	s.Check(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	host, _, err := net.SplitHostPort(s.Getenv("SUBMISSION"))
	s.Check(err)
	c, err := smtp.Dial(s.Getenv("SUBMISSION"))
	s.Check(err)
	defer c.Close()
	from := s.Getenv("ALICE")
	s.Check(c.StartTLS(&tls.Config{RootCAs: roots, ServerName: host}))
	s.Check(errors.Join(c.Auth(smtp.PlainAuth("", from, s.Getenv("PASSWORD"), host)), c.Mail(from), c.Rcpt(a[0])))
	w, err := c.Data()
	s.Check(err)
	_, err = fmt.Fprintf(w, "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\n\r\n%s\r\n", from, a[0], a[1], a[1])
	s.Check(errors.Join(err, w.Close()))
}
