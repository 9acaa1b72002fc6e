// Package archtest keeps the house in order: it reads the tree's Go files and
// names each import that goes against the table of floors, each library outside
// its one home, each package without a comment, each package with a name that
// says nothing, and each tx.New outside the store. It reads syntax only: it
// builds nothing, judges no style, and treats sizes as aims (see Budgets).
package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"sort"
	"strconv"
	"strings"
)

// Tree is the Go source of one module, without nested modules and testdata.
type Tree struct {
	Module   string // module path, from go.mod
	Packages []*Package
	fset     *token.FileSet
}

// Package is one folder of Go files.
type Package struct {
	Path  string // folder relative to the module's root, "." for the root itself
	Name  string // without the suffix _test
	Files []*File
}

// File is one Go file.
type File struct {
	Path      string // relative to the module's root
	Lines     int
	Test      bool // *_test.go
	Generated bool // marked "Code generated … DO NOT EDIT."
	syntax    *ast.File
}

// Import is one import of a file.
type Import struct {
	Path string
	Line int
}

// Load reads the module whose go.mod lies in the root of fsys. Build tags are
// ignored: a file counts on every system. Errors are those of reading and of
// Go's syntax.
func Load(fsys fs.FS) (*Tree, error) {
	mod, err := fs.ReadFile(fsys, "go.mod")
	if err != nil {
		return nil, err
	}
	tree := &Tree{fset: token.NewFileSet()}
	for line := range strings.Lines(string(mod)) {
		if name, ok := strings.CutPrefix(line, "module "); ok {
			tree.Module = strings.TrimSpace(name)
		}
	}
	byPath := map[string]*Package{}
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != "." && ignored(fsys, name) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasPrefix(path.Base(name), "_") || strings.HasPrefix(path.Base(name), ".") {
			return nil
		}
		return tree.add(fsys, name, byPath)
	})
	if err != nil {
		return nil, err
	}
	for _, p := range byPath {
		tree.Packages = append(tree.Packages, p)
	}
	sort.Slice(tree.Packages, func(i, j int) bool { return tree.Packages[i].Path < tree.Packages[j].Path })
	return tree, nil
}

// ignored folders hold no package of this module.
func ignored(fsys fs.FS, dir string) bool {
	switch base := path.Base(dir); {
	case base == "testdata", base == "vendor", base == "node_modules", strings.HasPrefix(base, "."), strings.HasPrefix(base, "_"):
		return true
	case dir == "var", dir == "bin":
		return true
	}
	_, err := fs.Stat(fsys, path.Join(dir, "go.mod"))
	return err == nil
}

func (t *Tree) add(fsys fs.FS, name string, byPath map[string]*Package) error {
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	syntax, err := parser.ParseFile(t.fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("archtest: %w", err)
	}
	dir := path.Dir(name)
	p := byPath[dir]
	if p == nil {
		p = &Package{Path: dir}
		byPath[dir] = p
	}
	f := &File{
		Path:      name,
		Lines:     strings.Count(string(src), "\n"),
		Test:      strings.HasSuffix(name, "_test.go"),
		Generated: ast.IsGenerated(syntax),
		syntax:    syntax,
	}
	if p.Name == "" || !f.Test {
		p.Name = strings.TrimSuffix(syntax.Name.Name, "_test")
	}
	p.Files = append(p.Files, f)
	return nil
}

// TestOnly says that the folder has no file but tests.
func (p *Package) TestOnly() bool {
	for _, f := range p.Files {
		if !f.Test {
			return false
		}
	}
	return true
}

// Imports are the file's imports in order.
func (t *Tree) Imports(f *File) []Import {
	var out []Import
	for _, spec := range f.syntax.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has refused such a file already
		}
		out = append(out, Import{Path: name, Line: t.fset.Position(spec.Pos()).Line})
	}
	return out
}

// under says that name is dir or lies below it; both are slash-separated.
func under(name, dir string) bool {
	return name == dir || strings.HasPrefix(name, dir+"/")
}
