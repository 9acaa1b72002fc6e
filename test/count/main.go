// Command count runs `go test -json` commands, shows what failed, and ends with
// the line "N passed, N failed". A skipped test counts as failed, since a part
// that is missing must not pass unseen (flag -skips allows them); a run without
// any test fails. It decides nothing about which tests run.
//
// Usage: count [-skips] COMMAND [ARG…] [--- COMMAND [ARG…]]…
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
)

func main() {
	skips := flag.Bool("skips", false, "a skipped test is neither passed nor failed")
	flag.Parse()
	commands := split(flag.Args())
	if len(commands) == 0 {
		fmt.Fprintln(os.Stderr, "count: no command")
		os.Exit(2)
	}
	tally := NewTally(os.Stdout, *skips)
	for _, command := range commands {
		if err := run(command, tally); err != nil {
			tally.Broken(err)
		}
	}
	if !tally.Close() {
		os.Exit(1)
	}
}

// split cuts at "---".
func split(args []string) [][]string {
	var out [][]string
	var one []string
	for _, a := range append(args, "---") {
		if a != "---" {
			one = append(one, a)
			continue
		}
		if len(one) > 0 {
			out = append(out, one)
		}
		one = nil
	}
	return out
}

// run feeds one command's output to the tally. A non-zero exit of the command
// is an error only where the tally saw no failure that explains it.
func run(command []string, tally *Tally) error {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	before := tally.Failed()
	r := bufio.NewReader(out)
	for {
		line, err := r.ReadBytes('\n')
		if len(line) > 0 {
			tally.Line(line)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	if err := cmd.Wait(); err != nil && tally.Failed() == before {
		return fmt.Errorf("%v: %w", command, err)
	}
	return nil
}
