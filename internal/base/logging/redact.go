package logging

import (
	"fmt"
	"log/slog"
	"reflect"
	"strings"
)

const (
	hidden   = "[hidden]"
	maxDepth = 6   // of values inside values
	maxItems = 100 // of one list or map
)

// secretWords make a name a secret's, wherever they stand in it.
var secretWords = []string{
	"password", "passwd", "passphrase", "pwd", "secret", "token", "authorization", "cookie", "credential",
	"privatekey", "masterkey", "datakey", "apikey", "pepper", "signature", "sessionkey", "otp",
}

// IsSecret tells whether an attribute, field or key of this name is hidden.
func IsSecret(name string) bool {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if r != '_' && r != '-' && r != '.' && r != ' ' {
			b.WriteRune(r)
		}
	}
	plain := b.String()
	for _, w := range secretWords {
		if strings.Contains(plain, w) {
			return true
		}
	}
	return false
}

func clean(a slog.Attr, depth int) slog.Attr {
	if IsSecret(a.Key) {
		return slog.String(a.Key, hidden)
	}
	return slog.Attr{Key: a.Key, Value: cleanValue(a.Value.Resolve(), depth)}
}

func cleanValue(v slog.Value, depth int) slog.Value {
	switch v.Kind() {
	case slog.KindGroup:
		in := v.Group()
		out := make([]slog.Attr, len(in))
		for i, a := range in {
			out[i] = clean(a, depth+1)
		}
		return slog.GroupValue(out...)
	case slog.KindAny:
		return cleanAny(v, depth)
	}
	return v
}

// cleanAny opens structs, maps and lists, whose encoders would print secret
// members. What writes itself (errors, Stringers) is trusted to be text.
func cleanAny(v slog.Value, depth int) slog.Value {
	switch x := v.Any().(type) {
	case nil:
		return v
	case error:
		return slog.StringValue(x.Error())
	case fmt.Stringer:
		if rv := reflect.ValueOf(x); rv.Kind() == reflect.Pointer && rv.IsNil() {
			return slog.StringValue("<nil>")
		}
		return slog.StringValue(x.String())
	}
	return slog.AnyValue(open(reflect.ValueOf(v.Any()), depth))
}

func open(v reflect.Value, depth int) any {
	if depth > maxDepth {
		return "…"
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return open(v.Elem(), depth+1)
	case reflect.Struct:
		out := map[string]any{}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			switch {
			case !f.IsExported():
			case IsSecret(f.Name):
				out[f.Name] = hidden
			default:
				out[f.Name] = open(v.Field(i), depth+1)
			}
		}
		return out
	case reflect.Map:
		out := map[string]any{}
		for it := v.MapRange(); it.Next() && len(out) < maxItems; {
			name := fmt.Sprint(it.Key().Interface())
			if IsSecret(name) {
				out[name] = hidden
				continue
			}
			out[name] = open(it.Value(), depth+1)
		}
		return out
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return fmt.Sprintf("%d bytes", v.Len()) // never raw bytes: keys and bodies are such
		}
		out := make([]any, 0, min(v.Len(), maxItems))
		for i := 0; i < v.Len() && i < maxItems; i++ {
			out = append(out, open(v.Index(i), depth+1))
		}
		return out
	case reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return v.Kind().String()
	}
	if s, ok := v.Interface().(fmt.Stringer); ok {
		return s.String()
	}
	return v.Interface()
}
