package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os/exec"
	"path/filepath"
	"strings"
)

const sdkModule = "github.com/aws/aws-sdk-go-v2/service/workmail"

// fields are a struct's fields: name to Go type.
type fields map[string]string

// sdkStructs reads the structs of the SDK module: "CreateUserInput" of its root
// package and "types.Domain" of types.
func sdkStructs() (map[string]fields, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", sdkModule).Output()
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", sdkModule, err)
	}
	dir := strings.TrimSpace(string(out))
	names, err := filepath.Glob(filepath.Join(dir, "api_op_*.go"))
	if err != nil {
		return nil, err
	}
	structs := map[string]fields{}
	for _, name := range append(names, filepath.Join(dir, "types", "types.go")) {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		prefix := ""
		if file.Name.Name == "types" {
			prefix = "types."
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				structs[prefix+spec.Name.Name] = structFields(s)
			}
			return false
		})
	}
	return structs, nil
}

func structFields(s *ast.StructType) fields {
	all := fields{}
	for _, f := range s.Fields.List {
		for _, name := range f.Names {
			if name.IsExported() && name.Name != "ResultMetadata" {
				all[name.Name] = types.ExprString(f.Type)
			}
		}
	}
	return all
}
