// Command gen writes ../../api/*_gen.go from the two API models: operations,
// input checks, and the structs of Postroom's own operations; and the types that
// the web apps call them by. It stops where the
// SDK's structs and WorkMail's model do not agree, or a pattern has no form in
// Go. Run it by `go generate ./internal/serve/awsapi/model`.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	files, err := render()
	if err == nil {
		for name, text := range files {
			if err = write(filepath.Join("..", "api", name), text); err != nil {
				break
			}
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// write leaves a file alone that is as it shall be: somebody may be compiling it.
func write(name string, text []byte) error {
	if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, text) {
		return nil
	}
	return os.WriteFile(name, text, 0o644)
}
