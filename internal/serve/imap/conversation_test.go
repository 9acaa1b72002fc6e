package imap

import (
	"bufio"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"postroom/test/conversation"
)

func newReader(r io.Reader) *bufio.Reader { return bufio.NewReader(r) }

// TestConversations plays testdata/*.txt, each in a house of its own.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no conversations", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, nil)
			conversation.Run(t, &world{house: h, clients: map[string]*conversation.Client{}, now: "first"}, f)
		})
	}
}
