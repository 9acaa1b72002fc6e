package awsapi

import (
	"context"
	"strings"

	"postroom/internal/core/directory"
	"postroom/internal/serve/awsapi/api"
)

func testDirectory(ctx context.Context, c *call, in *api.TestDirectoryInput) (*api.TestDirectoryOutput, error) {
	x, err := c.directories()
	if err != nil {
		return nil, err
	}
	steps := []api.DirectoryTestStep{}
	err = x.TestDirectory(ctx, value(in.DirectoryId), testable(in), func(s directory.TestStep) {
		steps = append(steps, api.DirectoryTestStep{
			Name: text(s.Name), Server: text(s.Server), Outcome: api.DirectoryTestOutcome(s.Outcome), Text: text(s.Text), Advice: text(s.Advice),
			Sample: sampleOf(s.Sample),
		})
	})
	return &api.TestDirectoryOutput{Steps: steps}, err
}

func sampleOf(list []directory.Identity) []api.DirectorySample {
	var out []api.DirectorySample
	for i := range list {
		s := &list[i]
		out = append(out, api.DirectorySample{
			Type: api.EntityType(s.Kind.String()), Name: text(s.Name), DisplayName: text(s.DisplayName), Mail: text(s.Mail),
			State: api.DirectoryEntryState(strings.ToUpper(string(s.State))),
		})
	}
	return out
}
