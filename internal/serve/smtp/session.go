package smtp

import (
	"strconv"
	"strings"

	"postroom/internal/base/errs"
	"postroom/internal/core/mailflow"
	"postroom/internal/wire/address"
)

// transaction is one message from MAIL to its end.
type transaction struct {
	open   bool
	sender address.Address
	size   int64 // as announced
	to     []mailflow.Recipient
	region string // of the recipients, on the MX
	known  map[string]bool
	spool  *spool // while BDAT is under way
	body   *body
}

func (c *conn) reset() {
	c.mail.spool.Close()
	to, known := c.mail.to[:0], c.mail.known
	clear(to[:cap(to)])
	clear(known)
	c.mail = transaction{to: to, known: known}
}

// hello begins anew (RFC 5321 §4.1.4).
func (c *conn) hello(verb, name string) {
	name = strings.TrimSpace(name)
	if !isHelo(name) {
		c.refuse(verb, answer{501, "5.5.4", verb + " needs the name of your host"})
		return
	}
	c.reset()
	c.helo, c.extended = name, verb == "EHLO"
	if !c.extended {
		c.reply(250, "", c.s.Host)
		return
	}
	lines := []string{c.s.Host + " greets you", "PIPELINING", "SIZE " + strconv.FormatInt(c.s.MaxMessage, 10), "8BITMIME", "ENHANCEDSTATUSCODES", "CHUNKING"}
	if c.s.TLS != nil && !c.secure {
		lines = append(lines, "STARTTLS")
	}
	if c.s.Port != MX && c.secure {
		lines = append(lines, "AUTH PLAIN LOGIN")
	}
	lines = append(lines, "LIMITS RCPTMAX="+strconv.Itoa(c.s.MaxRecipients)) // RFC 9422
	for i, l := range lines {
		sep := "-"
		if i == len(lines)-1 {
			sep = " "
		}
		_, _ = c.w.WriteString("250" + sep + l + "\r\n")
	}
}

// isHelo takes whatever people's programs say, as long as it cannot break a
// trace field.
func isHelo(s string) bool {
	if s == "" || len(s) > 255 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] >= 0x7f || strings.IndexByte(`()<>;,"\`, s[i]) >= 0 {
			return false
		}
	}
	return true
}

// mayMail answers what must come before a message, if anything.
func (c *conn) mayMail() (answer, bool) {
	switch {
	case c.s.Port != MX && !c.secure:
		return answer{530, "5.7.0", "Say STARTTLS first"}, false
	case c.helo == "":
		return out("Say EHLO first"), false
	case c.s.Port != MX && c.view == nil:
		return answer{530, "5.7.0", "Sign in first"}, false
	}
	return answer{}, true
}

func (c *conn) doMail(rest string) {
	if a, ok := c.mayMail(); !ok {
		c.refuse("MAIL", a)
		return
	}
	if c.mail.open {
		c.refuse("MAIL", out("A message has begun already"))
		return
	}
	path, params, bad := arguments(rest, "FROM:")
	if bad != nil {
		c.refuse("MAIL", *bad)
		return
	}
	size, bad := c.mailParams(params)
	if bad != nil {
		c.refuse("MAIL", *bad)
		return
	}
	sender, bad := parsePath(path)
	if bad != nil {
		c.refuse("MAIL", *bad)
		return
	}
	if c.view != nil {
		if err := c.view.CheckSender(c.ctx, sender); err != nil {
			c.fail("MAIL", err)
			return
		}
	}
	c.mail.open, c.mail.sender, c.mail.size = true, sender, size
	c.reply(250, "2.1.0", "Sender OK")
}

func (c *conn) mailParams(params []string) (size int64, bad *answer) {
	seen := map[string]bool{}
	for _, p := range params {
		key, value, _ := strings.Cut(p, "=")
		key = strings.ToUpper(key)
		if seen[key] {
			return 0, &answer{501, "5.5.4", "The parameter " + printable(key) + " came twice"}
		}
		seen[key] = true
		switch {
		case key == "SIZE":
			n, err := strconv.ParseUint(value, 10, 63)
			if err != nil {
				return 0, &answer{501, "5.5.4", "SIZE needs a number"}
			}
			if int64(n) > c.s.MaxMessage {
				return 0, &answer{552, "5.3.4", "The message is larger than " + strconv.FormatInt(c.s.MaxMessage, 10) + " bytes"}
			}
			size = int64(n)
		case key == "BODY" && (strings.EqualFold(value, "7BIT") || strings.EqualFold(value, "8BITMIME")):
		case key == "BODY":
			return 0, &answer{501, "5.5.4", "BODY is 7BIT or 8BITMIME"}
		case key == "AUTH" && c.view != nil: // RFC 4954 §5: whom others believe does not count here
		default:
			return 0, &answer{555, "5.5.4", "The parameter " + printable(key) + " is not known"}
		}
	}
	return size, nil
}

func (c *conn) doRcpt(rest string) {
	if a, ok := c.mayMail(); !ok {
		c.refuse("RCPT", a)
		return
	}
	if !c.mail.open || c.mail.spool != nil {
		c.refuse("RCPT", out("Say MAIL first"))
		return
	}
	path, params, bad := arguments(rest, "TO:")
	if bad == nil && len(params) > 0 {
		bad = &answer{555, "5.5.4", "RCPT takes no parameters here"}
	}
	if bad != nil {
		c.refuse("RCPT", *bad)
		return
	}
	a, bad := parsePath(path)
	if bad == nil && a.IsZero() {
		bad = &answer{553, "5.1.3", "A recipient needs an address"}
	}
	if bad != nil {
		c.refuse("RCPT", *bad)
		return
	}
	key := a.Key()
	if c.mail.known[key] {
		c.reply(250, "2.1.5", "Recipient OK")
		return
	}
	if len(c.mail.to) >= c.s.MaxRecipients {
		c.reply(452, "4.5.3", "Too many recipients, send the message again to the others")
		return
	}
	c.addRecipient(a, key)
}

func (c *conn) addRecipient(a address.Address, key string) {
	to, err := c.route(a)
	if err != nil {
		c.fail("RCPT", err)
		return
	}
	if c.s.Port == MX {
		if c.mail.region != "" && c.mail.region != to.Region {
			c.reply(452, "4.5.3", "Send the message again to this recipient")
			return
		}
		c.mail.region = to.Region
	}
	if c.mail.known == nil {
		c.mail.known = map[string]bool{}
	}
	c.mail.known[key] = true
	c.mail.to = append(c.mail.to, to)
	c.reply(250, "2.1.5", "Recipient OK")
}

// route resolves a recipient. Strangers reach only who is here.
func (c *conn) route(a address.Address) (mailflow.Recipient, error) {
	const op = "smtp.Rcpt"
	if c.view != nil {
		return c.view.Route(c.ctx, a, c.mail.size)
	}
	to, err := c.s.router.Route(c.ctx, a, c.mail.size)
	switch {
	case err != nil:
	case to.Kind == mailflow.Foreign:
		err = errs.Say(op, errs.Denied, errs.MailDomain, "This server does not relay mail to %s", a.Domain)
	case to.Kind == mailflow.Remote || c.s.doors[to.Region] == nil:
		err = errs.Say(op, errs.Unavailable, errs.Region, "The region of %s is not served here", a.Domain)
	}
	return to, err
}

// fail replies to an error of core.
func (c *conn) fail(command string, err error) {
	a := answerFor(err)
	if a.code < 500 {
		level := c.log.InfoContext
		if errs.Is(err, errs.Internal) || errs.Is(err, errs.Unavailable) {
			level = c.log.ErrorContext
		}
		level(c.ctx, "refused for now", "port", c.s.Port.String(), "command", command, "code", a.code, "error", err)
		c.s.refusals.Inc(c.s.Port.String(), command, strconv.Itoa(a.code))
		c.reply(a.code, a.enh, a.text)
		return
	}
	c.log.DebugContext(c.ctx, "refused", "port", c.s.Port.String(), "command", command, "code", a.code, "error", err)
	c.refuse(command, a)
}

func (c *conn) startTLS(rest string) {
	switch {
	case rest != "":
		c.refuse("STARTTLS", answer{501, "5.5.4", "STARTTLS takes no argument"})
		return
	case c.s.TLS == nil:
		c.refuse("STARTTLS", answer{502, "5.5.1", "TLS is not available"})
		return
	case c.secure:
		c.refuse("STARTTLS", out("TLS is on already"))
		return
	case c.helo == "":
		c.refuse("STARTTLS", out("Say EHLO first"))
		return
	}
	c.reply(220, "2.0.0", "Go ahead")
	if c.w.Flush() != nil || !c.handshake() {
		c.quit = true
		return
	}
	c.reset()
	c.helo, c.extended = "", false // RFC 3207 §4.2
}
