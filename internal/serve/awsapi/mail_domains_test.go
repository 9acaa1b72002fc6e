package awsapi

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

// TestMailDomains: PENDING, verified by DNS or on the operator's word, default, removal.
func TestMailDomains(t *testing.T) {
	w := newWorld(t)
	c, ctx := w.sdk(w.root, east), t.Context()
	org, other := w.organization(c, "acme"), w.organization(w.sdk(w.root, west), "other")
	register := func(cl *workmail.Client, o *string, name string) error {
		_, err := cl.RegisterMailDomain(ctx, &workmail.RegisterMailDomainInput{OrganizationId: o, DomainName: &name})
		return err
	}
	must(t, register(c, org, "acme.example"))
	must(t, register(c, org, "ACME.example"))
	want(t, register(c, org, "x.postroom.test"), "MailDomainInUseException")
	want(t, register(c, org, "bad..example"), "InvalidParameterException")
	get := func(name string) *workmail.GetMailDomainOutput {
		t.Helper()
		d, err := c.GetMailDomain(ctx, &workmail.GetMailDomainInput{OrganizationId: org, DomainName: &name})
		must(t, err)
		return d
	}
	d := get("acme.example")
	if d.OwnershipVerificationStatus != types.DnsRecordVerificationStatusPending || d.DkimVerificationStatus != types.DnsRecordVerificationStatusPending || d.IsDefault || d.IsTestDomain || len(d.Records) < 4 {
		t.Errorf("%+v", d)
	}
	setDefault := func(name string) error {
		_, err := c.UpdateDefaultMailDomain(ctx, &workmail.UpdateDefaultMailDomainInput{OrganizationId: org, DomainName: &name})
		return err
	}
	want(t, setDefault("acme.example"), "MailDomainStateException")
	want(t, setDefault("nobody.example"), "MailDomainNotFoundException")
	verify := func(target, name string) reply {
		return w.signed(w.root, east, target, fmt.Sprintf(`{"OrganizationId":%q,"DomainName":%q}`, *org, name))
	}
	if a := verify("Postroom.VerifyMailDomain", "acme.example"); a.str("OwnershipVerificationStatus") != "PENDING" {
		t.Error(a.text)
	}
	w.dns.set(*d.Records[0].Hostname, *d.Records[0].Value)
	if a := verify("Postroom.VerifyMailDomain", "acme.example"); a.str("OwnershipVerificationStatus") != "VERIFIED" {
		t.Error(a.text)
	}
	if a := verify("Postroom.VerifyMailDomain", "nobody.example"); a.code() != "MailDomainNotFoundException" {
		t.Error(a.text)
	}
	want(t, register(w.sdk(w.root, west), other, "acme.example"), "MailDomainInUseException")
	must(t, register(c, org, "forced.example"))
	if a := verify("Postroom.ForceVerifyMailDomain", "forced.example"); a.code() != "" {
		t.Error(a.text)
	}
	if get("forced.example").OwnershipVerificationStatus != types.DnsRecordVerificationStatusVerified {
		t.Error("not forced")
	}
	must(t, setDefault("acme.example"))
	var seen []string
	p := workmail.NewListMailDomainsPaginator(c, &workmail.ListMailDomainsInput{OrganizationId: org, MaxResults: aws.Int32(2)})
	for p.HasMorePages() {
		out, err := p.NextPage(ctx)
		must(t, err)
		for _, m := range out.MailDomains {
			seen = append(seen, fmt.Sprint(*m.DomainName, m.DefaultDomain))
		}
	}
	if got := strings.Join(seen, " "); got != "acme.exampletrue acme.postroom.testfalse forced.examplefalse" {
		t.Error(got)
	}
	find := func(body string) reply {
		t.Helper()
		return w.signed(w.root, east, "Postroom.FindMailDomains", fmt.Sprintf(`{"OrganizationId":%q%s}`, *org, body))
	}
	names := func(a reply) string {
		var list []string
		all, _ := a.json["MailDomains"].([]any)
		for _, d := range all {
			m, _ := d.(map[string]any)
			list = append(list, fmt.Sprint(m["DomainName"], " ", m["State"], " ", m["IsDefault"], " ", m["IsTestDomain"]))
		}
		return strings.Join(list, ", ")
	}
	must(t, register(c, org, "pending.example"))
	for body, want := range map[string]string{
		``: "acme.example VERIFIED true false, acme.postroom.test VERIFIED false true, forced.example VERIFIED false false, pending.example PENDING false false 4",
		`,"States":["VERIFIED"],"Offset":1,"MaxResults":1`: "acme.postroom.test VERIFIED false true 3",
		`,"Query":"ACME.","MaxResults":1`:                  "acme.example VERIFIED true false 2",
		`,"Descending":true,"MaxResults":1`:                "pending.example PENDING false false 4",
		`,"States":["FAILED"]`:                             " 0",
		`,"Offset":9`:                                      " 4",
	} {
		if a := find(body); names(a)+" "+fmt.Sprint(a.json["Total"]) != want || a.json["Unfiltered"] != 4.0 {
			t.Errorf("%s: %s, want %s", body, a.text, want)
		}
	}
	if a := find(``); !strings.Contains(a.text, `"Revision":`) || !strings.Contains(a.text, `"CreatedDate":`) {
		t.Error(a.text)
	}
	for _, bad := range []string{`,"Offset":-1`, `,"States":["GONE"]`, `,"MaxResults":0`} {
		if a := find(bad); a.code() != invalidParameter {
			t.Errorf("%s: %s", bad, a.text)
		}
	}
	deregister := func(name string) error {
		_, err := c.DeregisterMailDomain(ctx, &workmail.DeregisterMailDomainInput{OrganizationId: org, DomainName: &name})
		return err
	}
	want(t, deregister("acme.example"), "MailDomainInUseException")       // the default
	want(t, deregister("acme.postroom.test"), "MailDomainInUseException") // the test domain
	w.user(c, org, "alice", "alice@forced.example")
	want(t, deregister("forced.example"), "MailDomainInUseException")
	_, err := c.DeregisterFromWorkMail(ctx, &workmail.DeregisterFromWorkMailInput{OrganizationId: org, EntityId: aws.String("alice")})
	must(t, err)
	must(t, deregister("forced.example"))
	must(t, deregister("forced.example"))
	_, err = c.GetMailDomain(ctx, &workmail.GetMailDomainInput{OrganizationId: org, DomainName: aws.String("forced.example")})
	want(t, err, "MailDomainNotFoundException")
}
