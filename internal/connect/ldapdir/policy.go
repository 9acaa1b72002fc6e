package ldapdir

import (
	"context"
	"math"
	"strconv"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/core/directory"

	"github.com/go-ldap/ldap/v3"
)

// oldAllowed is AD's OldPasswordAllowedPeriod unless its registry says else,
// which LDAP does not show: the former password is taken for an hour.
const oldAllowed = time.Hour

// Policy is the fine-grained one of a user, else the domain's (MS-ADTS
// 3.1.1.4.5.36); on LDAP the user's pwdPolicySubentry, else the only policy there is.
func (d *Reader) Policy(ctx context.Context, user directory.Ref) (p directory.PasswordPolicy, err error) {
	const op = "ldapdir.Policy"
	err = d.ask(ctx, op, func(s *session) (err error) {
		if d.ad {
			p, err = d.policyAD(ctx, s, op, user)
		} else {
			p, err = d.policyLDAP(ctx, s, op, user)
		}
		return err
	})
	return p, err
}

const (
	passwordComplex  = 0x1     // pwdProperties (MS-SAMR 2.2.1.9)
	passwordNoExpiry = 0x10000 // userAccountControl
)

func (d *Reader) policyAD(ctx context.Context, s *session, op string, user directory.Ref) (directory.PasswordPolicy, error) {
	r, err := s.rootDSE(ctx)
	if err != nil {
		return directory.PasswordPolicy{}, err
	}
	var of *ldap.Entry
	if user.Key != "" || user.Name != "" {
		if of, err = d.find(ctx, s, op, user, "msDS-ResultantPSO", "userAccountControl"); err != nil {
			return directory.PasswordPolicy{}, err
		}
	}
	p, err := d.domainPolicy(ctx, s, r)
	if err != nil || of == nil {
		return p, err
	}
	if _, dn := splitExtended(value(of, "msDS-ResultantPSO")); dn != "" {
		if p, err = d.fine(ctx, s, dn); err != nil {
			return p, err
		}
	}
	if control, _ := strconv.ParseInt(value(of, "userAccountControl"), 10, 64); control&passwordNoExpiry != 0 {
		p.MaxAge = 0
	}
	return p, nil
}

func (d *Reader) domainPolicy(ctx context.Context, s *session, r *root) (directory.PasswordPolicy, error) {
	e, err := s.base(ctx, r.naming, "minPwdLength", "pwdProperties", "pwdHistoryLength", "minPwdAge", "maxPwdAge", "lockoutThreshold")
	if err != nil {
		return directory.PasswordPolicy{}, err
	}
	return directory.PasswordPolicy{
		Known: value(e, "minPwdLength") != "", MinLength: length(e, "minPwdLength"), Complexity: number(e, "pwdProperties")&passwordComplex != 0,
		History: number(e, "pwdHistoryLength"), MinAge: interval(value(e, "minPwdAge")), MaxAge: interval(value(e, "maxPwdAge")),
		LockAfter: number(e, "lockoutThreshold"), OldAllowed: oldAllowed,
	}, nil
}

// fine reads a fine-grained policy; an ordinary account may know that there is one and not what it says.
func (d *Reader) fine(ctx context.Context, s *session, dn string) (directory.PasswordPolicy, error) {
	p := directory.PasswordPolicy{Name: firstValue(dn), OldAllowed: oldAllowed}
	e, err := s.base(ctx, dn, "msDS-MinimumPasswordLength", "msDS-PasswordComplexityEnabled", "msDS-PasswordHistoryLength",
		"msDS-MinimumPasswordAge", "msDS-MaximumPasswordAge", "msDS-LockoutThreshold")
	if c := code(err); c == ldap.LDAPResultNoSuchObject || c == ldap.LDAPResultInsufficientAccessRights {
		return p, nil
	}
	if err != nil || value(e, "msDS-MinimumPasswordLength") == "" {
		return p, err
	}
	p.Known, p.MinLength = true, length(e, "msDS-MinimumPasswordLength")
	p.Complexity = value(e, "msDS-PasswordComplexityEnabled") == "TRUE"
	p.History, p.LockAfter = number(e, "msDS-PasswordHistoryLength"), number(e, "msDS-LockoutThreshold")
	p.MinAge, p.MaxAge = interval(value(e, "msDS-MinimumPasswordAge")), interval(value(e, "msDS-MaximumPasswordAge"))
	return p, nil
}

func (d *Reader) policyLDAP(ctx context.Context, s *session, op string, user directory.Ref) (p directory.PasswordPolicy, err error) {
	attrs := []string{"pwdMinLength", "pwdInHistory", "pwdMinAge", "pwdMaxAge", "pwdMaxFailure", "pwdLockout", "cn"}
	var e *ldap.Entry
	if user.Key != "" || user.Name != "" {
		of, err := d.find(ctx, s, op, user, "pwdPolicySubentry")
		if err != nil {
			return p, err
		}
		if dn := value(of, "pwdPolicySubentry"); dn != "" {
			p.Name = firstValue(dn)
			e, err = s.base(ctx, dn, attrs...)
			if c := code(err); c == ldap.LDAPResultNoSuchObject || c == ldap.LDAPResultInsufficientAccessRights {
				return p, nil
			}
			if err != nil {
				return p, err
			}
		}
	}
	if e == nil {
		suffix, err := d.context(ctx, s)
		if err != nil {
			return p, err
		}
		list, err := s.search(ctx, query{base: suffix, scope: ldap.ScopeWholeSubtree, filter: "(objectClass=pwdPolicy)", limit: 10, attrs: attrs})
		if err != nil || len(list) != 1 {
			if errs.Is(fault(op, err), errs.Unavailable) {
				return p, err
			}
			return p, nil // none, or it is not known which of several is the default
		}
		e = list[0]
	}
	p.Known, p.MinLength, p.History = true, length(e, "pwdMinLength"), number(e, "pwdInHistory")
	p.MinAge, p.MaxAge = time.Duration(number(e, "pwdMinAge"))*time.Second, time.Duration(number(e, "pwdMaxAge"))*time.Second
	if value(e, "pwdLockout") == "TRUE" {
		p.LockAfter = number(e, "pwdMaxFailure")
	}
	return p, nil
}

// number is one of 0 or more; what is no such is 0.
func number(e *ldap.Entry, attribute string) int {
	n, err := strconv.ParseInt(value(e, attribute), 10, 32)
	if err != nil || n < 0 {
		return 0
	}
	return int(n)
}

// maxLength is more than any password has here.
const maxLength = 1000

func length(e *ldap.Entry, attribute string) int { return min(number(e, attribute), maxLength) }

// interval reads a negative number of 100 ns; the smallest stands for never, 0 here.
func interval(text string) time.Duration {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n >= 0 || n == math.MinInt64 || n < -math.MaxInt64/100 {
		return 0
	}
	return time.Duration(-n) * 100
}

// firstValue is the value of a DN's first part.
func firstValue(dn string) string {
	d, err := ldap.ParseDN(dn)
	if err != nil || len(d.RDNs) == 0 || len(d.RDNs[0].Attributes) == 0 {
		return ""
	}
	return clean(d.RDNs[0].Attributes[0].Value)
}
