package archtest

import (
	"fmt"
	"go/ast"
	"sort"
)

// The budgets, in lines. They are aims: nothing fails when one is exceeded.
const (
	FunctionBudget = 60
	FileBudget     = 400
	PackageBudget  = 6000
)

// Size is one thing that is over its budget.
type Size struct {
	What   string // "function (*T).Name", "file" or "package"
	Where  string // file:line, file or folder
	Lines  int
	Budget int
}

// Over is how many times the budget it is.
func (s Size) Over() float64 { return float64(s.Lines) / float64(s.Budget) }

func (s Size) String() string {
	return fmt.Sprintf("%4.1fx %6d of %4d lines  %s  %s", s.Over(), s.Lines, s.Budget, s.Where, s.What)
}

// Budgets answers all that is over its budget, the furthest over first. Tests
// and generated files do not count.
func Budgets(t *Tree) []Size {
	var out []Size
	add := func(s Size) {
		if s.Lines > s.Budget {
			out = append(out, s)
		}
	}
	for _, p := range t.Packages {
		total := 0
		for _, f := range p.Files {
			if f.Test || f.Generated {
				continue
			}
			total += f.Lines
			add(Size{"file", f.Path, f.Lines, FileBudget})
			for _, d := range f.syntax.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || fn.Body == nil {
					continue
				}
				from, to := t.fset.Position(fn.Pos()), t.fset.Position(fn.End())
				add(Size{"function " + funcName(fn), fmt.Sprintf("%s:%d", f.Path, from.Line), to.Line - from.Line + 1, FunctionBudget})
			}
		}
		add(Size{"package", p.Path, total, PackageBudget})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Over() > out[j].Over() })
	return out
}

func funcName(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return fn.Name.Name
	}
	typ := fn.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if ident, ok := typ.(*ast.Ident); ok {
		return ident.Name + "." + fn.Name.Name
	}
	return fn.Name.Name
}
