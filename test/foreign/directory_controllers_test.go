package foreign

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/internal/app"
	"postroom/test/samba"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

// crowd are users beside those of the stories, so that one who leaves is few.
const crowd = 20

// controllers are an organization whose directory has two of them. The tests
// replicate by themselves: what was not pulled is not there.
type controllers struct {
	*abroad
	one, two *samba.Server
	at1, at2 server
	who      map[string]*string
}

// TestTwoControllers: the controller that is followed ends. The other one of the
// domain has the same objects, another database and other USNs: all is read anew,
// and nobody and nothing is lost, taken away, held or made twice.
func TestTwoControllers(t *testing.T) {
	t.Parallel()
	one, two := samba.Pair(t)
	clock := &ahead{}
	w := startWith(t, app.Options{Clock: clock})
	c := &controllers{one: one, two: two, at1: w.administered(one), at2: w.administered(two)}
	w.people(c.at1)
	one.Fill(staff, "u", crowd)
	two.Pull(one)
	c.abroad = w.attach(c.at1, registration{Alias: "corp", Kind: "MICROSOFT_AD", Account: samba.Writer, Secret: samba.Password, BaseDn: samba.MailOU}, c.at2)
	c.follows()
	c.who = c.enable("NAME", "ann", "bea", "cyd")
	_, err := c.api.CreateAlias(c.ctx(), &workmail.CreateAliasInput{OrganizationId: c.id, EntityId: c.who["ann"], Alias: aws.String(c.address("alias"))})
	c.ok(err)
	c.taken(c.arrive("on one", c.address("alias")))
	c.in(c.address("ann"), password)
	clock.move(time.Hour) // none of them is new
	c.moves()
	c.goesOnWithTwo()
	c.oneReturns()
	c.movesBack()
	c.late()
}

// copied are the users, members and addresses, which another controller must not change.
func (c *controllers) copied() map[string]string {
	c.Helper()
	all := map[string]string{}
	for name, u := range c.users() {
		text, err := json.Marshal(u)
		c.ok(err)
		all[name] = string(text)
	}
	for name, id := range c.groups() {
		all[name] = fmt.Sprint(*id, c.members(id))
	}
	out, err := c.api.ListAliases(c.ctx(), &workmail.ListAliasesInput{OrganizationId: c.id, EntityId: c.who["ann"]})
	c.ok(err)
	all["addresses of ann"] = fmt.Sprint(out.Aliases)
	return all
}

// same ends the test where the organization is not as it was, but for those who are named.
func (c *controllers) same(was map[string]string, users int, but ...string) {
	c.Helper()
	now := c.copied()
	for name := range now {
		if now[name] != was[name] && !slices.Contains(but, name) {
			c.Errorf("%s is %s, was %s", name, now[name], was[name])
		}
	}
	if len(now) != len(was) {
		c.Errorf("there are %d, were %d", len(now), len(was))
	}
	if s := c.sync(); s.Users != users || s.HeldCount != 0 || s.FaultCount != 0 || s.Phase != "FOLLOWING" {
		c.Errorf("%+v", s)
	}
}

// readAnew waits for a reading of everything that ended after was.
func (c *controllers) readAnew(was synced) {
	c.Helper()
	c.within("all is read anew from the other controller", "5 s", func() string {
		if s := c.sync(); s.LastFullDate <= was.LastFullDate || s.Phase != "FOLLOWING" {
			return fmt.Sprintf("%+v, was %+v", s, was)
		}
		return ""
	})
}

// moves: on the second controller somebody is changed and somebody deleted, which
// the first does not hear of; then that one ends.
func (c *controllers) moves() {
	before, synced := c.copied(), c.sync()
	c.set(c.at2, "CN=Dan Dew,"+staff, "displayName", "Dan of two")
	c.edit(c.at2, "dn: CN=Cyd Cole,"+staff+"\nchangetype: delete\n")
	c.one.Stop()
	c.readAnew(synced)
	if got := aws.ToString(c.users()["dan"].DisplayName); got != "Dan of two" {
		c.Errorf("dan is %q", got)
	}
	if r := c.routes(c.address("cyd")); !strings.HasPrefix(r, "550 ") {
		c.Errorf("cyd, who was deleted: %s", r)
	}
	c.same(before, crowd+3, "dan", "cyd")
}

// goesOnWithTwo: mail, sign-in, changes, and what is written.
func (c *controllers) goesOnWithTwo() {
	c.taken(c.arrive("on two", c.address("alias")))
	c.has(c.address("ann"), "INBOX", "on one, on two")
	c.in(c.address("ann"), password)
	c.in(c.address("bea"), password)
	c.out(c.address("bea"), "Wrong-horse-7")
	c.out(c.address("cyd"), password)
	c.resets("Second-horse-7", password)
	eva, err := c.api.CreateUser(c.ctx(), &workmail.CreateUserInput{OrganizationId: c.id, Name: aws.String("eva"), DisplayName: aws.String("Eva"), Password: aws.String(password)})
	c.ok(err)
	c.register(eva.UserId, "eva")
	c.called(c.at2, "Dan again of two")
}

// resets: who has a new password signs in with that one alone, whichever controller has it.
func (c *controllers) resets(next, former string) {
	c.Helper()
	c.ok(c.reset(c.who["bea"], next))
	c.in(c.address("bea"), next)
	c.out(c.address("bea"), former)
}

// called: a change on the controller that is followed is seen.
func (c *controllers) called(at server, name string) {
	c.Helper()
	c.set(at, "CN=Dan Dew,"+staff, "displayName", name)
	c.within("a change is in ListUsers", "2 s, notified in a minute again", func() string { return like(aws.ToString(c.users()["dan"].DisplayName), name) })
}

// oneReturns, and knows nothing of what happened: the other one is followed, asked
// and written to as before.
func (c *controllers) oneReturns() {
	before := c.copied()
	c.one.Restart()
	c.resets("Third-horse-7", "Second-horse-7")
	c.in(c.address("eva"), password)
	c.called(c.at2, "Dan with both")
	c.set(c.at1, "CN=Ann Other,"+staff, "displayName", "Ann of one")
	c.two.Pull(c.one)
	c.within("a change that was replicated", "2 s", func() string { return like(aws.ToString(c.users()["ann"].DisplayName), "Ann of one") })
	c.same(before, crowd+4, "ann", "dan")
}

// movesBack: the second ends, having given the first what it knows; then it comes
// again, and again knows nothing of what follows.
func (c *controllers) movesBack() {
	c.one.Pull(c.two)
	before, synced := c.copied(), c.sync()
	c.two.Stop()
	c.readAnew(synced)
	c.same(before, crowd+4)
	c.two.Restart()
	c.resets("Fourth-horse-7", "Third-horse-7")
	c.in(c.address("eva"), password)
	c.has(c.address("ann"), "INBOX", "on one, on two")
	c.called(c.at1, "Dan of one")
}

// late: who came to the first just before it ended comes to the other later, and
// is not taken away until then.
func (c *controllers) late() {
	c.edit(c.at1, adUser("CN=Fay Fox,"+staff, "fay", "Fay Fox", password))
	c.within("a new user", "2 s", func() string { return like(aws.ToString(c.users()["fay"].Name), "fay") })
	c.who["fay"] = c.enable("NAME", "fay")["fay"]
	c.taken(c.arrive("before", c.address("fay")))
	before, synced := c.copied(), c.sync()
	c.one.Stop()
	c.readAnew(synced)
	c.same(before, crowd+5, "dan") // whose change did not come either
	c.taken(c.arrive("meanwhile", c.address("fay")))
	c.one.Restart()
	c.two.Pull(c.one)
	c.within("what came late", "2 s", func() string { return like(aws.ToString(c.users()["dan"].DisplayName), "Dan of one") })
	c.in(c.address("fay"), password)
	c.has(c.address("fay"), "INBOX", "before, meanwhile")
	c.same(before, crowd+5)
}
