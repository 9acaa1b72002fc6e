package cli

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"syscall"

	"postroom/internal/base/errs"
)

// apiError is an exception that the API answered.
type apiError struct {
	exception, text, request string
	raw                      bool // of `postroom api`, which speaks the API's words
}

func (e *apiError) Error() string { return e.exception + ": " + e.text }

// is tells whether err is this exception.
func is(err error, exception string) bool {
	var e *apiError
	return errors.As(err, &e) && e.exception == exception
}

// sentence is one line about err that says what to do.
func sentence(err error) string {
	var a *apiError
	if errors.As(err, &a) {
		return a.sentence()
	}
	var e *errs.Error
	if errors.As(err, &e) {
		text := errs.Public(err)
		switch {
		case e.Kind == errs.Internal && e.Public != "" && e.Cause == nil:
			text = strings.ReplaceAll(e.Public, " under this request's id", "")
		case e.Public == "" || e.Kind == errs.Internal:
			text = err.Error() // who has the machine may see it
		default:
			text += because(text, e)
		}
		return commandWords.Replace(strings.ReplaceAll(text, "\n", " "))
	}
	if text := connectionFault(err); text != "" {
		return text
	}
	return strings.ReplaceAll(err.Error(), "\n", " ")
}

func (e *apiError) sentence() string {
	text := strings.ReplaceAll(e.text, "\n", " ")
	if !e.raw {
		text = commandWords.Replace(inWords(text))
	}
	if strings.Contains(text, "this request's id") {
		text = strings.ReplaceAll(text, "this request's id", "the id "+e.request)
	}
	if hint := hints[e.exception]; hint != "" {
		text += " " + hint
	}
	return text + " (" + e.exception + ")"
}

// hints say what to do where the API's sentence cannot.
var hints = map[string]string{
	"UnrecognizedClientException":         "Make a key with: postroom admin access-key create NAME",
	"InvalidSignatureException":           "Check the secret, the region and this machine's clock.",
	"MissingAuthenticationTokenException": "Name a key by --endpoints or AWS_ACCESS_KEY_ID.",
	"MailDomainNotFoundException":         "Another organization is named by --organization.",
}

// commandWords are this program's for what the API calls otherwise.
var commandWords = strings.NewReplacer(
	"Deregister them first, or delete with ForceDelete.", "Disable them first, or delete with --force.",
	"Deregister it first.", "Disable it first, with the command disable.",
	"Register it first", "Enable it first, with the command enable",
	"(and register it)", "(and enable it)",
	", and its own NextToken", "",
)

// connectionFault says what is wrong between here and the server; empty where err
// is something else.
func connectionFault(err error) string {
	var n net.Error
	var d *net.DNSError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var certificate x509.CertificateInvalidError
	var record tls.RecordHeaderError
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "No server answers: " + err.Error() + ". Start one (postroom dev --data var/dev, or postroom serve), or name another with --endpoints."
	case errors.As(err, &authority):
		return "This machine does not trust the server's certificate: " + authority.Error() +
			". Name the file of its CA's certificate: AWS_CA_BUNDLE=FILE, or ca_file in the endpoints (postroom dev writes ca.pem into its folder)."
	case errors.As(err, &host):
		return "The server's certificate is for another name: " + host.Error() + ". Use a name that it has in the URL."
	case errors.As(err, &certificate):
		return "The server's certificate does not hold: " + certificate.Error() + ". postroom doctor on the server says more."
	case errors.As(err, &record), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return "The server does not speak TLS on this port: is the URL one of http:, or the port another's? [" + err.Error() + "]"
	case strings.Contains(err.Error(), "malformed HTTP"):
		return "What answers there does not speak HTTP: is the port that of mail? The API is on the ports http and https. [" + err.Error() + "]"
	case errors.As(err, &d):
		return "The name of the server is not found: " + d.Error()
	case errors.As(err, &n) && n.Timeout():
		return "The server did not answer in time: " + err.Error()
	}
	return ""
}
