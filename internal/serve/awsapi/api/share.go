package api

import "reflect"

// Share sets the members of to that from has by the same name and type, and
// answers to: what says how a thing is made says how it is changed and tried out.
func Share[T any](to *T, from any) *T {
	into, of := reflect.ValueOf(to).Elem(), reflect.ValueOf(from).Elem()
	for i := range into.NumField() {
		has := of.FieldByName(into.Type().Field(i).Name)
		if has.IsValid() && has.Type() == into.Field(i).Type() {
			into.Field(i).Set(has)
		}
	}
	return to
}
