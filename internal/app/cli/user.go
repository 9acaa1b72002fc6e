package cli

import (
	"errors"
	"fmt"
	"strings"

	"postroom/internal/serve/awsapi/api"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

type userCmd struct {
	apiFlags
	Create   userCreateCmd   `cmd:"" help:"Make a user; with --email he also gets his mailbox."`
	List     userListCmd     `cmd:"" help:"List users."`
	Show     userShowCmd     `cmd:"" help:"Show a user and his mailbox."`
	Update   userUpdateCmd   `cmd:"" help:"Change what the address book shows of a user."`
	Delete   userDeleteCmd   `cmd:"" help:"Delete a user who is disabled."`
	Enable   enableCmd       `cmd:"" help:"Give a user his mailbox and primary address."`
	Disable  disableCmd      `cmd:"" help:"Lock a user out; his mailbox is kept for 30 days."`
	Password userPasswordCmd `cmd:"" name:"reset-password" help:"Set a user's password."`
	Email    emailCmd        `cmd:"" help:"Change the primary address."`
	Alias    aliasCmd        `cmd:"" help:"Other addresses."`
	Quota    userQuotaCmd    `cmd:"" help:"Change the size of a mailbox."`
}

type userCreateCmd struct {
	passwordFlags
	Name        string `arg:"" help:"The user name."`
	DisplayName string `help:"The name that people see; default is the user name." placeholder:"TEXT"`
	FirstName   string `placeholder:"TEXT"`
	LastName    string `placeholder:"TEXT"`
	Role        string `default:"USER" enum:"USER,RESOURCE,SYSTEM_USER,REMOTE_USER" help:"${enum}"`
	NoPassword  bool   `help:"Without a password; reset-password sets one."`
	Hidden      bool   `help:"Not in the address book."`
	Email       string `help:"Enable him with this address; without @ it is in the default domain." placeholder:"ADDRESS"`
}

func (c *userCreateCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	display := c.DisplayName
	if display == "" {
		display = c.Name
	}
	in := &workmail.CreateUserInput{OrganizationId: &s.org, Name: &c.Name, DisplayName: &display, FirstName: given(c.FirstName), LastName: given(c.LastName),
		Role: types.UserRole(c.Role), HiddenFromGlobalAddressList: c.Hidden}
	password, made := "", false
	if !c.NoPassword {
		if password, made, err = c.password(e); err != nil {
			return err
		}
		in.Password = &password
	}
	email, err := s.address(c.Email)
	if err != nil {
		return err
	}
	out, err := do(e.ctx, s.client, api.CreateUser, in)
	if err != nil {
		return err
	}
	shown := ""
	if made {
		shown = password
	}
	stays, failed := s.enable("user", c.Name, out.UserId, email, func() error {
		_, err := do(e.ctx, s.client, api.DeleteUser, &workmail.DeleteUserInput{OrganizationId: &s.org, UserId: out.UserId})
		return err
	})
	if !stays {
		return failed
	}
	if e.api.JSON && made {
		return errors.Join(e.own(map[string]any{"UserId": out.UserId, "Password": shown}), failed)
	}
	return errors.Join(s.answer(out, func() {
		if failed != nil {
			email = ""
		}
		e.facts([2]string{"User", c.Name}, [2]string{"Id", str(out.UserId)}, [2]string{"Email", email}, [2]string{"Password", shown})
		if c.Email == "" {
			e.note("He is DISABLED. Give him a mailbox with: postroom user enable %s ADDRESS", c.Name)
		}
	}), failed)
}

// address completes a local part with the organization's default domain.
func (s *session) address(text string) (string, error) {
	if text == "" || strings.Contains(text, "@") {
		return text, nil
	}
	out, err := do(s.ctx, s.client, api.DescribeOrganization, &workmail.DescribeOrganizationInput{OrganizationId: &s.org})
	if err != nil {
		return "", err
	}
	return text + "@" + str(out.DefaultMailDomain), nil
}

type userListCmd struct {
	State string `help:"Only those in this state: ENABLED, DISABLED or DELETED." enum:"ENABLED,DISABLED,DELETED," default:"" placeholder:"STATE"`
	Name  string `help:"Only those whose user name begins so." placeholder:"TEXT"`
	Email string `help:"Only those whose primary address begins so." placeholder:"TEXT"`
}

func (c *userListCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	in := &workmail.ListUsersInput{OrganizationId: &s.org}
	if c.State != "" || c.Name != "" || c.Email != "" {
		in.Filters = &types.ListUsersFilters{State: types.EntityState(c.State), UsernamePrefix: given(c.Name), PrimaryEmailPrefix: given(c.Email)}
	}
	all := &workmail.ListUsersOutput{}
	for {
		page, err := do(e.ctx, s.client, api.ListUsers, in)
		if err != nil {
			return err
		}
		all.Users = append(all.Users, page.Users...)
		if in.NextToken = page.NextToken; in.NextToken == nil {
			break
		}
	}
	return s.answer(all, func() {
		var rows [][]string
		for _, u := range all.Users {
			rows = append(rows, []string{str(u.Name), str(u.DisplayName), str(u.Email), string(u.State), string(u.UserRole), str(u.Id)})
		}
		e.table([]string{"NAME", "DISPLAY NAME", "EMAIL", "STATE", "ROLE", "ID"}, rows, "No user fits. Make one with: postroom user create NAME")
	})
}

type userShowCmd struct {
	User string `arg:"" help:"Id, user name or address."`
}

func (c *userShowCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	u, err := do(e.ctx, s.client, api.DescribeUser, &workmail.DescribeUserInput{OrganizationId: &s.org, UserId: &c.User})
	if err != nil {
		return err
	}
	return s.answer(u, func() {
		box := ""
		if m, err := do(e.ctx, s.client, api.GetMailboxDetails, &workmail.GetMailboxDetailsInput{OrganizationId: &s.org, UserId: u.UserId}); err == nil && m.MailboxQuota != nil {
			box = fmt.Sprintf("%.1f of %d MB", m.MailboxSize, *m.MailboxQuota)
		}
		aliases := notShown
		if list, err := s.aliases(u.UserId); err == nil {
			aliases = strings.Join(list, " ")
		}
		groups := notShown
		if list, err := s.groupsOf(u.UserId); err == nil {
			groups = strings.Join(list, " ")
		}
		e.facts([2]string{"User", str(u.Name)}, [2]string{"Display name", str(u.DisplayName)}, [2]string{"Id", str(u.UserId)}, [2]string{"State", string(u.State)},
			[2]string{"Role", string(u.UserRole)}, [2]string{"Email", str(u.Email)}, [2]string{"Aliases", aliases}, [2]string{"Groups", groups}, [2]string{"Mailbox", box}, [2]string{"In address book", yes(!u.HiddenFromGlobalAddressList)},
			[2]string{"First name", str(u.FirstName)}, [2]string{"Last name", str(u.LastName)}, [2]string{"Job title", str(u.JobTitle)},
			[2]string{"Department", str(u.Department)}, [2]string{"Company", str(u.Company)}, [2]string{"Telephone", str(u.Telephone)},
			[2]string{"Enabled", when(u.EnabledDate)}, [2]string{"Disabled", when(u.DisabledDate)})
	})
}

const notShown = "(cannot be read now)"

// groupsOf are the names of the groups that an entry is a member of.
func (s *session) groupsOf(id *string) (names []string, err error) {
	for in := (&workmail.ListGroupsForEntityInput{OrganizationId: &s.org, EntityId: id}); ; {
		page, err := do(s.ctx, s.client, api.ListGroupsForEntity, in)
		if err != nil {
			return nil, err
		}
		for _, g := range page.Groups {
			names = append(names, str(g.GroupName))
		}
		if in.NextToken = page.NextToken; in.NextToken == nil {
			return names, nil
		}
	}
}

type userUpdateCmd struct {
	User        string  `arg:"" help:"Id, user name or address."`
	DisplayName *string `placeholder:"TEXT"`
	FirstName   *string `placeholder:"TEXT" help:"An empty text clears a value."`
	LastName    *string `placeholder:"TEXT"`
	Initials    *string `placeholder:"TEXT"`
	JobTitle    *string `placeholder:"TEXT"`
	Department  *string `placeholder:"TEXT"`
	Company     *string `placeholder:"TEXT"`
	Office      *string `placeholder:"TEXT"`
	Telephone   *string `placeholder:"TEXT"`
	Street      *string `placeholder:"TEXT"`
	ZipCode     *string `placeholder:"TEXT"`
	City        *string `placeholder:"TEXT"`
	Country     *string `placeholder:"TEXT"`
	Role        string  `enum:"USER,RESOURCE,SYSTEM_USER,REMOTE_USER," default:"" placeholder:"ROLE"`
	Hidden      *bool   `negatable:"" help:"Not in the address book."`
}

func (c *userUpdateCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	id, err := s.user(c.User)
	if err != nil {
		return err
	}
	_, err = do(e.ctx, s.client, api.UpdateUser, &workmail.UpdateUserInput{OrganizationId: &s.org, UserId: id, DisplayName: c.DisplayName, FirstName: c.FirstName,
		LastName: c.LastName, Initials: c.Initials, JobTitle: c.JobTitle, Department: c.Department, Company: c.Company, Office: c.Office, Telephone: c.Telephone,
		Street: c.Street, ZipCode: c.ZipCode, City: c.City, Country: c.Country, Role: types.UserRole(c.Role), HiddenFromGlobalAddressList: c.Hidden})
	return err
}

type userDeleteCmd struct {
	User string `arg:"" help:"Id, user name or address."`
}

func (c *userDeleteCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	// An unknown one is deleted already, says the API; a slip of the pen should show.
	id, err := s.user(c.User)
	if err != nil {
		return err
	}
	_, err = do(e.ctx, s.client, api.DeleteUser, &workmail.DeleteUserInput{OrganizationId: &s.org, UserId: id})
	return err
}

type userPasswordCmd struct {
	passwordFlags
	User string `arg:"" help:"Id, user name or address."`
}

func (c *userPasswordCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	id, err := s.user(c.User)
	if err != nil {
		return err
	}
	password, made, err := c.password(e)
	if err != nil {
		return err
	}
	if _, err := do(e.ctx, s.client, api.ResetPassword, &workmail.ResetPasswordInput{OrganizationId: &s.org, UserId: id, Password: &password}); err != nil {
		return err
	}
	switch {
	case made && e.api.JSON:
		return e.own(map[string]any{"UserId": id, "Password": password})
	case made:
		e.facts([2]string{"User", c.User}, [2]string{"Password", password})
	}
	return nil
}

type userQuotaCmd struct {
	User string `arg:"" help:"Id, user name or address."`
	MB   int32  `arg:"" name:"mb" help:"The new size in MB."`
}

func (c *userQuotaCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	id, err := s.user(c.User)
	if err != nil {
		return err
	}
	_, err = do(e.ctx, s.client, api.UpdateMailboxQuota, &workmail.UpdateMailboxQuotaInput{OrganizationId: &s.org, UserId: id, MailboxQuota: &c.MB})
	return err
}
