package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"postroom/internal/app"

	"github.com/alecthomas/kong"
)

// Exit codes.
const (
	exitDone    = 0
	exitFailed  = 1 // refused, or did not work
	exitUsage   = 2 // the command line is wrong
	exitDamaged = 3 // doctor or verify found something
)

// root is the command line.
type root struct {
	Dev     devCmd     `cmd:"" help:"Start a server for trying out, with a sample organization, on loopback."`
	Serve   serveCmd   `cmd:"" help:"Start the server."`
	Config  configCmd  `cmd:"" help:"Print the commented configuration."`
	Version versionCmd `cmd:"" help:"Print the version."`
	Doctor  doctorCmd  `cmd:"" help:"Check ports, folder, database, certificate, clock and DNS, and say what to do."`

	Admin   adminCmd   `cmd:"" help:"Administrators and their access keys, on the machine, without a password."`
	Backup  backupCmd  `cmd:"" help:"Copy the store into a folder while mail flows."`
	Restore restoreCmd `cmd:"" help:"Fill an empty data folder from a backup, or put one mailbox back."`
	Queue   queueCmd   `cmd:"" help:"Messages on their way."`
	Verify  verifyCmd  `cmd:"" help:"Read every message and check every counter and audit chain."`

	Org        orgCmd        `cmd:"" help:"Organizations."`
	Directory  directoryCmd  `cmd:"" help:"Corporate directories: Active Directory and others by LDAP."`
	Domain     domainCmd     `cmd:"" help:"Mail domains."`
	User       userCmd       `cmd:"" help:"Users."`
	Group      groupCmd      `cmd:"" help:"Groups."`
	Resource   resourceCmd   `cmd:"" help:"Rooms and equipment."`
	Permission permissionCmd `cmd:"" help:"Who may open whose mailbox, and send for whom."`
	Audit      auditCmd      `cmd:"" help:"Who changed what, and when."`
	API        apiCmd        `cmd:"" name:"api" help:"Call any operation of the API with JSON."`
}

// env is what a command runs in.
type env struct {
	ctx      context.Context
	in       io.Reader
	out, err io.Writer
	api      *apiFlags // of the group that runs
}

func (e *env) printf(format string, args ...any) { fmt.Fprintf(e.out, format, args...) }

func (e *env) note(format string, args ...any) { fmt.Fprintf(e.err, format+"\n", args...) }

// ended is how a command ends that has its own exit code.
type ended int

func (e ended) Error() string { return fmt.Sprintf("exit %d", int(e)) }

const description = "Postroom gives organizations their mail on their own machines.\n\n" +
	"Commands that administer organizations call the API of a server: --endpoints names its endpoints.json (else POSTROOM_ENDPOINTS, " +
	"AWS_ENDPOINT_URL with AWS's variables for keys and region, or var/dev/endpoints.json)."

// Main runs the command line args and returns the exit code.
func Main(args []string, in io.Reader, out, errOut io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return Run(ctx, args, in, out, errOut)
}

// Run is Main until ctx ends.
func Run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) (code int) {
	e := &env{ctx: ctx, in: in, out: out, err: errOut}
	defer func() {
		switch p := recover().(type) {
		case nil:
		case ended: // --help
			code = int(p)
		default:
			panic(p)
		}
	}()
	parser, err := kong.New(&root{}, kong.Name("postroom"), kong.Description(description), kong.Writers(out, errOut),
		kong.Exit(func(code int) { panic(ended(code)) }), kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.Bind(e), kong.Vars{"version": app.Version()})
	if err != nil {
		panic(err) // a fault of the structs above, seen at every start
	}
	switch {
	case len(args) == 0:
		args = []string{"--help"}
	case args[0] == "help":
		args = append(slices.Clone(args[1:]), "--help")
	case args[0] == "--version":
		args = []string{"version"}
	}
	command, err := parser.Parse(args)
	if err != nil {
		text := strings.TrimSuffix(err.Error(), ".")
		if !strings.HasSuffix(text, "?") {
			text += "."
		}
		fmt.Fprintf(errOut, "postroom: %s See: postroom %s--help\n", text, commandOf(err))
		return exitUsage
	}
	err = command.Run(e)
	var code2 ended
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &code2):
		return int(code2)
	case ctx.Err() != nil:
		fmt.Fprintln(errOut, "postroom: interrupted.")
		return exitFailed
	}
	fmt.Fprintf(errOut, "postroom: %s\n", sentence(err))
	return exitFailed
}

// commandOf is the command that a wrong line was meant for, as far as it goes.
func commandOf(err error) string {
	var p *kong.ParseError
	if !errors.As(err, &p) || p.Context == nil {
		return ""
	}
	if c := p.Context.Command(); c != "" {
		words := strings.Fields(c)
		kept := words[:0]
		for _, w := range words {
			if !strings.HasPrefix(w, "<") {
				kept = append(kept, w)
			}
		}
		return strings.Join(kept, " ") + " "
	}
	return ""
}
