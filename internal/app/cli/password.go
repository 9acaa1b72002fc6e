package cli

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// passwordFlags say where a password comes from: never from an argument, which
// every user of the machine can read.
type passwordFlags struct {
	PasswordFile string `help:"Read the password from this file; - is standard input." placeholder:"FILE"`
	Generate     bool   `help:"Make a password and print it."`
}

const passwordLimit = 4096

// password reads or makes one. made tells that it must be shown.
func (f passwordFlags) password(e *env) (text string, made bool, err error) {
	switch {
	case f.Generate && f.PasswordFile != "":
		return "", false, errors.New("--generate and --password-file exclude each other")
	case f.Generate:
		return "Pr1-" + rand.Text()[:16], true, nil
	case f.PasswordFile != "" && f.PasswordFile != "-":
		file, err := os.Open(f.PasswordFile)
		if err != nil {
			return "", false, fmt.Errorf("the password file cannot be read: %w", err)
		}
		defer file.Close()
		text, err = line(file)
		return text, false, err
	}
	if in, ok := e.in.(*os.File); ok && f.PasswordFile == "" && term.IsTerminal(int(in.Fd())) {
		text, err = ask(e, in)
		return text, false, err
	}
	text, err = line(e.in)
	return text, false, err
}

// line is the first line of r, without its end.
func line(r io.Reader) (string, error) {
	text, err := bufio.NewReader(io.LimitReader(r, passwordLimit)).ReadString('\n')
	if text = strings.TrimRight(text, "\r\n"); text != "" {
		return text, nil
	}
	if err == nil || err == io.EOF {
		err = errors.New("no password was given: type it on a terminal, or use --password-file FILE or --generate")
	}
	return "", err
}

func ask(e *env, in *os.File) (string, error) {
	fmt.Fprint(e.err, "Password: ")
	first, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(e.err)
	if err != nil {
		return "", err
	}
	fmt.Fprint(e.err, "Once more: ")
	second, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(e.err)
	switch {
	case err != nil:
		return "", err
	case string(first) != string(second):
		return "", errors.New("the two passwords differ")
	case len(first) == 0:
		return "", errors.New("the password is empty")
	}
	return string(first), nil
}
