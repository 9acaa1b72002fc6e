package awsjson

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"
)

type color string

type part struct {
	Name  *string
	Count int32
	Parts []part
}

// marker is embedded, as in each of the SDK's structs, and is never written.
type marker struct{}

var _ = document{}.marker

type document struct {
	Text           *string
	Flag           bool
	Maybe          *bool
	Small          *int32
	Big            *int64
	Float          *float64
	Color          color
	Colors         []color
	When           *time.Time
	Strings        []string
	Part           *part
	Parts          []part
	Map            map[string]string
	ResultMetadata map[any]any
	marker
}

func text(s string) *string { return &s }

func TestDecode(t *testing.T) {
	var d document
	err := Decode([]byte(" {\"Text\":\"a\\u00e9\\ud83d\\ude00\\n\\/\", \"Flag\":true,\"Maybe\":false,\"Small\":-5,\"Big\":9223372036854775807,"+
		"\"Float\":1.5e3,\"Color\":\"RED\",\"Colors\":[\"RED\",\"BLUE\"],\"When\":1532459261.827,\"Strings\":[],"+
		"\"Part\":{\"Name\":\"n\",\"Count\":3.0,\"Parts\":[{\"Name\":\"m\"}]},\"Parts\":[{\"Count\":1},{\"Count\":2},{},{},{},{\"Name\":\"z\"}],\"Map\":{\"a\":\"1\" , \"b\\u0041\":\"\",\"a\":\"2\"},"+
		"\"text\":\"other case\",\"Unknown\":{\"a\":[1,null,{\"b\":[]}]},\"ResultMetadata\":1}\r\n"), &d)
	if err != nil {
		t.Fatal(err)
	}
	if *d.Text != "aé😀\n/" || !d.Flag || *d.Maybe || *d.Small != -5 || *d.Big != math.MaxInt64 || *d.Float != 1500 || d.Color != "RED" ||
		len(d.Colors) != 2 || d.Colors[1] != "BLUE" || d.When.UnixMilli() != 1532459261827 || d.Strings == nil ||
		*d.Part.Name != "n" || d.Part.Count != 3 || *d.Part.Parts[0].Name != "m" || len(d.Parts) != 6 || d.Parts[1].Count != 2 || *d.Parts[5].Name != "z" || len(d.Map) != 2 || d.Map["a"] != "2" || d.Map["bA"] != "" {
		t.Errorf("%+v", d)
	}
	d = document{}
	err = Decode([]byte(`{"Text":"a","Text":"b","Parts":[{"Count":1,"Name":"x"},{}],"Parts":[{"Name":"y"}],"Small":1,"Small":null,"Part":{"Count":1},"Part":{},"Map":{"a":"b"},"Map":{}}`), &d)
	if err != nil || *d.Text != "b" || len(d.Parts) != 1 || d.Parts[0].Count != 0 || d.Small != nil || d.Part.Count != 0 || d.Map == nil || len(d.Map) != 0 {
		t.Errorf("the last of equal names: %v %+v", err, d)
	}
	d = document{}
	if err := Decode(nil, &d); err != nil {
		t.Errorf("empty body: %v", err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for body, want := range map[string]struct {
		kind   Kind
		member string
		text   string
	}{
		`[]`:                         {Syntax, "", "not a JSON object"},
		`"x"`:                        {Syntax, "", "not a JSON object"},
		"\ufeff{}":                   {Syntax, "", "not a JSON object"},
		`{`:                          {Syntax, "", "ends too early"},
		`{"Text":"a`:                 {Syntax, "Text", "ends too early"},
		`{"Text":"a",}`:              {Syntax, "", "Unexpected character"},
		`{"Text" "a"}`:               {Syntax, "", "Unexpected character"},
		`{'Text':'a'}`:               {Syntax, "", "Unexpected character"},
		`{} {}`:                      {Syntax, "", "behind the JSON object"},
		`{}x`:                        {Syntax, "", "behind the JSON object"},
		`{"Text":5}`:                 {Type, "Text", "NUMBER_VALUE can not be converted to String"},
		`{"Text":{"a":1}}`:           {Type, "Text", "START_OBJECT can not be converted to String"},
		`{"Flag":"true"}`:            {Type, "Flag", "STRING_VALUE can not be converted to Boolean"},
		`{"Small":"1"}`:              {Type, "Small", "can not be converted to Integer"},
		`{"Small":2147483648}`:       {Type, "Small", "can not be converted to Integer"},
		`{"Small":1.5}`:              {Type, "Small", "can not be converted to Integer"},
		`{"Big":1e400}`:              {Type, "Big", "can not be converted to Integer"},
		`{"Float":1e400}`:            {Type, "Float", "can not be converted to Double"},
		`{"When":"2026-01-01"}`:      {Type, "When", "STRING_VALUE can not be converted to Timestamp"},
		`{"When":1e300}`:             {Type, "When", "can not be converted to Timestamp"},
		`{"Parts":{}}`:               {Type, "Parts", "START_OBJECT can not be converted to List"},
		`{"Parts":[{},{"Name":[]}]}`: {Type, "Parts.1.Name", "START_LIST can not be converted to String"},
		`{"Parts":[null]}`:           {Type, "Parts.0", "NULL_VALUE"},
		`{"Part":true}`:              {Type, "Part", "TRUE_VALUE can not be converted to Structure"},
		`{"Map":[]}`:                 {Type, "Map", "START_LIST can not be converted to Map"},
		`{"Map":{"a":1}}`:            {Type, "Map", "NUMBER_VALUE can not be converted to String"},
		`{"Map":{"a":null}}`:         {Type, "Map", "NULL_VALUE can not be converted to String"},
		`{"Map":{"a":"b",}}`:         {Syntax, "Map", "Unexpected"},
		`{"Map":{"a"}}`:              {Syntax, "Map", "Unexpected"},
		`{"Map":{"a":`:               {Syntax, "Map", "ends too early"},
		`{"Color":""}`:               {BadValue, "Color", "enum"},
		`{"Small":01}`:               {Syntax, "", "Unexpected"},
		`{"Small":+1}`:               {Syntax, "Small", "Unexpected"},
		`{"Small":-}`:                {Syntax, "Small", "Unexpected"},
		`{"Small":1.}`:               {Syntax, "Small", "Unexpected"},
		`{"Small":NaN}`:              {Syntax, "Small", "Unexpected"},
		`{"Flag":truth}`:             {Syntax, "Flag", "Unexpected"},
		"{\"Text\":\"\xff\"}":        {Syntax, "Text", "UTF-8"},
		"{\"Text\":\"\\n\xc3\"}":     {Syntax, "Text", "UTF-8"},
		"{\"X\":\"\xc0\x80\"}":       {Syntax, "", "UTF-8"},
		"{\"Text\":\"a\nb\"}":        {Syntax, "Text", "control character"},
		`{"Text":"\ud800"}`:          {Syntax, "Text", "surrogate"},
		`{"Text":"\ud800\u0041"}`:    {Syntax, "Text", "surrogate"},
		`{"Text":"\udc00"}`:          {Syntax, "Text", "surrogate"},
		`{"Text":"\x41"}`:            {Syntax, "Text", "Unexpected"},
		`{"Text":"\u00g0"}`:          {Syntax, "Text", "Unexpected"},
		`{"Text":"\u00`:              {Syntax, "Text", "ends too early"},
		`{"X":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`: {Syntax, "", "nested deeper than 32"},
		strings.Repeat(`{"X":`, 100_000):                                  {Syntax, "", "nested deeper than 32"},
		`{"Parts":[` + strings.Repeat(`{},`, 10_000) + `{}]}`:             {Syntax, "Parts.10000", "more than 10000 elements"},
		`{"Text":"` + strings.Repeat("x", 1<<20) + `"}`:                   {TooLarge, "", "longer than 1048576 bytes"},
		`{"Map":{` + strings.Repeat(`"a":"",`, 10_000) + `"a":""}}`:       {Syntax, "Map", "more than 10000 elements"},
	} {
		var d document
		err := Decode([]byte(body), &d)
		var got *Error
		if !errors.As(err, &got) {
			t.Errorf("%.60q: %v", body, err)
			continue
		}
		if got.Kind != want.kind || got.Member != want.member || !strings.Contains(got.Text, want.text) {
			t.Errorf("%.60q: kind %d, member %q, %s", body, got.Kind, got.Member, got.Text)
		}
	}
}

func TestEncode(t *testing.T) {
	yes, small, when := true, int32(7), time.UnixMilli(1532459261827).UTC()
	whole := time.Unix(1532459261, 0)
	for want, v := range map[string]any{
		`{"Flag":false}`: &document{},
		`{"Text":"\"\\\n\u0001é😀` + "\ufffd" + `</a>","Flag":true,"Maybe":true,"Small":7,"Color":"RED","Colors":["RED",""],"When":1532459261.827,"Strings":[],"Part":{"Count":0},"Parts":[{"Name":"x","Count":1}]}`: document{
			Text: text("\"\\\n\x01é😀\xff</a>"), Flag: true, Maybe: &yes, Small: &small, Color: "RED", Colors: []color{"RED", ""}, When: &when,
			Strings: []string{}, Part: &part{}, Parts: []part{{Name: text("x"), Count: 1}}},
		`{"Flag":false,"When":1532459261}`:        &document{When: &whole},
		`{"Flag":false,"Map":{}}`:                 &document{Map: map[string]string{}},
		`{"Flag":false,"Map":{"A":"\n","b":"1"}}`: &document{Map: map[string]string{"b": "1", "A": "\n"}},
		`{}`: (*document)(nil),
	} {
		if got := string(Append(nil, v)); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	for f, want := range map[float64]string{0: "0", 1.5: "1.5", 1e300: "1e+300", 123456789: "123456789", math.Inf(1): `"Infinity"`} {
		if got := string(appendFloat(nil, f)); got != want {
			t.Errorf("%v: %s", f, got)
		}
	}
	if got := string(Append(nil, nil)); got != "{}" {
		t.Error(got)
	}
	if got := string(AppendRedacted(nil, &document{Map: map[string]string{"a": "secret"}}, []string{"Map"})); got != `{"Flag":false,"Map":"***"}` {
		t.Error(got)
	}
	d := document{Text: text("secret"), Parts: []part{{Name: text("secret")}}, Part: &part{Name: text("open")}}
	if got := string(AppendRedacted(nil, &d, []string{"Text", "Parts.Name"})); got !=
		`{"Text":"***","Flag":false,"Part":{"Name":"open","Count":0},"Parts":[{"Name":"***","Count":0}]}` {
		t.Error(got)
	}
	if got := string(AppendError(nil, "X", `a"b`)); got != `{"__type":"X","message":"a\"b","Message":"a\"b"}` {
		t.Error(got)
	}
}

// What is accepted is JSON for encoding/json too, and comes back from Append the
// same; nothing panics.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{}`, `{"Text":"a\u00e9\ud83d\ude00","Small":1,"Parts":[{"Name":"x"}],"When":1.5}`, `{"X":[[[1,2,{"a":null}]]]}`, `{"Float":-0.1e-5}`, `{"Text":"\ud800"}`, `{"Map":{"a":"b"}}`, "{\"Text\":\"\xff\"}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var d document
		if err := Decode(body, &d); err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Text == "" {
				t.Fatalf("%T %v", err, err)
			}
			return
		}
		if len(body) > 0 && len(strings.Trim(string(body), " \t\r\n")) > 0 && !json.Valid(body) {
			t.Fatalf("accepted %q", body)
		}
		once := Append(nil, &d)
		var again document
		if err := Decode(once, &again); err != nil && !strings.Contains(err.Error(), "elements") {
			t.Fatalf("%s: %v", once, err)
		}
		if twice := Append(nil, &again); string(once) != string(twice) {
			t.Fatalf("%s became %s", once, twice)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	body := []byte(`{"OrganizationId":"m-0123456789abcdef0123456789abcdef","UserId":"alice"}`)
	b.ReportAllocs()
	for b.Loop() {
		var in struct{ OrganizationId, UserId *string }
		if err := Decode(body, &in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	when := time.Now()
	d := document{Text: text("some text"), Color: "RED", When: &when, Parts: make([]part, 3)}
	buf := make([]byte, 0, 4096)
	b.ReportAllocs()
	for b.Loop() {
		buf = Append(buf[:0], &d)
	}
}
