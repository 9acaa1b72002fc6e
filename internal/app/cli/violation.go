package cli

import (
	"regexp"
	"strings"
)

// The API says what input breaks a rule of its model as AWS does, in regular
// expressions and names of members. Here that is said in words.

var (
	violations = regexp.MustCompile(`^[0-9]+ validation errors? detected: `)
	violation  = regexp.MustCompile(`^Value(?: null| '((?s:.*))')? at '([^']+)' failed to satisfy constraint: Member must ((?s:.*))$`)
	nextOne    = regexp.MustCompile(`; Value(?: null| '|  at | at )`)
)

// inWords tells a text about broken rules in words; other texts are as they were.
func inWords(text string) string {
	head := violations.FindString(text)
	if head == "" {
		return text
	}
	rest, told := text[len(head):], ""
	for rest != "" {
		one := rest
		if at := nextOne.FindStringIndex(rest); at != nil {
			one, rest = rest[:at[0]], rest[at[0]+2:]
		} else {
			rest = ""
		}
		m := violation.FindStringSubmatch(one)
		if m == nil {
			return text
		}
		told += ruleInWords(m[1], m[2], m[3]) + " "
	}
	return strings.TrimSpace(told)
}

func ruleInWords(value, path, rule string) string {
	at := path[strings.LastIndexByte(path, '.')+1:]
	what := members[at]
	if what == "" {
		what = strings.ToLower(upper.ReplaceAllString(at, " $0"))
	}
	if value != "" {
		what += " \"" + value + "\""
	}
	what = "The " + what
	for _, r := range ruleWords {
		n, found := strings.CutPrefix(rule, r[0])
		if found && n != "" && r[0] == emptyRule {
			continue // it is 1 that begins a longer number
		}
		if found {
			text := what + " " + r[1]
			if strings.HasSuffix(r[0], " ") {
				text += strings.Trim(n, "[]") + r[2]
			}
			if at == "name" && r[0] == namePattern {
				text += " Say the rest with --display-name (a user) or --description (a resource)."
			}
			return text
		}
	}
	return what + " must " + rule + "."
}

var upper = regexp.MustCompile(`[A-Z]`)

// members are the words for members whose own are not plain.
var members = map[string]string{
	"userId": "user", "groupId": "group", "resourceId": "resource", "entityId": "name", "memberId": "member", "granteeId": "grantee",
	"organizationId": "organization", "domainName": "mail domain", "email": "address", "mailboxQuota": "quota", "targetName": "name",
}

const namePattern = `satisfy regular expression pattern: [\w\-.]+(@[a-zA-Z0-9.\-]+\.[a-zA-Z0-9-]{2,})?`

const emptyRule = "have length greater than or equal to 1"

// ruleWords are the beginnings of rules, and what is said instead; one that ends
// with a space goes on with what follows it.
var ruleWords = [][3]string{
	{namePattern, "may have letters without accents, digits, . _ and - only."},
	{`satisfy regular expression pattern: [\u0020-\u00FF]+`, "may have letters of western European languages, digits and signs only."},
	{`satisfy regular expression pattern: [a-zA-Z0-9._%+-]{1,64}@`, "is not an email address such as name@example.com."},
	{`satisfy regular expression pattern: [a-zA-Z0-9._%+@-]+`, "may have letters without accents, digits and . _ % + @ - only."},
	{`satisfy regular expression pattern: [a-zA-Z0-9.-]+`, "may have letters without accents, digits, . and - only; write an international one as xn--."},
	{`satisfy regular expression pattern: ^(?!d-)([\da-zA-Z]+)([-][\da-zA-Z]+)*`, "may have letters without accents, digits and single hyphens between them only, and may not begin with d-."},
	{`satisfy regular expression pattern: ^m-`, "is not an organization's id: m- and 32 hexadecimal digits."},
	{"satisfy enum value set: ", "must be one of ", "."},
	{emptyRule, "is empty."},
	{"have length greater than or equal to ", "must have at least ", " characters."},
	{"have length less than or equal to ", "must have at most ", " characters."},
	{"have value greater than or equal to ", "must be at least ", "."},
	{"have value less than or equal to ", "must be at most ", "."},
	{"not be null", "is missing."},
}
