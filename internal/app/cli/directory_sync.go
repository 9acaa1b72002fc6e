package cli

import (
	"errors"
	"fmt"
	"strings"

	"postroom/internal/serve/awsapi/api"
)

type directorySyncCmd struct {
	Directory string `arg:"" help:"Id or alias."`
	Confirm   int64  `help:"Let so many users and groups go that are missing in the directory and are held; describe says how many." placeholder:"NUMBER"`
}

func (c *directorySyncCmd) Run(e *env) error {
	s, err := e.open(false)
	if err != nil {
		return err
	}
	d, err := s.directory(c.Directory)
	if err != nil {
		return err
	}
	if d.OrganizationId == nil {
		return errors.New("no organization has this directory: there is nothing to follow")
	}
	if c.Confirm != 0 {
		_, err = do(e.ctx, s.client, api.ConfirmDirectoryChanges, &api.ConfirmDirectoryChangesInput{OrganizationId: d.OrganizationId, Number: &c.Confirm})
		return err
	}
	if _, err := do(e.ctx, s.client, api.SyncDirectory, &api.SyncDirectoryInput{OrganizationId: d.OrganizationId}); err != nil {
		return err
	}
	e.note("It is compared now. See how that goes with: postroom directory describe %s", plain(c.Directory))
	return nil
}

// showSync prints how far a directory is followed.
func (s *session) showSync(d *api.DescribeDirectorySyncOutput) {
	held := ""
	if d.HeldCount > 0 {
		held = fmt.Sprintf("%d users and groups are missing there (%s). Let them go with: postroom directory sync DIRECTORY --confirm %d", d.HeldCount, strings.Join(d.HeldNames, " "), d.HeldCount)
		if d.Confirmed {
			held = fmt.Sprintf("%d users and groups, which go now", d.HeldCount)
		}
	}
	read := ""
	if d.Phase == api.DirectorySyncPhaseReading {
		read = fmt.Sprintf("%d so far", d.Read)
	}
	s.printf("\n")
	s.facts([2]string{"Sync", string(d.Phase)}, [2]string{"Read", read}, [2]string{"Can be changed here", yes(d.Writable)}, [2]string{"Users", fmt.Sprint(d.Users)}, [2]string{"Groups", fmt.Sprint(d.Groups)},
		[2]string{"Last look", when(d.LastSyncDate)}, [2]string{"Last comparison", when(d.LastFullDate)}, [2]string{"Error", str(d.Error)},
		[2]string{"Failing since", when(d.FailingSince)}, [2]string{"Held", held}, [2]string{"Faults", fmt.Sprint(d.FaultCount)})
	var rows [][]string
	for _, f := range d.Faults {
		rows = append(rows, []string{string(f.Type), str(f.Name), str(f.Text)})
	}
	if len(rows) > 0 {
		s.printf("\n")
		s.table([]string{"TYPE", "NAME", "FAULT"}, rows, "")
	}
}
