package foreign

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"postroom/internal/app"
	"postroom/test/samba"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

// ahead is the machine's clock, which may be turned on.
type ahead struct{ by atomic.Int64 }

func (a *ahead) Now() time.Time       { return time.Now().Add(time.Duration(a.by.Load())) }
func (a *ahead) move(d time.Duration) { a.by.Add(int64(d)) }

// many users make a first reading of more than one page, which has 250.
const many = 550

// TestDirectoryStops: the directory's server ends in the middle of a first
// reading, and of sign-ins, resets and changes, and comes again: nothing is lost
// and nobody is let in who should not be.
func TestDirectoryStops(t *testing.T) {
	t.Parallel()
	s, at := dc(t)
	s.Fill(staff, "u", many)
	clock := &ahead{}
	w := startWith(t, app.Options{Clock: clock})
	a := w.attach(at, registration{Alias: "corp", Kind: "MICROSOFT_AD", Account: samba.Writer, Secret: samba.Password, BaseDn: samba.MailOU})
	a.eventually(func() string {
		if a.sync().Users == 0 {
			return "nothing is read"
		}
		return ""
	})
	s.Stop()
	t.Logf("stopped in the first reading: %+v", a.sync())
	s.Restart()
	a.follows()
	if got := a.sync(); got.Users != many+4 || got.Groups != 2 {
		t.Fatalf("%+v", got)
	}
	who := a.enable("NAME", "ann", "bea", "cyd")
	email := a.address("ann")
	in, lines := a.open(email, "-connect", a.IMAPS)
	_, err := io.WriteString(in, "b SELECT INBOX\nc IDLE\n")
	a.ok(err)
	a.hears(lines, "+ ")
	a.in(a.address("bea"), password)

	r := a.restless(who["bea"])
	r.wait(3)
	a.set(at, "CN=Ann Other,"+staff, "displayName", "Ann at the end")
	s.Stop()
	r.end()
	a.goesOn(lines)
	a.writesNothing(who)
	a.eventually(func() string { return like(a.sync().Phase, "FAILING") })
	a.letsNobodyIn(clock, email)

	clock.move(2 * time.Minute)
	a.eventually(func() string {
		a.ok(a.postroom("SyncDirectory", map[string]any{"OrganizationId": a.id}, nil))
		o, err := a.api.DescribeOrganization(a.ctx(), &workmail.DescribeOrganizationInput{OrganizationId: a.id})
		a.ok(err)
		if *o.State != "Impaired" || !strings.Contains(aws.ToString(o.ErrorMessage), "does not answer") {
			return fmt.Sprintf("%s: %s %+v", *o.State, aws.ToString(o.ErrorMessage), a.sync())
		}
		return ""
	})
	a.taken(a.arrive("while impaired", email))

	s.Restart()
	begun := time.Now()
	a.eventually(func() string {
		o, err := a.api.DescribeOrganization(a.ctx(), &workmail.DescribeOrganizationInput{OrganizationId: a.id})
		a.ok(err)
		return like(*o.State+aws.ToString(o.ErrorMessage), "Active")
	})
	t.Logf("Active again after %v, by itself", time.Since(begun).Round(time.Millisecond))
	r.settled()
	a.in(email, password)
	a.in(a.address("cyd"), password)
	a.out(a.address("cyd"), "Wrong-horse-7")
	a.within("a change from before the end is in ListUsers", "at once", func() string {
		return like(aws.ToString(a.users()["ann"].DisplayName), "Ann at the end")
	})
	if n := len(a.users()); n != many+4 {
		t.Errorf("%d users", n)
	}
	a.has(email, "INBOX", "while down, while impaired")
	a.set(at, "CN=Cyd Cole,"+staff, "userAccountControl", "514")
	a.within("disabled in AD, mail is refused", "1 s, notified", func() string { return like(a.routes(a.address("cyd")), "550 ") })
	a.out(a.address("cyd"), password)
}

// goesOn: lists, mail and open sessions do without the directory.
func (a *abroad) goesOn(ann <-chan string) {
	a.taken(a.arrive("while down", a.address("ann")))
	a.hears(ann, "* 1 EXISTS")
	if n := len(a.users()); n != many+4 {
		a.Errorf("%d users", n)
	}
	if got := strings.Join(a.members(a.groups()["crew"]), " "); got != "ann inner" {
		a.Errorf("members %s", got)
	}
	var found struct{ Users []struct{ Name string } }
	a.ok(a.postroom("FindUsers", map[string]any{"OrganizationId": a.id, "Query": "Cyd"}, &found))
	if len(found.Users) != 1 {
		a.Errorf("%+v", found)
	}
	if r := a.routes(a.address("nobody")); !strings.HasPrefix(r, "550 ") {
		a.Error(r)
	}
}

// writesNothing: what the directory should keep is refused, what is ours is not.
func (a *abroad) writesNothing(who map[string]*string) {
	const down = "DirectoryUnavailableException"
	name := aws.String("newcomer")
	a.answers("ResetPassword", a.reset(who["cyd"], another), down)
	_, err := a.api.UpdateUser(a.ctx(), &workmail.UpdateUserInput{OrganizationId: a.id, UserId: who["ann"], City: name})
	a.answers("UpdateUser", err, down)
	_, err = a.api.CreateUser(a.ctx(), &workmail.CreateUserInput{OrganizationId: a.id, Name: name, DisplayName: name, Password: aws.String(password)})
	a.answers("CreateUser", err, down)
	_, err = a.api.AssociateMemberToGroup(a.ctx(), &workmail.AssociateMemberToGroupInput{OrganizationId: a.id, GroupId: a.groups()["crew"], MemberId: who["cyd"]})
	a.answers("AssociateMemberToGroup", err, down)
	_, err = a.api.CreateAlias(a.ctx(), &workmail.CreateAliasInput{OrganizationId: a.id, EntityId: who["ann"], Alias: aws.String(a.address("alias"))})
	a.ok(err)
}

// letsNobodyIn: who was not proven is told to come later, and so is who was,
// once the directory has not been seen for 30 seconds.
func (a *abroad) letsNobodyIn(clock *ahead, proven string) {
	later := func(user, password string) {
		a.Helper()
		says, ends := a.login("", user, password)
		ends()
		if !strings.HasPrefix(says, "NO [UNAVAILABLE]") {
			a.Errorf("%s: %s", user, says)
		}
	}
	for _, user := range []string{a.address("cyd"), `CORP\cyd`, "cyd@corp.example.test", `CORP\nobody`} {
		later(user, password)
	}
	later(a.address("cyd"), "Wrong-horse-7")
	a.refused(a.submit(a.address("cyd"), "from nobody", a.address("ann")), "454 4.7.0")
	later(proven, "Wrong-horse-7")
	clock.move(31 * time.Second)
	later(proven, password)
}

// restless are people who go on while the directory ends.
type restless struct {
	*abroad
	bea        *string
	stop       chan struct{}
	done       sync.WaitGroup
	rounds     [3]atomic.Int64
	mu         sync.Mutex
	faults     []string
	acked, try string // bea's passwords: the last that was acknowledged, and that whose answer is not known
}

func (a *abroad) restless(bea *string) *restless {
	r := &restless{abroad: a, bea: bea, stop: make(chan struct{}), acked: password}
	r.round(0, func() string { // right, or later again
		says, ends, err := a.tryLogin("", a.address("ann"), password)
		if err != nil {
			return err.Error()
		}
		ends()
		if !strings.HasPrefix(says, "OK ") && !strings.HasPrefix(says, "NO [UNAVAILABLE]") {
			return "a right password: " + says
		}
		return ""
	})
	r.round(1, func() string {
		says, ends, err := a.tryLogin("", `CORP\dan`, password) // who is not enabled
		if err != nil {
			return err.Error()
		}
		ends()
		return like(says, "NO ")
	})
	r.round(2, func() string {
		if r.try != "" {
			return ""
		}
		next := fmt.Sprintf("Reset-horse-%d", r.rounds[2].Load())
		switch err := a.reset(bea, next); code(err) {
		case "":
			r.acked = next
		case "DirectoryUnavailableException":
			r.try = next
		default:
			return err.Error()
		}
		return ""
	})
	return r
}

func (r *restless) round(n int, try func() string) {
	r.done.Go(func() {
		for {
			if said := try(); said != "" {
				r.mu.Lock()
				r.faults = append(r.faults, said)
				r.mu.Unlock()
			}
			r.rounds[n].Add(1)
			select {
			case <-r.stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
}

// wait lets each of them go on so often.
func (r *restless) wait(n int64) {
	r.Helper()
	var from [3]int64
	for i := range from {
		from[i] = r.rounds[i].Load() + n
	}
	r.eventually(func() string {
		for i := range from {
			if r.rounds[i].Load() < from[i] {
				return fmt.Sprintf("%d does not go on", i)
			}
		}
		return ""
	})
}

// end lets them meet the end of the server, and go.
func (r *restless) end() {
	r.Helper()
	r.wait(3)
	close(r.stop)
	r.done.Wait()
	for _, said := range r.faults {
		r.Errorf("while the directory ended: %s", said)
	}
	r.Logf("rounds: %d, %d, %d; acknowledged %q, not known %q", r.rounds[0].Load(), r.rounds[1].Load(), r.rounds[2].Load(), r.acked, r.try)
}

// settled: of bea's passwords the last one is right, whichever that is, and no former one.
func (r *restless) settled() {
	r.Helper()
	var right []string
	for _, p := range []string{r.acked, r.try} {
		if p == "" {
			continue
		}
		says, ends := r.login("", r.address("bea"), p)
		ends()
		if strings.HasPrefix(says, "OK ") {
			right = append(right, p)
		}
	}
	if len(right) != 1 {
		r.Errorf("right are %q of %q and %q", right, r.acked, r.try)
	}
	r.out(r.address("bea"), password)
}
