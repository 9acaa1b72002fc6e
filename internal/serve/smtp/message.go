package smtp

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/core/delivery"
	"postroom/internal/core/mailflow"
	wire "postroom/internal/wire/smtp"
)

func (c *conn) doData(rest string) {
	switch a, ok := c.mayMail(); {
	case !ok:
		c.refuse("DATA", a)
		return
	case rest != "":
		c.refuse("DATA", answer{501, "5.5.4", "DATA takes no argument"})
		return
	case c.mail.spool != nil:
		c.refuse("DATA", out("The message has begun with BDAT")) // RFC 3030 §3
		c.reset()
		return
	case !c.mail.open || len(c.mail.to) == 0:
		c.refuse("DATA", out("There is no recipient"))
		return
	}
	c.reply(354, "", "End with a line that is a single dot")
	if c.w.Flush() != nil {
		c.quit = true
		return
	}
	c.begin()
	c.transfer(true)
	err := c.mail.body.data(c.r)
	c.transfer(false)
	if err != nil {
		c.lost(err)
		return
	}
	c.finish()
}

func (c *conn) begin() {
	c.mail.spool = newSpool(c.s.SpoolDir)
	c.mail.body = newBody(c.mail.spool, c.s.MaxMessage)
}

// transfer sets the deadlines of a message, or takes them back.
func (c *conn) transfer(on bool) {
	if on {
		c.raw.SetIdle(c.s.Stall, time.Minute)
		c.raw.Until(time.Now().Add(c.s.Transfer))
		return
	}
	c.raw.Until(time.Time{})
	c.raw.SetIdle(c.s.Idle, time.Minute)
}

// lost: the client went away in the middle, or would never end.
func (c *conn) lost(err error) {
	c.reset()
	c.endOf(err)
	c.quit = true
}

// doBdat reads a chunk (RFC 3030). Its bytes follow whatever the reply will be.
func (c *conn) doBdat(rest string) {
	fields := strings.Fields(rest)
	last := len(fields) == 2 && strings.EqualFold(fields[1], "LAST")
	if len(fields) == 0 || len(fields) == 2 && !last || len(fields) > 2 {
		c.bdatSyntax()
		return
	}
	n, err := strconv.ParseUint(fields[0], 10, 62)
	if err != nil {
		c.bdatSyntax()
		return
	}
	if a, ok := c.mayBdat(); !ok {
		c.skip(int64(n), a)
		return
	}
	if c.mail.spool == nil {
		c.begin()
	}
	if c.mail.body.size+int64(n) > c.s.MaxMessage || int64(n) > c.s.MaxMessage {
		c.skip(int64(n), c.tooLarge())
		return
	}
	c.transfer(true)
	err = c.mail.body.chunk(c.r, int64(n))
	c.transfer(false)
	switch {
	case err != nil:
		c.lost(err)
	case last:
		c.finish()
	default:
		c.idle = 0
		c.reply(250, "2.0.0", strconv.FormatUint(n, 10)+" bytes")
	}
}

func (c *conn) mayBdat() (answer, bool) {
	a, ok := c.mayMail()
	if ok && (!c.mail.open || len(c.mail.to) == 0) {
		return out("There is no recipient"), false
	}
	return a, ok
}

// bdatSyntax: nobody knows how many bytes follow, so nothing can.
func (c *conn) bdatSyntax() {
	c.refuse("BDAT", answer{501, "5.5.4", "The syntax is BDAT size [LAST], closing the connection"})
	c.quit, c.unread = true, true
}

// skip reads a chunk that nobody wants, replies, and ends the transaction.
func (c *conn) skip(n int64, a answer) {
	c.reset()
	if n > 2*c.s.MaxMessage {
		c.refuse("BDAT", a)
		c.quit, c.unread = true, true
		return
	}
	c.transfer(true)
	err := newBody(nil, -1).chunk(c.r, n)
	c.transfer(false)
	if err != nil {
		c.lost(err)
		return
	}
	c.refuse("BDAT", a)
}

func (c *conn) tooLarge() answer {
	return answer{552, "5.3.4", "The message is larger than " + strconv.FormatInt(c.s.MaxMessage, 10) + " bytes"}
}

// finish hands the message on and replies. 250 means that it is lasting.
func (c *conn) finish() {
	began := time.Now()
	id, err := c.accept()
	a := answer{250, "2.6.0", "Accepted as " + id}
	switch {
	case errors.Is(err, errTooLarge):
		a = c.tooLarge()
	case err != nil:
		a = answerFor(err)
	}
	port := c.s.Port.String()
	c.s.messages.Inc(port, strconv.Itoa(a.code))
	c.s.seconds.Observe(time.Since(began).Seconds(), port)
	log := c.log.InfoContext
	if errs.Is(err, errs.Internal) || errs.Is(err, errs.Unavailable) {
		log = c.log.ErrorContext
	}
	args := []any{"queue_id", id, "port", port, "remote", c.remote.String(), "sender", c.mail.sender.String(), "recipients", len(c.mail.to),
		"size", c.mail.body.size, "code", a.code}
	if err != nil {
		args = append(args, "error", err)
	}
	log(c.ctx, "message", args...)
	c.reset()
	if err == nil {
		c.idle = 0
		c.reply(a.code, a.enh, a.text)
		return
	}
	c.refuse("message", a)
}

var errTooLarge = errors.New("the message is too large")

func (c *conn) accept() (id string, err error) {
	m := &c.mail
	switch {
	case m.body.tooLarge():
		return "", errTooLarge
	case m.body.malformed():
		return "", errs.Say("smtp.Data", errs.Invalid, errs.Message, "The message has a CR or LF that is not part of CRLF, or a NUL")
	case m.spool.Err() != nil:
		return "", m.spool.Err()
	}
	if c.view != nil {
		id = c.view.NewID()
		return c.view.Submit(c.ctx, mailflow.Submission{ID: id, Sender: m.sender, To: m.to, Content: m.spool, Trace: c.trace(id)})
	}
	door := c.s.doors[m.region]
	id = door.NewID()
	return id, door.Receive(c.ctx, delivery.Arrival{ID: id, Sender: m.sender, To: m.to, Content: m.spool, Trace: c.trace(id)})
}

// trace is the Received field (RFC 5321 §4.4). It names no recipient: all of
// them share the bytes. Of a signed-in user it does not tell the address that
// he sends from.
func (c *conn) trace(id string) string {
	with := "SMTP"
	if c.extended {
		with = "ESMTP"
	}
	if c.secure {
		with += "S"
	}
	t := wire.Trace{Helo: c.helo, By: c.s.Host, ID: id, Time: c.s.Clock.Now()}
	if c.view != nil {
		with += "A"
	} else {
		t.Remote = c.remote
	}
	t.With = with
	return wire.Received(t)
}
