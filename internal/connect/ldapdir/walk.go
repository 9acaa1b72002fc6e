package ldapdir

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"postroom/internal/base/netx"
	"postroom/internal/core/directory"

	"github.com/go-ldap/ldap/v3"
)

// walk is a test of a directory on its way.
type walk struct {
	*Reader
	report func(directory.TestStep)
	writes bool // a *Directory: it is to be written
}

// Test walks the steps of using the directory and reports each. It changes nothing there.
func (d *Reader) Test(ctx context.Context, report func(directory.TestStep)) {
	walk{d, report, false}.run(ctx)
}

// Test is Reader's, with the rights to write.
func (d *Directory) Test(ctx context.Context, report func(directory.TestStep)) {
	walk{d.Reader, report, true}.run(ctx)
}

func (w walk) say(name, server string, o directory.Outcome, text, advice string) {
	w.report(directory.TestStep{Name: name, Server: server, Outcome: o, Text: text, Advice: advice})
}

// behind are the steps that need a connection, in their order.
var behind = []string{"BASE", "READ", "SAMPLE", "CHANGES", "WRITE", "POLICY"}

func (w walk) skip(server, why string, names ...string) {
	for _, name := range names {
		w.say(name, server, directory.StepSkipped, why, "")
	}
}

func (w walk) run(ctx context.Context) {
	var s *session
	refused := false
	for _, srv := range w.servers {
		one := w.server(ctx, srv, &refused)
		switch {
		case s == nil:
			s = one
		case one != nil:
			one.close()
		}
	}
	if s == nil {
		w.skip("", "No server could be used.", behind...)
		return
	}
	defer s.close()
	base, ok := w.base(ctx, s)
	if !ok {
		w.skip("", "There is no base to look under.", behind[1:]...)
		return
	}
	w.reads(ctx, s, base)
	w.changes(ctx, s)
	w.write(ctx, s)
	w.policy(ctx, s)
}

// server tries one server up to the bind. An account that one refused is not tried on the next, which would count towards a lock-out.
func (w walk) server(ctx context.Context, srv server, refused *bool) *session {
	if _, err := netip.ParseAddr(srv.host); err != nil {
		c, cancel := context.WithTimeout(ctx, connectTime)
		list, err := net.DefaultResolver.LookupHost(c, srv.host)
		cancel()
		if err != nil {
			w.say("RESOLVE", srv.text, directory.StepFailed, "The name "+srv.host+" has no address.",
				"Check the spelling, and that the DNS servers of this machine know the domain; an IP address works too if the certificate has it.")
			w.skip(srv.text, "Its address was not found.", "CONNECT", "TLS", "BIND")
			return nil
		}
		w.say("RESOLVE", srv.text, directory.StepOK, srv.host+" is "+strings.Join(list, ", ")+".", "")
	}
	d := netx.Dialer{Allow: reachable, Timeout: connectTime}
	raw, err := d.DialContext(ctx, "tcp", srv.text)
	if err != nil {
		w.say("CONNECT", srv.text, directory.StepFailed, "No connection: "+plain(err), "Check that the server runs, and that no firewall closes port "+srv.port+".")
		w.skip(srv.text, "It takes no connection.", "TLS", "BIND")
		return nil
	}
	raw.Close()
	w.say("CONNECT", srv.text, directory.StepOK, "It takes connections.", "")
	s, err := w.connect(ctx, srv)
	if err != nil {
		w.say("TLS", srv.text, directory.StepFailed, "No secure connection: "+plain(err), tlsAdvice(err, srv))
		w.skip(srv.text, "There is no secure connection.", "BIND")
		return nil
	}
	w.say("TLS", srv.text, directory.StepOK, "The certificate is trusted and names "+srv.host+".", "")
	if *refused {
		w.say("BIND", srv.text, directory.StepSkipped, "Another server refused the service account.", "")
		s.close()
		return nil
	}
	if _, err := s.bind(ctx, w.Account, w.Secret); err != nil {
		*refused = code(err) == ldap.LDAPResultInvalidCredentials
		w.say("BIND", srv.text, directory.StepFailed, "The service account cannot sign in: "+w.why(err), bindAdvice(w.why(err)))
		s.close()
		return nil
	}
	w.say("BIND", srv.text, directory.StepOK, "Signed in as "+w.Account+".", "")
	return s
}

// why is a refused bind in words.
func (w walk) why(err error) string {
	if code(err) != ldap.LDAPResultInvalidCredentials {
		return plain(err)
	}
	says := directory.Wrong
	if w.ad {
		says = subCode(words(err))
	}
	switch says {
	case directory.Locked:
		return "it is locked."
	case directory.Inactive:
		return "it is disabled or expired, or may not sign in now or here."
	case directory.Expired:
		return "its password has expired."
	case directory.ChangeRequired:
		return "its password must be changed first."
	}
	return "name or password is wrong."
}

func bindAdvice(why string) string {
	if strings.HasPrefix(why, "name or password") {
		return "Check the account's name (a DN, NAME@DOMAIN or DOMAIN\\NAME) and set its password again."
	}
	return "Mend the account in the directory; a service account's password should not expire."
}

func tlsAdvice(err error, srv server) string {
	var unknown *net.OpError
	switch text := err.Error(); {
	case strings.Contains(text, "unknown authority"):
		return "Give the certificate of the CA that signed the server's, in PEM."
	case strings.Contains(text, "valid for") || strings.Contains(text, "doesn't contain any IP SANs") || strings.Contains(text, "not "+srv.host):
		return "Use a name that the server's certificate has, or give the server a certificate with the name " + srv.host + "."
	case strings.Contains(text, "legacy Common Name"):
		return "The server's certificate has its name in the subject only. Give it one with a subjectAltName."
	case strings.Contains(text, "expired"):
		return "Renew the server's certificate."
	case errors.As(err, &unknown), strings.Contains(text, "first record does not look like"):
		switch srv.port {
		case "636", "3269":
			return "Port " + srv.port + " wants LDAPS: check that StartTLS is not set."
		case "389", "3268":
			return "Port " + srv.port + " wants StartTLS: check that LDAPS is not set."
		}
		return "Check that port " + srv.port + " is the directory's, and whether it wants LDAPS or StartTLS."
	}
	return "Check that the server has a certificate and takes TLS 1.2 or newer."
}

// plain is an error for an administrator: the last words are the cause.
func plain(err error) string {
	if t := words(err); t != "" {
		return t
	}
	return clip(err.Error(), 300)
}

func (w walk) base(ctx context.Context, s *session) (string, bool) {
	base, err := w.basedn(ctx, s)
	if err == nil {
		_, err = s.base(ctx, base, "objectClass")
	}
	if err != nil {
		advice := "Write it as the directory does, such as OU=Staff,DC=corp,DC=example,DC=com, and let the service account read it."
		if r, e := s.rootDSE(ctx); e == nil && len(r.contexts) > 0 {
			advice += " This server has " + strings.Join(r.contexts[:min(4, len(r.contexts))], ", ") + "."
		}
		w.say("BASE", "", directory.StepFailed, "The base "+base+" cannot be read: "+plain(err), advice)
		return "", false
	}
	w.say("BASE", "", directory.StepOK, base+" is there.", "")
	return base, true
}

var errEnough = errors.New("enough")

// reads looks at the first thousand or so, and shows some.
func (w walk) reads(ctx context.Context, s *session, base string) {
	var sample []directory.Identity
	users, groups, off, more := 0, 0, 0, false
	faults, fault := 0, ""
	begun := time.Now()
	err := w.readAll(ctx, s, "", func(list []directory.Identity) error {
		for _, i := range list {
			if i.Fault != "" {
				faults, fault = faults+1, i.Fault
			}
			switch {
			case i.Fault != "" && (i.Name == "" || i.Entry == ""):
				continue
			case i.Kind == directory.KindGroup:
				groups++
			case i.State == directory.DirDisabled:
				off++
				users++
			default:
				users++
			}
			if len(sample) < 10 && !i.System {
				i.Members = i.Members[:min(len(i.Members), 10)]
				sample = append(sample, i)
			}
		}
		if users+groups >= 1000 {
			more = true
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		advice := "Let the service account read the users and groups below " + base + "."
		if code(err) == ldap.LDAPResultSizeLimitExceeded {
			advice = "Raise the limit of entries for the service account (OpenLDAP: limits dn.exact=… size.pr=1000 size.prtotal=unlimited)."
		}
		w.say("READ", "", directory.StepFailed, "Users and groups cannot be read: "+plain(err), advice)
		w.say("SAMPLE", "", directory.StepSkipped, "Nothing was read.", "")
		return
	}
	count := several(users, "user")
	if off > 0 {
		count += fmt.Sprintf(" (%d of them disabled)", off)
	}
	count += " and " + several(groups, "group")
	if more {
		count = "More than " + count + " are there"
	} else {
		count += " are there"
	}
	if users == 0 {
		w.say("READ", "", directory.StepWarning, "No users are there.", "Check the base and the user filter.")
	} else if faults > 0 {
		w.say("READ", "", directory.StepWarning, fmt.Sprintf("%s; %d cannot be taken over whole.", count, faults), "One of them: "+fault)
	} else {
		w.say("READ", "", directory.StepOK, fmt.Sprintf("%s, read in %d ms.", count, time.Since(begun).Milliseconds()), "")
	}
	w.report(directory.TestStep{Name: "SAMPLE", Outcome: directory.StepOK, Text: fmt.Sprintf("%d of them.", len(sample)), Sample: sample})
}

func several(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + one + "s"
}

// changes says which way changes are seen, and what would make it cheaper.
func (w walk) changes(ctx context.Context, s *session) {
	p, err := w.now(ctx, s, place{})
	if err != nil {
		w.say("CHANGES", "", directory.StepFailed, "Changes cannot be seen: "+plain(err), "Let the service account read the configuration of the directory.")
		return
	}
	switch {
	case p.kind == "time":
		w.say("CHANGES", "", directory.StepWarning, "Changes are found by modifyTimestamp, and deletions by comparing all ids every 5 seconds.",
			"On OpenLDAP load the syncprov overlay and let the service account read contextCSN: then nothing is compared while nothing changes.")
	case p.kind == "csn":
		w.say("CHANGES", "", directory.StepOK, "Changes are found by contextCSN and entryCSN within 2 seconds; where something changed, all ids are compared to find deletions.", "")
	case !w.seesDeleted(ctx, s):
		text := "Changes are found by uSNChanged, at once where the server tells them. The service account saw no deleted object: deletions are found by comparing all ids, at most every 5 seconds."
		w.say("CHANGES", "", directory.StepOK, text,
			"To make it cheaper give the service account the rights List Contents and Read Property on CN=Deleted Objects (dsacls \"CN=Deleted Objects,"+s.root.naming+"\" /takeownership, then /G ACCOUNT:LCRP).")
	default:
		w.say("CHANGES", "", directory.StepOK, "Changes and deletions are found by uSNChanged, at once where the server tells them.", "")
	}
}

// write looks at the rights without using them.
func (w walk) write(ctx context.Context, s *session) {
	if !w.writes {
		w.say("WRITE", "", directory.StepSkipped, "This directory is only read.", "")
		return
	}
	if !w.ad {
		w.writeLDAP(ctx, s)
		return
	}
	container, err := w.container(ctx, s, directory.KindUser)
	var e *ldap.Entry
	if err == nil { // computed for whoever asks (MS-ADTS 3.1.1.4.5.20)
		e, err = s.base(ctx, container, "allowedChildClassesEffective")
	}
	if err != nil {
		w.say("WRITE", "", directory.StepFailed, "The rights cannot be read: "+plain(err), "")
		return
	}
	may := map[string]bool{}
	for _, v := range e.GetEqualFoldAttributeValues("allowedChildClassesEffective") {
		may[strings.ToLower(v)] = true
	}
	if !may["user"] || !may["group"] {
		w.say("WRITE", "", directory.StepFailed, "The service account may not make users and groups in "+container+".",
			"Delegate full control of user and group objects in "+container+" to it, or register the directory as AD Connector, which is only read.")
		return
	}
	w.say("WRITE", "", directory.StepOK, "The service account may make users and groups in "+container+".", "")
}

const (
	controlNoOp = "1.3.6.1.4.1.4203.666.5.2" // draft-zeilenga-ldap-noop
	resultNoOp  = 16654                      // X-NO-OPERATION of OpenLDAP
)

// writeLDAP tries an addition that the server is told not to do. OpenLDAP knows how
// and does not say so; another refuses a critical control that it does not know (RFC 4511 §4.1.11).
func (w walk) writeLDAP(ctx context.Context, s *session) {
	base, err := w.container(ctx, s, directory.KindUser)
	if err != nil {
		w.say("WRITE", "", directory.StepFailed, "Where new users are made cannot be read: "+plain(err), "")
		return
	}
	req := w.addition(directory.Identity{Ref: directory.Ref{Kind: directory.KindUser, Name: "postroom-test"}}, base, "", "")
	req.Controls = []ldap.Control{ldap.NewControlString(controlNoOp, true, "")}
	err = s.do(ctx, operationTime, func() error { return s.conn.Add(req) })
	if err == nil { // it did it all the same
		err = s.do(context.WithoutCancel(ctx), operationTime, func() error { return s.conn.Del(ldap.NewDelRequest(req.DN, nil)) })
	}
	switch code(err) {
	case ldap.LDAPResultUnavailableCriticalExtension:
		w.say("WRITE", "", directory.StepWarning, "This server cannot try an addition without making it: whether the service account may write is seen at the first change.", "")
	case -1, ldap.LDAPResultEntryAlreadyExists:
		if err != nil && !noOperation(err) && code(err) < 0 {
			w.say("WRITE", "", directory.StepFailed, "The server broke off: "+plain(err), "")
			return
		}
		w.say("WRITE", "", directory.StepOK, "The service account may make users in "+base+".", "")
	default:
		w.say("WRITE", "", directory.StepFailed, "The service account may not make users in "+base+": "+plain(err), "Give it the right to write there, or register the directory as read-only.")
	}
}

func noOperation(err error) bool {
	var le *ldap.Error
	return errors.As(err, &le) && le.ResultCode == resultNoOp
}

// policy says what is demanded, and what a reset does not end.
func (w walk) policy(ctx context.Context, s *session) {
	var p directory.PasswordPolicy
	var err error
	if w.ad {
		var r *root
		if r, err = s.rootDSE(ctx); err == nil {
			p, err = w.domainPolicy(ctx, s, r)
		}
	} else {
		p, err = w.policyLDAP(ctx, s, "ldapdir.Test", directory.Ref{})
	}
	if err != nil || !p.Known {
		w.say("POLICY", "", directory.StepWarning, "What the directory demands of passwords cannot be read.", "Let the service account read the password policy: people see it while they type.")
		return
	}
	text := fmt.Sprintf("Passwords have at least %d characters", p.MinLength)
	if p.Complexity {
		text += " of three kinds"
	}
	text += fmt.Sprintf("; the last %d are refused.", p.History)
	if !w.ad {
		w.say("POLICY", "", directory.StepOK, text, "")
		return
	}
	w.say("POLICY", "", directory.StepOK, text+" For an hour after a reset Active Directory also takes the former password at a simple bind, which is what a mail program's sign-in is; a former password that was proven here is refused at once.",
		"To end the former password everywhere, set OldPasswordAllowedPeriod to 0 on the domain controllers (HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa; Samba: old password allowed period = 0).")
}
