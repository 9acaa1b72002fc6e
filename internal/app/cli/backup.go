package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"postroom/internal/app"
	"postroom/internal/base/errs"
)

type backupCmd struct {
	machineFlags
	To string `required:"" help:"The folder that takes the backup: a new one, or one with an earlier backup, which gets only what is new." placeholder:"FOLDER"`
}

func (c *backupCmd) Run(e *env) error {
	to, err := folder(c.To)
	if err != nil {
		return err
	}
	p, end := e.progress()
	var out app.BackupReport
	err = c.run(e, "backup", app.BackupArgs{To: to}, &out, p)
	end()
	if err != nil {
		return err
	}
	if c.JSON {
		return e.own(out)
	}
	e.printf("The backup in %s is complete: %s, %s, of which %s were copied in %s.\n", out.Folder, count(int64(out.Files), "file", "files"), size(out.Bytes), size(out.Copied),
		out.Took.Round(10*time.Millisecond))
	e.printf("The master key is not in it. Keep a copy of %s in another place: without it no message can be opened.\n", out.MasterKey)
	return nil
}

type restoreCmd struct {
	machineFlags
	From      string `required:"" help:"The backup." placeholder:"FOLDER"`
	MasterKey string `help:"Copy of the master key to put in place; default: it lies there already." placeholder:"FILE"`

	Mailbox   string `help:"Put only this mailbox back, into the server that runs: its address, user id or mailbox id at the time of the backup." placeholder:"NAME"`
	InOrg     string `name:"organization" help:"The organization of a user id in --mailbox." placeholder:"ID"`
	Into      string `help:"The mailbox that takes it; default: the same one." placeholder:"NAME"`
	Folder    string `help:"Only this folder and those below it." placeholder:"PATH"`
	MessageID string `name:"message-id" help:"Only the message with this Message-ID." placeholder:"ID"`
	Replace   bool   `help:"Put messages into their own folders, whose messages now are deleted before (recoverable). Default: below a new folder."`
}

func (c *restoreCmd) Run(e *env) error {
	from, err := folder(c.From)
	if err != nil {
		return err
	}
	if c.Mailbox != "" {
		return c.mailbox(e, from)
	}
	if c.InOrg != "" || c.Into != "" || c.Folder != "" || c.MessageID != "" || c.Replace {
		return errors.New("--organization, --into, --folder, --message-id and --replace go with --mailbox")
	}
	if c.Data == "" && c.ConfigFile == "" {
		return errors.New("name the empty data folder with --data DIR, or the configuration with --config FILE")
	}
	config, err := c.target(from)
	if err != nil {
		return err
	}
	p, end := e.progress()
	syscall.Umask(ownOnly)
	out, err := app.Restore(e.ctx, app.RestoreOptions{From: from, Config: config, MasterKey: c.MasterKey}, p)
	end()
	if err != nil {
		return err
	}
	if c.JSON {
		return e.own(out)
	}
	e.printf("%s has the state of %s: %s, %s, restored in %s. Regions: %s.\n", config.Data, out.Made.Local().Format("2006-01-02 15:04:05"), count(int64(out.Files), "file", "files"),
		size(out.Bytes), out.Took.Round(10*time.Millisecond), strings.Join(out.Regions, ", "))
	e.printf("Start the server on it. Mail programs load their mailboxes anew; the search index is built again.\n")
	return nil
}

// target is the configuration of a new store: the one that is named, or the
// folder with the backup's regions.
func (c *restoreCmd) target(from string) (app.Config, error) {
	if c.ConfigFile != "" {
		return app.Load(c.ConfigFile)
	}
	m, err := app.ReadManifest(from)
	if err != nil {
		return app.Config{}, err
	}
	dir, err := folder(c.Data)
	if err != nil {
		return app.Config{}, err
	}
	config, err := app.Parse("data = " + strconv.Quote(dir))
	config.Regions, config.MasterKey = m.Regions, filepath.Join(dir, "master.key")
	return config, err
}

func (c *restoreCmd) mailbox(e *env, from string) error {
	if c.MasterKey != "" {
		return errors.New("--master-key goes with the restore of a whole store; a mailbox is opened with the server's own")
	}
	p, end := e.progress()
	var out app.RestoredMailbox
	err := c.run(e, "restore mailbox", app.RestoreMailbox{From: from, Mailbox: c.Mailbox, Organization: c.InOrg, Into: c.Into, Folder: c.Folder,
		MessageID: c.MessageID, Replace: c.Replace}, &out, p)
	end()
	if err != nil {
		return err
	}
	if c.JSON {
		return e.own(out)
	}
	where := "into their own folders"
	if out.Below != "" {
		where = fmt.Sprintf("below the folder %q", out.Below)
	}
	are := "are"
	if out.Messages == 1 {
		are = "is"
	}
	e.printf("%s in %s of the backup of %s %s back, %s.\n", count(out.Messages, "message", "messages"), count(int64(out.Folders), "folder", "folders"), out.Made.Local().Format("2006-01-02 15:04:05"), are, where)
	if out.Skipped > 0 {
		e.printf("Left out: %s that are no messages.\n", count(out.Skipped, "item", "items"))
	}
	if out.Damaged > 0 {
		e.printf("%s damaged in the backup and could not come back.\n", count(out.Damaged, "message is", "messages are"))
		return ended(exitDamaged)
	}
	return nil
}

type verifyCmd struct {
	machineFlags
	Backup    string `help:"Check a backup instead: every byte against its manifest, and the manifest's seal where the store or the key is named." placeholder:"FOLDER"`
	MasterKey string `help:"With --backup: the copy of the master key that must open it; default: that of --data or --config." placeholder:"FILE"`
}

func (c *verifyCmd) Run(e *env) error {
	p, end := e.progress()
	if c.Backup != "" {
		err := c.backup(e, p, end)
		if errs.Is(err, errs.Invalid) {
			e.note("postroom: %s", sentence(err))
			return ended(exitDamaged)
		}
		return err
	}
	if c.MasterKey != "" {
		return errors.New("--master-key goes with --backup")
	}
	var out app.VerifyReport
	err := c.run(e, "verify", nil, &out, p)
	end()
	if err != nil {
		return err
	}
	if c.JSON {
		if err := e.own(out); err != nil {
			return err
		}
	} else {
		c.show(e, out)
	}
	if out.Damaged > 0 {
		return ended(exitDamaged)
	}
	return nil
}

// backup checks a backup; errs.Invalid is one that is damaged or of another key.
func (c *verifyCmd) backup(e *env, p app.Progress, end func()) error {
	m, err := app.CheckBackup(e.ctx, c.Backup, p)
	end()
	if err != nil {
		return err
	}
	key := c.MasterKey
	if key == "" && (c.Data != "" || c.ConfigFile != "") {
		config, err := c.config()
		if err != nil {
			return err
		}
		key = config.MasterKey
	}
	if key != "" {
		if err := app.CheckBackupKey(m, key); err != nil {
			return err
		}
	}
	if c.JSON {
		return e.own(m)
	}
	e.printf("The backup of %s in %s is whole: %s.\n", m.Made.Local().Format("2006-01-02 15:04:05"), c.Backup, count(int64(len(m.Files)), "file", "files"))
	if key == "" {
		e.printf("Whether your master key opens it was not checked: name your copy with --master-key FILE.\n")
	} else {
		e.printf("The master key %s is the one that it was made under.\n", key)
	}
	return nil
}

func (c *verifyCmd) show(e *env, out app.VerifyReport) {
	e.printf("%s (%s) in %s, %s and %s were read in %s.\n", count(out.Bodies, "body", "bodies"), size(out.Bytes),
		count(out.Mailboxes, "mailbox", "mailboxes"), count(out.Queued, "queued message", "queued messages"), count(out.Records, "audit record", "audit records"), out.Took.Round(10*time.Millisecond))
	if out.Damaged == 0 {
		e.printf("All of it is sound.\n")
		return
	}
	var rows [][]string
	for _, d := range out.Damage {
		uid := ""
		if d.UID > 0 {
			uid = strconv.FormatInt(int64(d.UID), 10)
		}
		rows = append(rows, []string{d.Region, d.Organization, d.Owner, d.Mailbox, d.Folder, uid, d.What})
	}
	e.table([]string{"REGION", "ORGANIZATION", "OWNER", "MAILBOX", "FOLDER", "UID", "WHAT"}, rows, "")
	e.printf("%s damaged. A message comes back from a backup with: postroom restore --from FOLDER --mailbox MAILBOX --folder FOLDER\n", count(out.Damaged, "thing is", "things are"))
}

// count is a number with its word.
func count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// number writes thousands apart.
func number(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
