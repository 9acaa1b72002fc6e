package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"postroom/internal/serve/awsapi/model"
)

// The committed files are what the models say.
func TestGeneratedFilesAreCurrent(t *testing.T) {
	files, err := render()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		have, err := os.ReadFile(filepath.Join("..", "..", "api", name))
		if err != nil || !bytes.Equal(have, want) {
			t.Errorf("%s differs from the models (%v): run go generate ./internal/serve/awsapi/model", name, err)
		}
	}
}

// Every pattern of both models has a form that Go compiles.
func TestEveryPatternCompiles(t *testing.T) {
	for _, read := range []func() (*model.Model, error){model.WorkMail, model.Postroom} {
		m, err := read()
		if err != nil {
			t.Fatal(err)
		}
		for name, shape := range m.Shapes {
			if shape.Pattern == "" {
				continue
			}
			p, err := translate(shape.Pattern)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if _, err := regexp.Compile(`\A(?:` + p.expr + `)\z`); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestChains(t *testing.T) {
	for source, chain := range map[string]bool{
		`^m-[0-9a-f]{32}$`:               true,
		`[a-zA-Z0-9._%+@-]+`:             true,
		`a[a-z0-9]*:[a-z0-9]+:x?`:        true,
		`[a-z]{1,64}@[a-z.]+\.[a-z]{2,}`: false, // the second run may take the dot
		`[a-z]*b`:                        false,
		`[a-z]?[0-9]?[a-z]`:              false, // the first may take what the last needs
		`[a-z]+[a-z]{0,1023}`:            true,  // one class twice is one link
		`(ab)+`:                          false,
		`[^/\\]*`:                        true,
	} {
		p, err := translate(source)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.chain != nil; got != chain {
			t.Errorf("%s: chain %v, want %v", source, got, chain)
		}
	}
}
