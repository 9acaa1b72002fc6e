package awsapi

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

// TestTags: by ARN, at most 50.
func TestTags(t *testing.T) {
	w := newWorld(t)
	c, ctx := w.sdk(w.root, east), t.Context()
	org := w.organization(c, "acme")
	arn := "arn:aws:workmail:us-east-1:000000000000:organization/" + *org
	tag := func(arn string, n int) error {
		var tags []types.Tag
		for i := range n {
			tags = append(tags, types.Tag{Key: aws.String(fmt.Sprintf("k%02d", i)), Value: aws.String("")})
		}
		_, err := c.TagResource(ctx, &workmail.TagResourceInput{ResourceARN: &arn, Tags: tags})
		return err
	}
	must(t, tag(arn, 50))
	_, err := c.TagResource(ctx, &workmail.TagResourceInput{ResourceARN: &arn, Tags: []types.Tag{{Key: aws.String("one more"), Value: aws.String("x")}}})
	want(t, err, "TooManyTagsException")
	for _, bad := range []string{strings.Replace(arn, "us-east-1", "eu-west-1", 1), strings.Replace(arn, "m-", "x-", 1), strings.Replace(arn, "000000000000", "111111111111", 1), arn[:len(arn)-4] + "0000"} {
		want(t, tag(bad, 1), "ResourceNotFoundException")
		_, err = c.ListTagsForResource(ctx, &workmail.ListTagsForResourceInput{ResourceARN: &bad})
		want(t, err, "ResourceNotFoundException")
		_, err = c.UntagResource(ctx, &workmail.UntagResourceInput{ResourceARN: &bad, TagKeys: []string{"k01"}})
		want(t, err, "ResourceNotFoundException")
	}
	var keys []string
	for i := 1; i < 50; i++ {
		keys = append(keys, fmt.Sprintf("k%02d", i))
	}
	_, err = c.UntagResource(ctx, &workmail.UntagResourceInput{ResourceARN: &arn, TagKeys: keys})
	must(t, err)
	out, err := c.ListTagsForResource(ctx, &workmail.ListTagsForResourceInput{ResourceARN: &arn})
	must(t, err)
	if len(out.Tags) != 1 || *out.Tags[0].Key != "k00" || *out.Tags[0].Value != "" {
		t.Errorf("%+v", out.Tags)
	}
}

// TestTagsAtOnce: of two who saw the same tags the second is told, and a change is all or nothing.
func TestTagsAtOnce(t *testing.T) {
	w := newWorld(t)
	c := w.sdk(w.root, east)
	org := *w.organization(c, "acme")
	arn := "arn:aws:workmail:us-east-1:000000000000:organization/" + org
	read := func() reply {
		return w.signed(w.root, east, "WorkMailService.ListTagsForResource", fmt.Sprintf(`{"ResourceARN":%q}`, arn))
	}
	update := func(change, match string) reply {
		return w.signed(w.root, east, "Postroom.UpdateTags", fmt.Sprintf(`{"OrganizationId":%q,%s}`, org, change), ifMatch(match))
	}
	first := read().header.Get("ETag")
	made := update(`"Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]`, first)
	if tag := made.header.Get("ETag"); made.code() != "" || tag == first || tag != read().header.Get("ETag") {
		t.Fatal(made.text, tag)
	}
	for _, late := range []reply{
		update(`"TagKeys":["a"]`, first),
		w.signed(w.root, east, "WorkMailService.TagResource", fmt.Sprintf(`{"ResourceARN":%q,"Tags":[{"Key":"a","Value":"9"}]}`, arn), ifMatch(first)),
		w.signed(w.root, east, "WorkMailService.UntagResource", fmt.Sprintf(`{"ResourceARN":%q,"TagKeys":["a"]}`, arn), ifMatch(first)),
	} {
		if late.code() != "ConflictException" || late.status != 400 {
			t.Error(late.status, late.text)
		}
	}
	if a := update(`"TagKeys":["a"],"Tags":[{"Key":"aws:a","Value":""}]`, ""); a.code() != "InvalidParameterException" {
		t.Error(a.text)
	}
	if now := read(); !strings.Contains(now.text, `"a"`) || now.header.Get("ETag") != made.header.Get("ETag") {
		t.Error(now.text)
	}
	if a := update(`"TagKeys":["a"],"Tags":[{"Key":"b","Value":"3"}]`, made.header.Get("ETag")); a.code() != "" {
		t.Error(a.text)
	}
	if now := read().text; now != `{"Tags":[{"Key":"b","Value":"3"}]}` {
		t.Error(now)
	}
}
