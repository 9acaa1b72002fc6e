package ldapdir

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"

	"postroom/internal/base/errs"

	"github.com/go-ldap/ldap/v3"
)

// errRefused is the cause where the directory refuses the service account.
var errRefused = errors.New("the service account is refused")

// passed is an error of whom the results are handed to: nothing of ours.
type passed struct{ error }

func (p passed) Unwrap() error { return p.error }

// broken tells whether a connection is of no use any more after err.
func broken(err error) bool {
	var le *ldap.Error
	var p passed
	switch {
	case errors.As(err, &p):
		return false
	case errors.As(err, &le):
		return le.ResultCode >= ldap.ErrorNetwork && le.ResultCode < 300
	}
	var ne net.Error
	var mine *errs.Error
	return err != nil && !errors.As(err, &mine) || errors.As(err, &ne) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

func code(err error) int {
	var le *ldap.Error
	if errors.As(err, &le) && le.ResultCode < ldap.ErrorNetwork {
		return int(le.ResultCode)
	}
	return -1
}

// words are the diagnostic message of the server, for the log and for an administrator's test.
func words(err error) string {
	var le *ldap.Error
	if errors.As(err, &le) && le.Err != nil {
		return strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return -1
			}
			return r
		}, clip(le.Err.Error(), 300))
	}
	return ""
}

// fault is a server's error as the house says it.
func fault(op string, err error) error {
	var mine *errs.Error
	var p passed
	switch {
	case err == nil:
		return nil
	case errors.As(err, &p):
		return p.error
	case errors.As(err, &mine):
		return err
	case errors.Is(err, errRefused):
		return errs.Say(op, errs.Denied, errs.Directory, "The directory refuses the service account.").Because(err)
	case errors.Is(err, errTooLarge):
		return errs.Say(op, errs.Unavailable, errs.Directory, "The directory's answer is too large: a value of more than 8 MB, or a page of more than 64 MB.").Because(err)
	case badCertificate(err):
		return errs.Say(op, errs.Unavailable, errs.Directory, "The certificate of the directory's server is not trusted.").Because(err)
	case broken(err):
		return errs.Say(op, errs.Unavailable, errs.Directory, "The directory does not answer.").Because(err)
	}
	e := errs.Say(op, errs.Unavailable, errs.Directory, "The directory could not do it.")
	switch code(err) {
	case ldap.LDAPResultInsufficientAccessRights:
		e = errs.Say(op, errs.Denied, errs.Directory, "The service account may not do this in the directory.")
	case ldap.LDAPResultInvalidCredentials, ldap.LDAPResultInappropriateAuthentication, ldap.LDAPResultAuthMethodNotSupported,
		ldap.LDAPResultStrongAuthRequired:
		e = errs.Say(op, errs.Denied, errs.Directory, "The directory refuses the service account.")
	case ldap.LDAPResultNoSuchObject:
		e = notFound(op)
	case ldap.LDAPResultEntryAlreadyExists:
		e = errs.Say(op, errs.Exists, errs.Entry, "The name is taken in the directory.")
	case ldap.LDAPResultSizeLimitExceeded:
		e = errs.Say(op, errs.Denied, errs.Directory, "The directory does not let the service account read everything: its size limit is too low.")
	case ldap.LDAPResultNotAllowedOnNonLeaf:
		e = errs.Say(op, errs.State, errs.Entry, "The entry has others below it in the directory.")
	case ldap.LDAPResultConstraintViolation, ldap.LDAPResultInvalidAttributeSyntax, ldap.LDAPResultObjectClassViolation,
		ldap.LDAPResultUndefinedAttributeType, ldap.LDAPResultNamingViolation, ldap.LDAPResultInvalidDNSyntax, ldap.LDAPResultUnwillingToPerform:
		e = errs.Say(op, errs.Invalid, errs.Entry, "The directory does not take this%s.", attributeNamed(err))
	}
	return e.Because(err)
}

// attributeNamed is ": NAME" where the message names an attribute, as AD's "Att 150013e (initials)", Samba's "attribute 'initials'" and slapd's "initials: value #0 …" do.
func attributeNamed(err error) string {
	text := words(err)
	if _, after, ok := strings.Cut(text, "Att "); ok {
		if _, name, ok := strings.Cut(after, "("); ok {
			if name, _, ok := strings.Cut(name, ")"); ok && attributeForm.MatchString(name) {
				return " value of " + name
			}
		}
	}
	if _, after, ok := strings.Cut(text, "attribute '"); ok {
		if name, _, ok := strings.Cut(after, "'"); ok && attributeForm.MatchString(name) {
			return " value of " + name
		}
	}
	if name, _, ok := strings.Cut(text, ":"); ok && attributeForm.MatchString(name) && !strings.HasPrefix(name, "0") {
		return " value of " + name
	}
	return ""
}

func badCertificate(err error) bool {
	var a *tls.CertificateVerificationError
	var b x509.UnknownAuthorityError
	var c x509.HostnameError
	var d x509.CertificateInvalidError
	if err != nil && strings.Contains(err.Error(), "failed to verify certificate") { // StartTLS of the library loses the cause
		return true
	}
	return errors.As(err, &a) || errors.As(err, &b) || errors.As(err, &c) || errors.As(err, &d)
}

func notFound(op string) *errs.Error {
	return errs.Say(op, errs.NotFound, errs.Entry, "It is not in the directory.")
}
