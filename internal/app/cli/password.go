package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"postroom/internal/core/auth"

	"golang.org/x/term"
)

// passwordFlags say where a password comes from: never from an argument, which
// every user of the machine can read.
type passwordFlags struct {
	PasswordFile string `help:"Read the password from this file; - is standard input." placeholder:"FILE"`
	Generate     bool   `help:"Make a password and print it."`
}

const passwordLimit = 4096

var errNoPassword = errors.New("no password was given: type it on a terminal, or use --password-file FILE or --generate")

// password reads or makes one. made tells that it must be shown.
func (f passwordFlags) password(e *env) (text string, made bool, err error) {
	switch {
	case f.Generate && f.PasswordFile != "":
		return "", false, errors.New("--generate and --password-file exclude each other")
	case f.Generate:
		return auth.NewPassword(), true, nil
	}
	text, err = typed(e, f.PasswordFile, errNoPassword, askTwice)
	return text, false, err
}

// typed is a password from a file, from a terminal, or from standard input.
func typed(e *env, name string, none error, onTerminal func(*env, int) (string, error)) (string, error) {
	if name != "" && name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return "", fmt.Errorf("the password file cannot be read: %w", err)
		}
		defer file.Close()
		return line(file, none)
	}
	if in, ok := e.in.(*os.File); ok && name == "" && term.IsTerminal(int(in.Fd())) {
		return onTerminal(e, int(in.Fd()))
	}
	return line(e.in, none)
}

// line is the first line of r, without its end; an empty one is the error none.
func line(r io.Reader, none error) (string, error) {
	text, err := bufio.NewReader(io.LimitReader(r, passwordLimit)).ReadString('\n')
	if text = strings.TrimRight(text, "\r\n"); text != "" {
		return text, nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = none
	}
	return "", err
}

// ask reads a password from a terminal, which does not show it.
func ask(e *env, terminal int, prompt string) (string, error) {
	fmt.Fprint(e.err, prompt)
	text, err := term.ReadPassword(terminal)
	fmt.Fprintln(e.err)
	return string(text), err
}

func askTwice(e *env, terminal int) (string, error) {
	first, err := ask(e, terminal, "Password: ")
	if err != nil {
		return "", err
	}
	second, err := ask(e, terminal, "Once more: ")
	switch {
	case err != nil:
		return "", err
	case first != second:
		return "", errors.New("the two passwords differ")
	case first == "":
		return "", errors.New("the password is empty")
	}
	return first, nil
}
