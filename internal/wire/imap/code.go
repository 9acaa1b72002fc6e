package imap

import "strconv"

// Code is a response code without its brackets (RFC 3501 §7.1, RFC 5530).
type Code string

// The response codes without arguments, and BADCHARSET with ours.
const (
	CodeAlert           Code = "ALERT"
	CodeAlreadyExists   Code = "ALREADYEXISTS"
	CodeAuthFailed      Code = "AUTHENTICATIONFAILED"
	CodeAuthzFailed     Code = "AUTHORIZATIONFAILED"
	CodeBadCharset      Code = "BADCHARSET (US-ASCII UTF-8)"
	CodeCannot          Code = "CANNOT"
	CodeClientBug       Code = "CLIENTBUG"
	CodeClosed          Code = "CLOSED"
	CodeExpungeIssued   Code = "EXPUNGEISSUED"
	CodeHasChildren     Code = "HASCHILDREN"
	CodeInUse           Code = "INUSE"
	CodeLimit           Code = "LIMIT"
	CodeNoPerm          Code = "NOPERM"
	CodeNonExistent     Code = "NONEXISTENT"
	CodeOverQuota       Code = "OVERQUOTA"
	CodePrivacyRequired Code = "PRIVACYREQUIRED"
	CodeReadOnly        Code = "READ-ONLY"
	CodeReadWrite       Code = "READ-WRITE"
	CodeServerBug       Code = "SERVERBUG"
	CodeTooBig          Code = "TOOBIG" // RFC 4469 §4.2, RFC 7889
	CodeTryCreate       Code = "TRYCREATE"
	CodeUIDNotSticky    Code = "UIDNOTSTICKY"
	CodeUnavailable     Code = "UNAVAILABLE"
	CodeUnknownCTE      Code = "UNKNOWN-CTE" // RFC 3516 §4.4
	CodeContactAdmin    Code = "CONTACTADMIN"
	CodeExpired         Code = "EXPIRED"
	CodeCorruption      Code = "CORRUPTION"
)

const codePermanentFlagsIs = "PERMANENTFLAGS ("

func numberCode(name string, n uint32) Code {
	return Code(strconv.AppendUint(append([]byte(name), ' '), uint64(n), 10))
}

// CodeUIDValidity is UIDVALIDITY n.
func CodeUIDValidity(n uint32) Code { return numberCode("UIDVALIDITY", n) }

// CodeUIDNext is UIDNEXT n.
func CodeUIDNext(n uint32) Code { return numberCode("UIDNEXT", n) }

// CodeUnseen is UNSEEN with the first unseen sequence number.
func CodeUnseen(n uint32) Code { return numberCode("UNSEEN", n) }

// CodePermanentFlags is PERMANENTFLAGS; anyKeyword adds "\*": new keywords may be made.
func CodePermanentFlags(f SystemFlags, keywords []string, anyKeyword bool) Code {
	b := AppendFlags([]byte(codePermanentFlagsIs), f, keywords)
	if anyKeyword {
		if len(b) > len(codePermanentFlagsIs) {
			b = append(b, ' ')
		}
		b = append(b, `\*`...)
	}
	return Code(append(b, ')'))
}

// CodeAppendUID is APPENDUID (RFC 4315 §3).
func CodeAppendUID(validity uint32, uids NumSet) Code {
	b := append([]byte(numberCode("APPENDUID", validity)), ' ')
	return Code(uids.Append(b))
}

// CodeCopyUID is COPYUID (RFC 4315 §3): the n-th of from has become the n-th of to.
func CodeCopyUID(validity uint32, from, to NumSet) Code {
	b := append([]byte(numberCode("COPYUID", validity)), ' ')
	b = append(from.Append(b), ' ')
	return Code(to.Append(b))
}

// CodeCapability is CAPABILITY, for a greeting or the OK of a sign-in.
func CodeCapability(caps []string) Code {
	b := []byte("CAPABILITY")
	for _, c := range caps {
		b = append(append(b, ' '), c...)
	}
	return Code(b)
}
