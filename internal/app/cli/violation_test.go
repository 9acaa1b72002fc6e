package cli

import "testing"

// What the API says of broken rules is told in words, rule by rule.
func TestInWords(t *testing.T) {
	for text, want := range map[string]string{
		`2 validation errors detected: Value null at 'displayName' failed to satisfy constraint: Member must not be null; ` +
			`Value 'a; b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w\-.]+(@[a-zA-Z0-9.\-]+\.[a-zA-Z0-9-]{2,})?`: `The display name is missing. ` +
			`The name "a; b" may have letters without accents, digits, . _ and - only. Say the rest with --display-name (a user) or --description (a resource).`,
		`1 validation error detected: Value 'x' at 'organizationId' failed to satisfy constraint: Member must have length greater than or equal to 34`: `The organization "x" must have at least 34 characters.`,
		`1 validation error detected: Value at 'password' failed to satisfy constraint: Member must have length less than or equal to 256`:             `The password must have at most 256 characters.`,
		`1 validation error detected: Value 'A' at 'role' failed to satisfy constraint: Member must satisfy enum value set: [USER, RESOURCE]`:          `The role "A" must be one of USER, RESOURCE.`,
		`1 validation error detected: Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1`:             `The name is empty.`,
		`1 validation error detected: Value 'd' at 'directoryId' failed to satisfy constraint: Member must have length greater than or equal to 12`:    `The directory id "d" must have at least 12 characters.`,
		`1 validation error detected: something else`: `1 validation error detected: something else`,
		`The user alice is enabled.`:                  `The user alice is enabled.`,
	} {
		if got := inWords(text); got != want {
			t.Errorf("%s\nis told as\n%s\nnot\n%s", text, got, want)
		}
	}
}
