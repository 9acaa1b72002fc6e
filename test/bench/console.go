package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"postroom/test/fixture"
)

// consoleUsers is how many users the organization has whose list is opened.
const consoleUsers = 100_000

// console prints what Lighthouse says of the console's pages. It needs Node and
// Chromium (test/install) and a binary with the web apps in it (tools/web build).
func (b *bench) console() error {
	dir := filepath.Join(b.dir, "console")
	if err := b.copy(fixture.Sizes{Users: consoleUsers}, dir); err != nil {
		return err
	}
	s, err := b.serve(dir)
	if err != nil {
		return err
	}
	defer s.kill()
	const scripts = "web/bench"
	install := exec.CommandContext(b.ctx, "npm", "ci", "--no-progress", "--loglevel=error")
	install.Dir, install.Stderr = scripts, os.Stderr
	if err := install.Run(); err != nil {
		return fmt.Errorf("npm ci in %s: %w", scripts, err)
	}
	cmd := exec.CommandContext(b.ctx, "node", "lighthouse.mjs", filepath.Join(dir, "endpoints.json"))
	cmd.Dir, cmd.Stderr = scripts, os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var page struct {
			Page                                  string
			View                                  float64
			Performance, Accessibility, Practices float64
			Contentful, Interactive               float64
		}
		if err := json.Unmarshal(lines.Bytes(), &page); err != nil {
			return fmt.Errorf("%q: %w", lines.Text(), err)
		}
		if page.Page == "users" {
			b.below(fmt.Sprintf("console, first view of %d users, cold cache", consoleUsers), "s", page.View/1000, 1).beside("median of 5")
		} else {
			b.tell("console, "+page.Page+": first view, cold cache", "s", page.View/1000)
		}
		b.tell("console, "+page.Page+": Lighthouse's performance", "of 100", page.Performance).
			beside("accessibility %s, best practices %s; first content %s ms, usable %s ms", number(page.Accessibility), number(page.Practices),
				number(page.Contentful), number(page.Interactive))
	}
	return cmd.Wait()
}
