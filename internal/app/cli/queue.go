package cli

import (
	"fmt"

	"postroom/internal/app"
)

type queueCmd struct {
	List queueListCmd `cmd:"" help:"List messages that some recipients have not got yet."`
}

type queueListCmd struct {
	machineFlags
	Organization string `short:"o" help:"Only those of this organization, by id or alias." placeholder:"ID"`
	Limit        int    `default:"100" help:"How many messages at most; up to 1000 (default: ${default})."`
}

func (c *queueListCmd) Run(e *env) error {
	var q app.Queue
	if err := c.run(e, "queue list", app.QueueArgs{Organization: c.Organization, Limit: c.Limit}, &q, nil); err != nil {
		return err
	}
	if c.JSON {
		return e.own(q)
	}
	var rows [][]string
	for _, m := range q.Messages {
		sender := m.Sender
		if sender == "" {
			sender = "<>"
		}
		row := []string{m.ID, m.Organization, sender, when(&m.Since)}
		for _, to := range m.Recipients {
			rows = append(rows, append(row, to.Address, to.State, fmt.Sprint(to.Attempts), when(&to.Next), to.Error))
			row = []string{"", "", "", ""} // the next recipients of the same
		}
		if len(m.Recipients) == 0 {
			rows = append(rows, row)
		}
	}
	e.table([]string{"ID", "ORGANIZATION", "SENDER", "SINCE", "RECIPIENT", "STATE", "ATTEMPTS", "NEXT", "LAST ERROR"}, rows, "The queue is empty.")
	if q.More {
		e.note("There are more messages; --limit shows up to 1000.")
	}
	return nil
}
