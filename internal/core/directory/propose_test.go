package directory

import (
	"strings"
	"testing"
)

// The console proposes the same: web/packages/api/src/directory.test.ts.
func TestNamesBecomeLocalParts(t *testing.T) {
	for name, want := range map[string]string{
		"Sales Team":                   "sales.team",
		"  Größe & Maß ":               "grosse.mass",
		"Zoë O'Brien-Müller":           "zoe.obrien-muller",
		"D\u2019Angelo  Jr.":           "dangelo.jr",
		"Anna Maria van der Berg":      "anna.maria.van.der.berg",
		"Łukasz Þór Ærø":               "lukasz.thor.aero",
		"İpek Yıldız":                  "ipek.yildiz",
		"Marie\u2011Claire":            "marie-claire",
		"Ａｎｎａ Ｌｅｅ":                     "anna.lee",
		"李 Wei":                        "wei",
		"Иван Петров":                  "",
		"مجموعة":                       "",
		"Straße_1-b":                   "strasse_1-b",
		"jane@example.com":             "jane",
		"Zo\u00eb\u200d":               "zoe",
		strings.Repeat("x", 63) + " y": strings.Repeat("x", 63),
	} {
		if got := localOf(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}
