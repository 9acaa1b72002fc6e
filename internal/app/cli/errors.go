package cli

import (
	"errors"
	"net"
	"strings"
	"syscall"

	"postroom/internal/base/errs"
)

// apiError is an exception that the API answered.
type apiError struct {
	exception, text, request string
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
		text := strings.ReplaceAll(a.text, "\n", " ")
		if hint := hints[a.exception]; hint != "" {
			text += " " + hint
		}
		return text + " (" + a.exception + ")"
	}
	var e *errs.Error
	if errors.As(err, &e) {
		text := errs.Public(err)
		if e.Public == "" || e.Kind == errs.Internal {
			text = err.Error() // who has the machine may see it
		} else if e.Cause != nil {
			text += " [" + e.Cause.Error() + "]"
		}
		return strings.ReplaceAll(text, "\n", " ")
	}
	var n net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "No server answers: " + err.Error() + ". Start one (postroom dev --data var/dev, or postroom serve), or name another with --endpoints."
	case errors.As(err, &n) && n.Timeout():
		return "The server did not answer in time: " + err.Error()
	}
	return strings.ReplaceAll(err.Error(), "\n", " ")
}

// hints say what to do where the API's sentence cannot.
var hints = map[string]string{
	"UnrecognizedClientException":         "Make a key with: postroom admin access-key create NAME",
	"InvalidSignatureException":           "Check the secret, the region and this machine's clock.",
	"MissingAuthenticationTokenException": "Name a key by --endpoints or AWS_ACCESS_KEY_ID.",
}
