package cli

import (
	"strings"

	"postroom/internal/app"
)

type adminCmd struct {
	List    adminListCmd    `cmd:"" help:"List administrators."`
	Create  adminCreateCmd  `cmd:"" help:"Make an administrator."`
	Reset   adminResetCmd   `cmd:"" name:"reset-password" help:"Give an administrator a new password and enable him."`
	Factors adminFactorsCmd `cmd:"" name:"reset-factors" help:"Take an administrator's second factors away, for one who lost them."`
	Delete  adminDeleteCmd  `cmd:"" help:"Delete an administrator with his keys and sessions."`
	Key     adminKeyCmd     `cmd:"" name:"access-key" help:"Access keys, which sign API calls."`
}

type adminListCmd struct{ machineFlags }

func (c *adminListCmd) Run(e *env) error {
	var list []app.Admin
	if err := c.run(e, "admin list", nil, &list, nil); err != nil {
		return err
	}
	if c.JSON {
		return e.own(list)
	}
	var rows [][]string
	for _, a := range list {
		where := "all"
		if !a.All {
			where = strings.Join(a.Organizations, " ")
		}
		rows = append(rows, []string{a.Name, a.Role, where, yes(a.Enabled), when(&a.SignedIn), a.ID})
	}
	e.table([]string{"NAME", "ROLE", "ORGANIZATIONS", "ENABLED", "LAST SIGN-IN", "ID"}, rows, "There is no administrator. Make one with: postroom admin create NAME")
	return nil
}

type adminCreateCmd struct {
	machineFlags
	passwordFlags
	Name     string   `arg:"" help:"The name to sign in with."`
	ReadOnly bool     `help:"He may only look."`
	Only     []string `help:"Ids or aliases of the organizations that he may act on; default is all." placeholder:"ORGANIZATION"`
	KeysOnly bool     `help:"Without a password: only access keys work."`
}

func (c *adminCreateCmd) Run(e *env) error {
	in := app.AdminCreate{Name: c.Name, ReadOnly: c.ReadOnly, Organizations: c.Only}
	made := false
	if !c.KeysOnly {
		var err error
		if in.Password, made, err = c.password(e); err != nil {
			return err
		}
	}
	var out app.Admin
	if err := c.run(e, "admin create", in, &out, nil); err != nil {
		return err
	}
	if made {
		out.Password = in.Password
	}
	if c.JSON {
		return e.own(out)
	}
	e.facts([2]string{"Administrator", out.Name}, [2]string{"Id", out.ID}, [2]string{"Role", out.Role}, [2]string{"Password", out.Password})
	return nil
}

type adminResetCmd struct {
	machineFlags
	Name string `arg:"" help:"The administrator's name."`
}

func (c *adminResetCmd) Run(e *env) error {
	var out app.Admin
	if err := c.run(e, "admin reset", app.AdminName{Name: c.Name}, &out, nil); err != nil {
		return err
	}
	if c.JSON {
		return e.own(out)
	}
	e.facts([2]string{"Administrator", out.Name}, [2]string{"Password", out.Password})
	e.printf("His sessions have ended, his second factors stay. This password is shown only now.\n")
	return nil
}

type adminFactorsCmd struct {
	machineFlags
	Name string `arg:"" help:"The administrator's name."`
}

func (c *adminFactorsCmd) Run(e *env) error {
	var out app.Factors
	if err := c.run(e, "admin reset-factors", app.AdminName{Name: c.Name}, &out, nil); err != nil {
		return err
	}
	if c.JSON {
		return e.own(out)
	}
	if !out.TOTP && out.Passkeys == 0 {
		e.printf("%s had no second factor.\n", out.Name)
		return nil
	}
	e.printf("One-time password: %s. Passkeys removed: %d. The password alone signs %s in now.\n", map[bool]string{true: "removed", false: "none"}[out.TOTP], out.Passkeys, out.Name)
	return nil
}

type adminDeleteCmd struct {
	machineFlags
	Name string `arg:"" help:"The administrator's name."`
}

func (c *adminDeleteCmd) Run(e *env) error {
	return c.run(e, "admin delete", app.AdminName{Name: c.Name}, nil, nil)
}

type adminKeyCmd struct {
	List    keyListCmd   `cmd:"" help:"List an administrator's keys."`
	Create  keyCreateCmd `cmd:"" help:"Make a key and show its secret, this once."`
	Enable  keyOnCmd     `cmd:"" help:"Let a key sign again."`
	Disable keyOffCmd    `cmd:"" help:"Let a key sign nothing."`
	Delete  keyDeleteCmd `cmd:"" help:"Delete a key."`
}

type keyListCmd struct {
	machineFlags
	Name string `arg:"" help:"The administrator's name."`
}

func (c *keyListCmd) Run(e *env) error {
	var list []app.Key
	if err := c.run(e, "key list", app.KeyArgs{Admin: c.Name}, &list, nil); err != nil {
		return err
	}
	if c.JSON {
		return e.own(list)
	}
	var rows [][]string
	for _, k := range list {
		rows = append(rows, []string{k.ID, yes(k.Active), when(&k.Created), when(&k.Used)})
	}
	e.table([]string{"KEY", "ACTIVE", "CREATED", "LAST USED"}, rows, c.Name+" has no access key. Make one with: postroom admin access-key create "+c.Name)
	return nil
}

type keyCreateCmd struct {
	machineFlags
	Name string `arg:"" help:"The administrator's name."`
}

func (c *keyCreateCmd) Run(e *env) error {
	var k app.Key
	if err := c.run(e, "key create", app.KeyArgs{Admin: c.Name}, &k, nil); err != nil {
		return err
	}
	if c.JSON {
		return e.own(k)
	}
	e.facts([2]string{"Access key", k.ID}, [2]string{"Secret", k.Secret})
	e.printf("The secret is shown only now.\n")
	return nil
}

type keyOnCmd struct {
	machineFlags
	ID string `arg:"" name:"key" help:"The key's id."`
}

func (c *keyOnCmd) Run(e *env) error {
	return c.run(e, "key switch", app.KeyArgs{ID: c.ID, Active: true}, nil, nil)
}

type keyOffCmd struct {
	machineFlags
	ID string `arg:"" name:"key" help:"The key's id."`
}

func (c *keyOffCmd) Run(e *env) error { return c.run(e, "key switch", app.KeyArgs{ID: c.ID}, nil, nil) }

type keyDeleteCmd struct {
	machineFlags
	ID string `arg:"" name:"key" help:"The key's id."`
}

func (c *keyDeleteCmd) Run(e *env) error {
	return c.run(e, "key delete", app.KeyArgs{ID: c.ID}, nil, nil)
}
