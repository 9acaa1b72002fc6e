package logging

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

const canary = "canary-7f3a"

type login struct {
	Name     string
	Password string
	Deep     map[string]any
	Raw      []byte
}

// TestNoSecrets: row 115.
func TestNoSecrets(t *testing.T) {
	for _, format := range []string{"json", "text"} {
		var out bytes.Buffer
		log, err := New(Options{Out: &out, Format: format, Level: slog.LevelDebug})
		if err != nil {
			t.Fatal(err)
		}
		log = log.With("api_key", canary)
		log.Info("a", "password", canary, "Secret-Access-Key", canary, "Authorization", canary, "cookie", canary)
		log.WithGroup("g").Info("b", slog.Group("in", slog.String("sessionToken", canary)))
		log.Info("c", "login", login{Name: "shown-name", Password: canary, Raw: []byte(canary), Deep: map[string]any{"new_password": canary, "list": []any{&login{Password: canary}}}})
		log.Info("d", "error", errors.New("shown-error"), "user", "shown-user")
		log.Info("e", "lazy", lazy{})
		if strings.Contains(out.String(), canary) {
			t.Errorf("%s shows a secret:\n%s", format, out.String())
		}
		for _, want := range []string{"shown-name", "shown-error", "shown-user"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s lost %q:\n%s", format, want, out.String())
			}
		}
	}
}

type lazy struct{}

func (lazy) LogValue() slog.Value { return slog.GroupValue(slog.String("secret", canary)) }

func TestIDs(t *testing.T) {
	var out bytes.Buffer
	log, _ := New(Options{Out: &out})
	ctx := WithConnection(WithRequest(context.Background(), "r-1"), "c-1")
	log.InfoContext(ctx, "hello")
	if s := out.String(); !strings.Contains(s, `"connection":"c-1","request":"r-1"`) {
		t.Error(s)
	}
	if a, b := NewConnection(), NewConnection(); a == b {
		t.Error("ids repeat")
	}
}

func TestUnknownFormat(t *testing.T) {
	if _, err := New(Options{Format: "xml"}); err == nil || !strings.Contains(err.Error(), `"xml"`) {
		t.Error(err)
	}
	if _, err := ParseLevel("loud"); err == nil {
		t.Error("level loud taken")
	}
}
