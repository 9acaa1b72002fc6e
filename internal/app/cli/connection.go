package cli

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	neturl "net/url"
	"os"
	"slices"
	"strings"
	"time"

	"postroom/internal/app"
	"postroom/internal/base/errs"
	"postroom/internal/serve/awsapi/api"
	"postroom/internal/wire/awsjson"
	"postroom/internal/wire/sigv4"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

// apiFlags are those of every command that calls the API.
type apiFlags struct {
	Endpoints    string `help:"The endpoints.json of the server to call." placeholder:"FILE"`
	Region       string `help:"The region to call; default is that of the endpoints or AWS_REGION." placeholder:"NAME"`
	Organization string `short:"o" help:"Id or alias of the organization; default is that of the endpoints." env:"POSTROOM_ORGANIZATION" placeholder:"ID"`
	JSON         bool   `name:"json" help:"Print the API's answer as JSON."`
}

// AfterApply is kong's: the flags of the group that runs.
func (f *apiFlags) AfterApply(e *env) error {
	e.api = f
	return nil
}

// client calls the API of one server with one access key.
type client struct {
	http                     *http.Client
	url, region, key, secret string
	organization             string // of the endpoints
	ifMatch                  string // of the calls to come
	etag                     string // of the last answer
}

const (
	devEndpoints = "var/dev/endpoints.json"
	answerLimit  = 64 << 20
)

// connect finds the server: --endpoints, POSTROOM_ENDPOINTS, AWS's variables, or
// the endpoints of `make run`.
func (e *env) connect() (*client, error) {
	file := cmp.Or(e.api.Endpoints, os.Getenv("POSTROOM_ENDPOINTS"))
	url := cmp.Or(os.Getenv("AWS_ENDPOINT_URL_WORKMAIL"), os.Getenv("AWS_ENDPOINT_URL"))
	c := &client{region: e.api.Region}
	ca := ""
	switch {
	case file == "" && url != "":
		c.url, c.key, c.secret = url, os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY")
		c.region = cmp.Or(c.region, os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"))
		ca = os.Getenv("AWS_CA_BUNDLE")
		if c.key == "" || c.secret == "" || c.region == "" {
			return nil, errors.New("AWS_ENDPOINT_URL is set; set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION too")
		}
	default:
		ends, err := readEndpoints(cmp.Or(file, devEndpoints), file != "")
		if err != nil {
			return nil, err
		}
		c.url, c.key, c.secret, c.organization = cmp.Or(ends.API, ends.HTTPS), ends.AccessKey.ID, ends.AccessKey.Secret, ends.Organization.ID
		c.region, ca = cmp.Or(c.region, ends.Region), ends.CAFile
		if len(ends.Regions) > 0 && !slices.Contains(ends.Regions, c.region) {
			return nil, fmt.Errorf("there is no region %q; this server has %s", c.region, strings.Join(ends.Regions, ", "))
		}
	}
	if u, err := neturl.Parse(c.url); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("%q is not the URL of a server: write it as https://HOST/ or https://HOST:PORT/", c.url)
	}
	roots, err := trusted(cmp.Or(ca, os.Getenv("AWS_CA_BUNDLE")), c.url)
	if err != nil {
		return nil, err
	}
	c.http = &http.Client{Timeout: time.Minute, Transport: &http.Transport{Proxy: http.ProxyFromEnvironment,
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}}}
	return c, nil
}

// trusted are the certificates of a file; nil, the machine's own, where none is
// named, or where TLS is not used and the file is gone.
func trusted(file, url string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(url, "http:") {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the CA's certificate, which AWS_CA_BUNDLE or ca_file names, cannot be read: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s, which AWS_CA_BUNDLE or ca_file names, has no certificate in PEM", file)
	}
	return roots, nil
}

func readEndpoints(file string, named bool) (app.Endpoints, error) {
	var ends app.Endpoints
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return ends, errors.New("no server is named: use --endpoints FILE, POSTROOM_ENDPOINTS, or AWS_ENDPOINT_URL with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION (there is no " + devEndpoints + " here)")
	}
	if err != nil {
		return ends, errs.Say("cli.connect", errs.Config, errs.Nothing, "%s cannot be read: %v. A server writes it when it is ready.", file, err)
	}
	if err := json.Unmarshal(text, &ends); err != nil {
		return ends, errs.Say("cli.connect", errs.Config, errs.Nothing, "%s is no endpoints.json: %v", file, err)
	}
	return ends, nil
}

// call posts a body to the operation of a target and returns the answer's.
func (c *client) call(ctx context.Context, target string, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return nil, errs.Say("cli.call", errs.Config, errs.Nothing, "%q is not the URL of a server: %v", c.url, err)
	}
	r.Header.Set("Content-Type", awsjson.ContentType)
	r.Header.Set("X-Amz-Target", target)
	if c.ifMatch != "" {
		r.Header.Set("If-Match", c.ifMatch)
	}
	sigv4.Sign(r, body, c.key, c.secret, c.region, "workmail", time.Now())
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, answerLimit))
	if err != nil {
		return nil, err
	}
	if c.etag = answer.Header.Get("ETag"); answer.StatusCode == http.StatusOK {
		return text, nil
	}
	var fault struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
		Upper   string `json:"Message"`
	}
	if json.Unmarshal(text, &fault) != nil || fault.Type == "" {
		if strings.Contains(string(text), "HTTP request to an HTTPS server") {
			return nil, errs.Say("cli.call", errs.Config, errs.Nothing, "%s speaks TLS: write https: in its URL.", c.url)
		}
		return nil, errs.Say("cli.call", errs.Unavailable, errs.Nothing, "%s answered %s: is this a Postroom server?", c.url, answer.Status)
	}
	_, name, found := strings.Cut(fault.Type, "#")
	if !found {
		name = fault.Type
	}
	return nil, &apiError{name, cmp.Or(fault.Message, fault.Upper), answer.Header.Get("X-Amzn-RequestId"), false}
}

// do calls an operation of the model.
func do[In, Out any](ctx context.Context, c *client, op api.Op[In, Out], in *In) (*Out, error) {
	text, err := c.call(ctx, op.Target(), awsjson.Append(nil, in))
	if err != nil {
		return nil, err
	}
	out := new(Out)
	limits := awsjson.Limits{Bytes: answerLimit, Depth: 32, Elements: 1_000_000}
	if err := awsjson.DecodeLimited(text, out, limits); err != nil {
		return nil, errs.Say("cli.do", errs.Internal, errs.Nothing, "The server's answer is not understood: %v. Is it another version than this program?", err)
	}
	return out, nil
}

var errNoOrg = errors.New("name the organization: --organization ID or ALIAS, or POSTROOM_ORGANIZATION (postroom org list shows them)")

// session is a client and the organization that a command is about.
type session struct {
	*env
	*client
	org string
}

// open connects; withOrg also finds the organization, by id or alias.
func (e *env) open(withOrg bool) (*session, error) {
	c, err := e.connect()
	if err != nil {
		return nil, err
	}
	s := &session{e, c, ""}
	if !withOrg {
		return s, nil
	}
	name := cmp.Or(e.api.Organization, c.organization)
	if name == "" {
		return nil, errNoOrg
	}
	s.org, err = s.findOrg(name)
	return s, err
}

func (s *session) findOrg(name string) (string, error) {
	if strings.HasPrefix(name, "m-") && len(name) == 34 {
		return name, nil
	}
	orgs, err := s.orgs()
	if err != nil {
		return "", err
	}
	for _, o := range orgs.OrganizationSummaries {
		if str(o.Alias) == name && str(o.State) != "Deleted" {
			return str(o.OrganizationId), nil
		}
	}
	return "", errs.Say("cli.findOrg", errs.NotFound, errs.Organization, "There is no organization %q in %s. postroom org list shows them.", name, s.region)
}

func (s *session) orgs() (*workmail.ListOrganizationsOutput, error) {
	all := &workmail.ListOrganizationsOutput{}
	for in := (&workmail.ListOrganizationsInput{}); ; {
		page, err := do(s.ctx, s.client, api.ListOrganizations, in)
		if err != nil {
			return nil, err
		}
		all.OrganizationSummaries = append(all.OrganizationSummaries, page.OrganizationSummaries...)
		if in.NextToken = page.NextToken; in.NextToken == nil {
			return all, nil
		}
	}
}
