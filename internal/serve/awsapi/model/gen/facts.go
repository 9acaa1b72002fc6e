package main

import (
	"strings"

	"postroom/internal/serve/awsapi/model"
)

// workmailFacts says for WorkMail's operations what postroom.json says for ours:
// an operation's first word decides, and the exceptions stand here.
func workmailFacts(operation string) model.Facts {
	facts := model.Facts{Role: "full", Scope: "region", Audit: "write"}
	for _, prefix := range []string{"Describe", "Get", "List"} {
		if strings.HasPrefix(operation, prefix) {
			facts.Role, facts.Audit = "read", "read"
		}
	}
	switch operation {
	case "CreateOrganization":
		facts.Organizations = "all" // who is bound to some organizations makes no more of them
	case "TestAvailabilityConfiguration":
		facts.Audit = "read" // calls a foreign server, changes nothing here
	}
	return facts
}
