package smtp

import (
	"fmt"
	"strings"

	"postroom/internal/base/errs"
	wire "postroom/internal/wire/smtp"
)

// answer is a reply: code, enhanced code (RFC 3463; "" for none), text.
type answer struct {
	code int
	enh  string
	text string
}

func (a answer) String() string { return fmt.Sprintf("%d %s %s", a.code, a.enh, a.text) }

type cell struct {
	kind    errs.Kind
	subject errs.Subject
}

type codes struct {
	code int
	enh  string
}

// byKind is the reply to each kind, whatever its subject.
var byKind = map[errs.Kind]codes{
	errs.Internal:        {451, "4.3.0"},
	errs.Invalid:         {501, "5.5.4"},
	errs.NotFound:        {451, "4.3.0"}, // of what nobody named: a fault of ours
	errs.Exists:          {550, "5.3.0"},
	errs.InUse:           {550, "5.3.0"},
	errs.Reserved:        {550, "5.3.0"},
	errs.State:           {450, "4.2.1"},
	errs.Registered:      {550, "5.3.0"},
	errs.Limit:           {452, "4.3.1"},
	errs.Unsupported:     {504, "5.5.4"},
	errs.Password:        {535, "5.7.8"},
	errs.Config:          {451, "4.3.5"},
	errs.Conflict:        {451, "4.3.0"},
	errs.Unauthenticated: {535, "5.7.8"},
	errs.Denied:          {550, "5.7.1"},
	errs.Throttled:       {451, "4.7.0"},
	errs.TooLarge:        {552, "5.3.4"},
	errs.OverQuota:       {452, "4.2.2"},
	errs.Unavailable:     {451, "4.3.0"},
}

// exact is what differs by subject.
var exact = map[cell]codes{
	{errs.Invalid, errs.Message}:        {550, "5.6.0"},
	{errs.Invalid, errs.Address}:        {553, "5.1.3"},
	{errs.State, errs.Entry}:            {550, "5.2.1"},
	{errs.State, errs.Organization}:     {550, "5.2.1"},
	{errs.Limit, errs.Message}:          {554, "5.4.6"},
	{errs.Limit, errs.Address}:          {452, "4.5.3"},
	{errs.Denied, errs.Address}:         {553, "5.7.1"},
	{errs.Unavailable, errs.Storage}:    {452, "4.3.1"},
	{errs.NotFound, errs.Address}:       {550, "5.1.1"},
	{errs.NotFound, errs.Entry}:         {550, "5.1.1"},
	{errs.NotFound, errs.MailDomain}:    {550, "5.1.2"},
	{errs.NotFound, errs.Mailbox}:       {550, "5.2.1"},
	{errs.NotFound, errs.Storage}:       {451, "4.3.0"},
	{errs.Throttled, errs.Session}:      {454, "4.7.0"},
	{errs.Unavailable, errs.Session}:    {454, "4.7.0"},
	{errs.Unavailable, errs.Mailbox}:    {451, "4.2.0"},
	{errs.Unavailable, errs.Region}:     {451, "4.4.0"},
	{errs.Unavailable, errs.Queue}:      {451, "4.3.0"},
	{errs.Unsupported, errs.Message}:    {550, "5.6.1"},
	{errs.TooLarge, errs.Address}:       {553, "5.1.3"},
	{errs.Unsupported, errs.Address}:    {553, "5.6.7"},
	{errs.Denied, errs.Session}:         {535, "5.7.8"},
	{errs.Unauthenticated, errs.Region}: {451, "4.3.0"},
}

// answerFor is the reply to an error of core.
func answerFor(err error) answer {
	kind, subject := errs.Of(err)
	c, ok := exact[cell{kind, subject}]
	if !ok {
		c = byKind[kind]
	}
	return answer{c.code, c.enh, printable(errs.Public(err))}
}

// printable makes one line of ASCII of a text, at most 400 characters.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r > '~' {
			return '?'
		}
		return r
	}, wire.Printable(s, 400))
}
