package smtp

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
	"postroom/test/conversation"
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// TestConversations plays testdata/*.txt, each in a house of its own.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no conversations", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, t.TempDir())
			h.furnish()
			h.listen(nil)
			conversation.Run(t, h, f)
		})
	}
}

// Do runs the steps of an SMTP conversation:
//
//	sign-in NAME          AUTH PLAIN as NAME@… with the right password
//	mail FROM RCPT…       MAIL and RCPT that are taken
//	inbox ALIAS NAME N    NAME has N messages
//	inbox-has ALIAS NAME TEXT    the last one has TEXT ("\r\n" for a line end)
//	inbox-lacks ALIAS NAME TEXT
//	drain                 the queues are worked on
//	queue ALIAS STATE ADDRESS    the queue has a recipient in a state
//	queue-empty ALIAS
//	disable ALIAS NAME    and enable ALIAS NAME
//	reset-password ALIAS NAME
//	quota ALIAS NAME BYTES
//	minutes N             the clock goes on
//	big N                 a header and N bytes of body, and the end
func (h *house) Do(t testing.TB, c *conversation.Client, step string) error {
	word, rest, _ := strings.Cut(step, " ")
	args := strings.Fields(rest)
	switch word {
	case "sign-in":
		fmt.Fprintf(c, "AUTH PLAIN %s\r\n", plain(args[0], password))
		return h.reply(c, "235")
	case "mail":
		fmt.Fprintf(c, "MAIL FROM:<%s>\r\n", args[0])
		if err := h.reply(c, "250"); err != nil {
			return err
		}
		for _, to := range args[1:] {
			fmt.Fprintf(c, "RCPT TO:<%s>\r\n", to)
			if err := h.reply(c, "250"); err != nil {
				return err
			}
		}
		return nil
	case "inbox":
		if list := h.inbox(args[0], args[1]); fmt.Sprint(len(list)) != args[2] {
			return fmt.Errorf("there are %d:\n%s", len(list), describe(list))
		}
		return nil
	case "inbox-has", "inbox-lacks":
		parts := strings.SplitN(rest, " ", 3)
		text, err := strconv.Unquote(`"` + strings.ReplaceAll(parts[2], `"`, `\"`) + `"`)
		if err != nil {
			return err
		}
		list := h.inbox(parts[0], parts[1])
		if len(list) == 0 || strings.Contains(list[len(list)-1], text) != (word == "inbox-has") {
			return fmt.Errorf("there is:\n%s", describe(list))
		}
		return nil
	case "big":
		n, _ := strconv.Atoi(args[0])
		io.WriteString(c, "From: <alice@one."+base+">\r\n\r\n")
		line := strings.Repeat("x", 98) + "\r\n"
		for ; n > 0; n -= len(line) {
			if _, err := io.WriteString(c, line); err != nil {
				return err
			}
		}
		_, err := io.WriteString(c, ".\r\n")
		return err
	}
	return h.world(word, args)
}

func (h *house) world(word string, args []string) error {
	switch word {
	case "drain":
		h.drain()
		return nil
	case "minutes":
		n, err := strconv.Atoi(args[0])
		h.clock.Move(time.Duration(n) * time.Minute)
		return err
	case "queue-empty":
		if list := h.queued(args[0]); len(list) != 0 {
			return fmt.Errorf("%+v", list)
		}
		return nil
	case "queue":
		list := h.queued(args[0])
		for _, m := range list {
			for _, r := range m.Recipients {
				if string(r.State) == args[1] && r.Address == args[2] {
					return nil
				}
			}
		}
		return fmt.Errorf("the queue has %+v", list)
	}
	return h.administer(word, args)
}

func (h *house) administer(word string, args []string) error {
	ctx := context.Background()
	r := h.regions["east"]
	if _, ok := r.byAlias[args[0]]; !ok {
		r = h.regions["west"]
	}
	switch v := r.view(args[0]); word {
	case "disable":
		_, err := v.DeregisterFromWorkMail(ctx, r.id(args[0], args[1]), func(t *tx.Tx, e *directory.Entry) error {
			return r.mailboxes.Detach(t.Context(), t, e.Mailbox, h.clock.Now())
		})
		return err
	case "enable":
		_, err := v.RegisterToWorkMail(ctx, r.id(args[0], args[1]), args[1]+"@"+args[0]+"."+base, r.mailboxHook(1<<30))
		return err
	case "reset-password":
		return v.ResetPassword(ctx, r.id(args[0], args[1]), "Another horse 7 battery")
	case "quota":
		n, err := strconv.ParseInt(args[2], 10, 64)
		if err != nil {
			return err
		}
		e, err := v.DescribeUser(ctx, r.id(args[0], args[1]))
		if err != nil {
			return err
		}
		return r.db.Write(ctx, e.Org, func(t *tx.Tx) error { _, err := r.mailboxes.SetQuota(ctx, t, e.Mailbox, n); return err })
	}
	return fmt.Errorf("no step is called %q", word)
}

// reply reads a whole reply with a code.
func (h *house) reply(c *conversation.Client, code string) error {
	for {
		line, err := c.R.ReadString('\n')
		if err != nil {
			return err
		}
		if !strings.HasPrefix(line, code) {
			return fmt.Errorf("got %q", line)
		}
		if len(line) > 3 && line[3] == ' ' {
			return nil
		}
	}
}
