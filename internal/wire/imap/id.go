package imap

// IDParam is one field of ID (RFC 2971).
type IDParam struct {
	Name, Value string
	Nil         bool // Value is NIL
}

// ID is ID; Params is empty for NIL.
type ID struct{ Params []IDParam }

// RFC 2971 §3.3.
const (
	maxIDParams = 30
	maxIDName   = 30
	maxIDValue  = 1024
)

func parseID(d *Decoder) any {
	var a ID
	if !d.ExpectSP() {
		return nil
	}
	if !d.NIL() {
		d.ExpectList(maxIDParams, func() bool {
			var p IDParam
			if !d.ExpectString(&p.Name, "a field name") || !d.ExpectSP() {
				return false
			}
			p.Nil = !d.ExpectNString(&p.Value, "a field value")
			if len(p.Name) > maxIDName || len(p.Value) > maxIDValue {
				return d.Fail("a field of more than %d bytes or a value of more than %d", maxIDName, maxIDValue)
			}
			a.Params = append(a.Params, p)
			return d.err == nil
		})
	}
	d.ExpectEnd()
	return &a
}
