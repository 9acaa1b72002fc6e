package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// emptyNames say nothing about what a package is for.
var emptyNames = []string{"util", "utils", "common", "misc", "helpers", "helper", "types", "models"}

// Check answers each breach of the house rules as "file:line: what and why",
// in the order of the files; none means that the house stands.
func Check(t *Tree) []string {
	c := checker{tree: t, rows: floors()}
	for _, p := range t.Packages {
		c.name(p)
		c.comment(p)
		for _, f := range p.Files {
			if f.Test {
				continue
			}
			c.imports(p, f)
			c.newTx(p, f)
		}
	}
	return c.found
}

type checker struct {
	tree  *Tree
	rows  []floor
	found []string
}

func (c *checker) say(where string, line int, format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf("%s:%d: ", where, line)+fmt.Sprintf(format, args...))
}

func (c *checker) name(p *Package) {
	for _, n := range []string{path.Base(p.Path), p.Name} {
		if slices.Contains(emptyNames, n) {
			c.say(p.Files[0].Path, 1, "a package called %s says nothing: name it for what it provides", n)
			return
		}
	}
}

// comment: what a package is and what it refuses to do takes more than a line's
// beginning, so a bare "Package x." does not count.
func (c *checker) comment(p *Package) {
	const least = 40 // characters behind the name
	for _, f := range p.Files {
		if f.Test && !p.TestOnly() || f.syntax.Doc == nil {
			continue
		}
		text := strings.Join(strings.Fields(f.syntax.Doc.Text()), " ")
		if p.Name != "main" {
			first, rest, _ := strings.Cut(strings.TrimPrefix(text, "Package "), " ")
			if first != p.Name && first != f.syntax.Name.Name || !strings.HasPrefix(text, "Package ") {
				continue
			}
			text = rest
		}
		if len(text) >= least {
			return
		}
	}
	c.say(p.Files[0].Path, 1, "package %s has no comment that says what it is and what it refuses to do", p.Name)
}

func (c *checker) imports(p *Package, f *File) {
	row, housed := rowOf(c.rows, p.Path)
	if !housed && !isSuite(p.Path) {
		c.say(f.Path, 1, "%s has no row in the import table: which floor is it on?", p.Path)
		return
	}
	for _, im := range c.tree.Imports(f) {
		target, inside := c.inside(im.Path)
		switch {
		case inside && isSuite(target):
			if !isSuite(p.Path) && !under(p.Path, "test") {
				c.say(f.Path, im.Line, "%s is a contract suite: only tests import it", target)
			}
		case isSuite(p.Path):
		case inside:
			if !row.allows(p.Path, target) {
				c.say(f.Path, im.Line, "%s may not import %s: %s", p.Path, target, row.reason)
			}
		case !standard(im.Path):
			c.library(p, f, im)
		}
	}
}

func (c *checker) library(p *Package, f *File, im Import) {
	lib, known := libraryOf(im.Path)
	switch {
	case !known:
		c.say(f.Path, im.Line, "%s has no row in the table of libraries: say where its home is and why it is needed", im.Path)
	case !lib.allows(p.Path):
		c.say(f.Path, im.Line, "%s belongs %s only: %s", im.Path, lib.where(), lib.reason)
	}
}

// inside turns an import path of this module into a folder.
func (c *checker) inside(name string) (string, bool) {
	if name == c.tree.Module {
		return ".", true
	}
	return strings.CutPrefix(name, c.tree.Module+"/")
}

// newTx: only the store's Write makes a Tx, else "inside a Write" would be a
// promise that anybody can fake.
func (c *checker) newTx(p *Package, f *File) {
	if under(p.Path, "internal/store/sqldb") || under(p.Path, "internal/core/tx") || isSuite(p.Path) {
		return
	}
	local := ""
	for _, spec := range f.syntax.Imports {
		if spec.Path.Value != `"`+c.tree.Module+`/internal/core/tx"` {
			continue
		}
		local = "tx"
		if spec.Name != nil {
			local = spec.Name.Name
		}
	}
	if local == "" {
		return
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != "New" {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == local {
			c.say(f.Path, c.tree.fset.Position(sel.Pos()).Line, "tx.New is for store/sqldb alone: open a Write")
		}
		return true
	})
}
