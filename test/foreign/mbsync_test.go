package foreign

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
)

// maildir is a copy of a mailbox that mbsync keeps.
type maildir struct {
	*world
	dir, config string
}

func (w *world) maildir(user string) *maildir {
	w.Helper()
	_, port, err := net.SplitHostPort(w.IMAPS)
	w.ok(err)
	m := &maildir{w, filepath.Join(w.TempDir(), "mail"), filepath.Join(w.TempDir(), "mbsyncrc")}
	w.ok(os.Mkdir(m.dir, 0o700))
	w.ok(os.WriteFile(m.config, []byte(fmt.Sprintf(`IMAPStore far
Host localhost
Port %s
User %s
Pass %s
SSLType IMAPS
CertificateFile %s
SystemCertificates no

MaildirStore near
Path %[5]s/
Inbox %[5]s/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Remove Both
Expunge Both
SyncState *
`, port, user, password, w.CAFile, m.dir)), 0o600))
	return m
}

func (m *maildir) sync() {
	m.Helper()
	if r := m.program("", "mbsync", "--config", m.config, "--all"); r.code != 0 || strings.Contains(r.err, "rror") {
		m.Fatalf("mbsync: exit %d\n%s", r.code, r)
	}
}

// messages answers the files of a folder, by subject.
func (m *maildir) messages(folder string) map[string]string {
	m.Helper()
	files, err := filepath.Glob(filepath.Join(m.dir, folder, "[cn][ue][rw]", "*"))
	m.ok(err)
	found := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		m.ok(err)
		found[field(strings.ReplaceAll(string(text), "\n", "\r\n"), "Subject")] = file
	}
	return found
}

// flags of a message are the letters at the end of its file's name.
func (m *maildir) flags(folder, subject string) string {
	m.Helper()
	_, flags, _ := strings.Cut(m.messages(folder)[subject], ":2,")
	return flags
}

func (m *maildir) setFlags(folder, subject, flags string) {
	m.Helper()
	file := m.messages(folder)[subject]
	name, _, _ := strings.Cut(filepath.Base(file), ":2,")
	m.ok(os.Rename(file, filepath.Join(m.dir, folder, "cur", name+":2,"+flags)))
}

func (m *maildir) add(folder, subject string) {
	m.Helper()
	for _, d := range []string{"cur", "new", "tmp"} {
		m.ok(os.MkdirAll(filepath.Join(m.dir, folder, d), 0o700))
	}
	text := "From: <ann@elsewhere.test>\nSubject: " + subject + "\nMessage-ID: <" + subject + "@near>\n\nWritten off line.\n"
	m.ok(os.WriteFile(filepath.Join(m.dir, folder, "cur", "1."+subject+".near:2,S"), []byte(text), 0o600))
}

func (m *maildir) want(folder string, subjects ...string) {
	m.Helper()
	var got []string
	for s := range m.messages(folder) {
		got = append(got, s)
	}
	sort.Strings(got)
	if strings.Join(got, ", ") != strings.Join(subjects, ", ") {
		m.Fatalf("%s has %q, want %q", folder, got, subjects)
	}
}

// tuid is what mbsync adds to each message that it copies.
var tuid = regexp.MustCompile(`(?m)^X-TUID: .*\n`)

// TestMbsync keeps a Maildir and a mailbox the same, both ways.
func TestMbsync(t *testing.T) {
	w := start(t)
	p := w.organization(w.Region, "offline")
	p.user("ann")
	ann := p.address("ann")
	for _, s := range []string{"one", "two", "three"} {
		w.taken(w.arrive(s, ann))
	}
	m := w.maildir(ann)
	m.sync()
	m.want("INBOX", "one", "three", "two")
	for _, folder := range []string{"Sent Items", "Drafts", "Deleted Items", "Junk E-mail"} {
		m.want(folder)
		if _, err := os.Stat(filepath.Join(m.dir, folder)); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(m.dir, "Calendar")); err == nil {
		t.Error("the calendar was listed as a mail folder")
	}
	for i, s := range []string{"one", "two", "three"} {
		near, err := os.ReadFile(m.messages("INBOX")[s])
		w.ok(err)
		far := strings.ReplaceAll(w.messages(ann, "INBOX")[i], "\r\n", "\n")
		if tuid.ReplaceAllString(string(near), "") != far {
			t.Errorf("%s is %q over there and %q here", s, far, near)
		}
	}

	// From here: flags, new messages, a new folder, a deletion.
	m.setFlags("INBOX", "one", "FS")
	m.setFlags("INBOX", "two", "ST")
	m.add("Sent Items", "sent")
	m.add("Projects", "plan")
	m.sync()
	w.has(ann, "INBOX", "one, three")
	w.has(ann, "Sent Items", "sent")
	w.has(ann, "Projects", "plan")
	if got := w.imap(ann, "INBOX", "FETCH 1:* (FLAGS)"); !strings.Contains(got, `\Seen`) || !strings.Contains(got, `\Flagged`) {
		t.Errorf("flags over there: %s", got)
	}

	// From there: flags, a new message, a move, a deleted folder.
	w.imap(ann, "INBOX", `STORE 2 +FLAGS (\Answered)`)
	w.imap(ann, "INBOX", `STORE 1 -FLAGS (\Flagged)`)
	w.taken(w.arrive("four", ann))
	w.imap(ann, "Sent Items", "MOVE 1 Drafts")
	m.sync()
	m.want("INBOX", "four", "one", "three")
	m.want("Sent Items")
	m.want("Drafts", "sent")
	if one, three := m.flags("INBOX", "one"), m.flags("INBOX", "three"); one != "S" || !strings.Contains(three, "R") {
		t.Errorf("flags here: one %q, three %q", one, three)
	}

	// Both at once, and then nothing more to do.
	m.setFlags("INBOX", "one", "FS")
	w.imap(ann, "INBOX", `STORE 1 +FLAGS (\Answered)`)
	m.sync()
	before := m.messages("INBOX")
	m.sync()
	if after := m.messages("INBOX"); fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("mbsync finds no rest: %v, then %v", before, after)
	}
	if got := m.flags("INBOX", "one"); got != "FRS" {
		t.Errorf("flags here: %q", got)
	}
}
