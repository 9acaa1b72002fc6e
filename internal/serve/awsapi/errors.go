package awsapi

import (
	"errors"
	"net/http"

	"postroom/internal/base/errs"
	"postroom/internal/serve/awsapi/api"
	"postroom/internal/wire/awsjson"
	"postroom/internal/wire/sigv4"
)

// The exceptions that no model declares: AWS has them in common for all services.
const (
	validation         = "ValidationException"
	serialization      = "SerializationException"
	unknownOperation   = "UnknownOperationException"
	accessDenied       = "AccessDeniedException"
	unrecognizedClient = "UnrecognizedClientException"
	expiredToken       = "ExpiredTokenException"
	throttling         = "ThrottlingException"
	conflict           = "ConflictException"
	tooLarge           = "RequestEntityTooLargeException"
	internalFailure    = "InternalFailure"
	serviceUnavailable = "ServiceUnavailable"

	invalidParameter = "InvalidParameterException"
	unsupported      = "UnsupportedOperationException"
	resourceNotFound = "ResourceNotFoundException"
)

// common exceptions are answered whatever the model of an operation declares.
var common = map[string]bool{
	validation: true, accessDenied: true, unrecognizedClient: true, expiredToken: true, throttling: true,
	conflict: true, tooLarge: true, internalFailure: true, serviceUnavailable: true,
}

// exceptions turns a kind of error into the names that AWS has for it, by
// subject; Nothing is for the subjects that have no line. Of several names the
// first that the operation declares is answered, or the first where it declares none.
var exceptions = map[errs.Kind]map[errs.Subject][]string{
	errs.Internal: {errs.Nothing: {internalFailure}},
	errs.Invalid:  {errs.Nothing: {invalidParameter, validation}},
	errs.NotFound: {
		errs.Nothing:      {resourceNotFound},
		errs.Organization: {"OrganizationNotFoundException", resourceNotFound},
		errs.MailDomain:   {"MailDomainNotFoundException", resourceNotFound},
		errs.Entry:        {"EntityNotFoundException", resourceNotFound},
		errs.Address:      {"EntityNotFoundException", resourceNotFound},
		errs.Mailbox:      {"EntityNotFoundException", resourceNotFound},
		errs.Directory:    {"DirectoryUnavailableException", resourceNotFound},
	},
	errs.Exists: {
		errs.Nothing:    {"NameAvailabilityException"},
		errs.Address:    {"EmailAddressInUseException", "NameAvailabilityException"},
		errs.MailDomain: {"MailDomainInUseException", "NameAvailabilityException"},
	},
	errs.InUse: {
		errs.Nothing:    {"EntityStateException", invalidParameter},
		errs.Address:    {"EmailAddressInUseException"},
		errs.MailDomain: {"MailDomainInUseException", invalidParameter},
		errs.Directory:  {"DirectoryInUseException", invalidParameter},
	},
	errs.Reserved: {errs.Nothing: {"ReservedNameException", invalidParameter}},
	errs.State: {
		errs.Nothing:      {"EntityStateException", invalidParameter},
		errs.Organization: {"OrganizationStateException", resourceNotFound},
		errs.MailDomain:   {"MailDomainStateException", invalidParameter},
		// The last administrator: no exception of AWS says it better.
		errs.Administrator: {invalidParameter},
	},
	errs.Registered: {errs.Nothing: {"EntityAlreadyRegisteredException", "EntityStateException"}},
	errs.Limit: {
		errs.Nothing: {"LimitExceededException"},
		errs.Tags:    {"TooManyTagsException", "LimitExceededException"},
	},
	errs.Unsupported: {errs.Nothing: {unsupported}},
	errs.Password:    {errs.Nothing: {"InvalidPasswordException", invalidParameter}},
	errs.Config:      {errs.Nothing: {"InvalidConfigurationException", invalidParameter}},
	errs.Conflict:    {errs.Nothing: {conflict}},
	errs.Unauthenticated: {
		errs.Nothing:   {accessDenied},
		errs.Session:   {expiredToken},
		errs.AccessKey: {unrecognizedClient},
	},
	errs.Denied: {
		errs.Nothing: {accessDenied},
		// The directory refuses our account: not the caller's rights.
		errs.Directory: {"DirectoryServiceAuthenticationFailedException", "DirectoryUnavailableException"},
	},
	errs.Throttled: {errs.Nothing: {throttling}},
	errs.TooLarge: {
		errs.Nothing: {invalidParameter, validation},
		errs.Request: {tooLarge},
	},
	errs.OverQuota: {errs.Nothing: {"LimitExceededException"}},
	errs.Unavailable: {
		errs.Nothing:   {serviceUnavailable},
		errs.Directory: {"DirectoryUnavailableException", serviceUnavailable},
	},
}

// exceptionOf chooses the exception of a kind and subject for an operation.
func exceptionOf(op *api.Operation, kind errs.Kind, subject errs.Subject) string {
	names := exceptions[kind][subject]
	if names == nil {
		names = exceptions[kind][errs.Nothing]
	}
	for _, name := range names {
		if common[name] || op != nil && op.Declares(name) {
			return name
		}
	}
	if kind == errs.Invalid {
		return validation
	}
	return names[0]
}

// failure is an error as it is answered.
type failure struct {
	exception string
	text      string
	kind      errs.Kind
}

// refusal is an error of this head that is none of core's.
type refusal struct {
	exception, text string
	kind            errs.Kind
}

func (r *refusal) Error() string { return r.exception + ": " + r.text }

// failed says how an error is answered.
func failed(op *api.Operation, err error) failure {
	var (
		own     *refusal
		signed  *sigv4.Error
		body    *awsjson.Error
		invalid *api.Invalid
	)
	switch {
	case errors.As(err, &own):
		return failure{own.exception, own.text, own.kind}
	case errors.As(err, &signed):
		return failure{signed.Exception(), signed.Text, errs.Unauthenticated}
	case errors.As(err, &invalid):
		return failure{exceptionOf(op, errs.Invalid, errs.Request), invalid.Error(), errs.Invalid}
	case errors.As(err, &body):
		switch body.Kind {
		case awsjson.BadValue:
			return failure{exceptionOf(op, errs.Invalid, errs.Request), body.Error(), errs.Invalid}
		case awsjson.TooLarge:
			return failure{tooLarge, body.Error(), errs.TooLarge}
		}
		return failure{serialization, body.Error(), errs.Invalid}
	}
	kind, subject := errs.Of(err)
	return failure{exceptionOf(op, kind, subject), errs.Public(err), kind}
}

// status is the HTTP status of an exception: 400 for all that a caller caused.
func (f failure) status() int {
	switch f.exception {
	case internalFailure:
		return http.StatusInternalServerError
	case serviceUnavailable:
		return http.StatusServiceUnavailable
	case tooLarge:
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}
