package cli

import (
	"errors"
	"time"

	"postroom/internal/serve/awsapi/api"
)

type directoryTestCmd struct {
	Directory string `arg:"" optional:"" help:"Id or alias; without one the flags say how it is reached."`
	Kind      string `enum:"SIMPLE_AD,MICROSOFT_AD,AD_CONNECTOR,LDAP," default:"" help:"Without a directory: what it is; default MICROSOFT_AD." placeholder:"KIND"`
	AskSecret bool   `help:"Ask for another password of the account than the one that is kept, or read it from standard input."`
	directoryFlags
}

const tryTime = 150 * time.Second // the server takes up to two minutes

func (c *directoryTestCmd) Run(e *env) error {
	if c.Directory == "" && (len(c.Servers) == 0 || c.Account == nil || c.BaseDN == nil) {
		return errors.New("name a directory, or say how one is reached: --server, --account and --base-dn")
	}
	if c.Directory != "" && c.Kind != "" {
		return errors.New("--kind is for a directory that is not registered: the kind of one that is does not change")
	}
	s, err := e.open(false)
	if err != nil {
		return err
	}
	in := &api.TestDirectoryInput{Kind: api.DirectoryKind(c.Kind)}
	switch {
	case c.Directory != "":
		if in, err = c.settings(s); err != nil {
			return err
		}
	case in.Kind == "":
		in.Kind = api.DirectoryKindMicrosoftAd
	}
	if err := c.over(in); err != nil {
		return err
	}
	if c.Directory == "" || c.SecretFile != "" || c.AskSecret {
		if in.Secret, err = c.secret(e); err != nil {
			return err
		}
	}
	s.http.Timeout = tryTime
	out, err := do(e.ctx, s.client, api.TestDirectory, in)
	if err != nil {
		return err
	}
	if err := s.answer(out, func() { e.showSteps(out.Steps) }); err != nil {
		return err
	}
	for _, step := range out.Steps {
		if step.Outcome == api.DirectoryTestOutcomeFailed {
			return ended(exitFailed)
		}
	}
	return nil
}

// settings are those to try of a directory that is registered: none where it is
// tried as it is.
func (c *directoryTestCmd) settings(s *session) (*api.TestDirectoryInput, error) {
	found, err := s.directory(c.Directory)
	if err != nil {
		return nil, err
	}
	if !c.given() && c.SecretFile == "" && !c.AskSecret {
		return &api.TestDirectoryInput{DirectoryId: found.DirectoryId}, nil
	}
	d, err := do(s.ctx, s.client, api.DescribeDirectory, &api.DescribeDirectoryInput{DirectoryId: found.DirectoryId})
	if err != nil {
		return nil, err
	}
	return settingsOf(d), nil
}

// showSteps prints each step, below it what to do, and at the end what would be seen.
func (e *env) showSteps(steps []api.DirectoryTestStep) {
	var rows, sample [][]string
	for _, step := range steps {
		rows = append(rows, []string{string(step.Outcome), str(step.Name), str(step.Server), str(step.Text)})
		if step.Advice != nil {
			rows = append(rows, []string{"", "", "", "-> " + str(step.Advice)})
		}
		for _, x := range step.Sample {
			sample = append(sample, []string{string(x.Type), str(x.Name), str(x.DisplayName), str(x.Mail), string(x.State)})
		}
	}
	e.table([]string{"OUTCOME", "STEP", "SERVER", "WHAT WAS SEEN"}, rows, "Nothing was tried.")
	if len(sample) > 0 {
		e.printf("\nSome of what would be seen:\n")
		e.table([]string{"TYPE", "NAME", "DISPLAY NAME", "EMAIL", "STATE"}, sample, "")
	}
}
