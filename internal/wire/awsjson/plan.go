package awsjson

import (
	"reflect"
	"sync"
	"time"
)

// kind is what a Go type is on the wire.
type kind uint8

const (
	kString kind = iota
	kEnum        // a named string; the empty one is absent
	kBool
	kInt
	kFloat
	kTime
	kList
	kMap // of strings
	kStruct
)

// typePlan says how values of one Go type are read and written.
type typePlan struct {
	kind   kind
	ptr    bool // the type is a pointer to it
	typ    reflect.Type
	elem   *typePlan // of a list
	fields []field   // of a struct, in order
	byName map[string]int
}

type field struct {
	name  string
	index int
	plan  *typePlan
}

var plans sync.Map // reflect.Type → *typePlan

var timeType = reflect.TypeFor[time.Time]()

// planOf returns the plan of t, made once. It panics on a type that has no place
// in AWS JSON: that is a fault of the program, found by the first test.
func planOf(t reflect.Type) *typePlan {
	if p, ok := plans.Load(t); ok {
		return p.(*typePlan)
	}
	p, _ := plans.LoadOrStore(t, makePlan(t, map[reflect.Type]*typePlan{}))
	return p.(*typePlan)
}

func makePlan(t reflect.Type, made map[reflect.Type]*typePlan) *typePlan {
	if p := made[t]; p != nil {
		return p // a struct that holds itself in a list
	}
	p := &typePlan{typ: t}
	made[t] = p
	if t.Kind() == reflect.Pointer {
		p.ptr = true
		t = t.Elem()
		p.typ = t
	}
	switch t.Kind() {
	case reflect.String:
		p.kind = kString
		if t != reflect.TypeFor[string]() {
			p.kind = kEnum
		}
	case reflect.Bool:
		p.kind = kBool
	case reflect.Int32, reflect.Int64, reflect.Int:
		p.kind = kInt
	case reflect.Float64:
		p.kind = kFloat
	case reflect.Slice:
		p.kind = kList
		p.elem = makePlan(t.Elem(), made)
	case reflect.Map:
		if t != reflect.TypeFor[map[string]string]() || p.ptr {
			panic("awsjson: " + t.String() + " has no form in AWS JSON")
		}
		p.kind = kMap
	case reflect.Struct:
		if t == timeType {
			p.kind = kTime
			break
		}
		p.kind = kStruct
		planFields(p, t, made)
	default:
		panic("awsjson: " + t.String() + " has no form in AWS JSON")
	}
	return p
}

// planFields leaves out what the SDK adds to a shape: ResultMetadata and the
// unexported marker.
func planFields(p *typePlan, t reflect.Type, made map[reflect.Type]*typePlan) {
	p.byName = make(map[string]int, t.NumField())
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Anonymous || f.Name == "ResultMetadata" {
			continue
		}
		p.byName[f.Name] = len(p.fields)
		p.fields = append(p.fields, field{name: f.Name, index: i, plan: makePlan(f.Type, made)})
	}
}
