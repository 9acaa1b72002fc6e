package sigv4

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	terminator = "aws4_request"
	timeLayout = "20060102T150405Z"

	maxAuthorization = 8 << 10
	maxSignedHeaders = 64
)

// Credential is the credential scope of a signature.
type Credential struct {
	KeyID   string
	Date    string // yyyymmdd
	Region  string
	Service string
}

// Parsed is a signature that is well formed; nothing of it is proven.
type Parsed struct {
	Credential
	Time time.Time // X-Amz-Date, UTC

	date      string   // X-Amz-Date as it came
	headers   []string // the signed ones: lower case, sorted
	list      string   // the same, as it came
	signature [32]byte
	request   *http.Request
}

// Parse reads the signature of r. The error is ErrMissing where there is none,
// ErrIncomplete where a part lacks or is malformed, ErrUnknownKey with a security
// token (this server gives out none), ErrMismatch where something needed is not
// signed or the payload is declared unsigned.
func Parse(r *http.Request) (*Parsed, error) {
	values := r.Header["Authorization"]
	switch {
	case len(values) == 0 || values[0] == "":
		return nil, refuse(ErrMissing, "Missing Authentication Token")
	case len(values) > 1:
		return nil, refuse(ErrIncomplete, "There is more than one Authorization header.")
	case len(values[0]) > maxAuthorization:
		return nil, refuse(ErrIncomplete, fmt.Sprintf("The Authorization header is longer than %d bytes.", maxAuthorization))
	}
	p := &Parsed{request: r}
	if err := p.authorization(values[0]); err != nil {
		return nil, err
	}
	if err := p.amzDate(); err != nil {
		return nil, err
	}
	if len(r.Header["X-Amz-Security-Token"]) > 0 {
		return nil, refuse(ErrUnknownKey, "The security token included in the request is invalid.")
	}
	return p, p.signedHeaders()
}

// authorization reads "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…".
func (p *Parsed) authorization(header string) error {
	name, rest, _ := strings.Cut(header, " ")
	if name != algorithm {
		return refuse(ErrIncomplete, "Unsupported signing algorithm: the Authorization header must begin with "+algorithm+".")
	}
	var credential, signature string
	for rest != "" {
		var part string
		part, rest, _ = strings.Cut(rest, ",")
		key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		target := &credential
		switch key {
		case "Credential":
		case "SignedHeaders":
			target = &p.list
		case "Signature":
			target = &signature
		default:
			return refuse(ErrIncomplete, "The Authorization header has an unknown parameter.")
		}
		if *target != "" {
			return refuse(ErrIncomplete, "The Authorization header has two '"+key+"' parameters.")
		}
		*target = value
	}
	var lacks []string
	for _, part := range [...][2]string{{"Credential", credential}, {"Signature", signature}, {"SignedHeaders", p.list}} {
		if part[1] == "" {
			lacks = append(lacks, "Authorization header requires '"+part[0]+"' parameter.")
		}
	}
	if lacks != nil {
		return refuse(ErrIncomplete, strings.Join(lacks, " "))
	}
	if len(signature) != 64 {
		return refuse(ErrIncomplete, "The signature must be 64 hexadecimal digits.")
	}
	if _, err := hex.Decode(p.signature[:], []byte(signature)); err != nil {
		return refuse(ErrIncomplete, "The signature must be 64 hexadecimal digits.")
	}
	return p.credential(credential)
}

func (p *Parsed) credential(text string) error {
	parts := strings.Split(text, "/")
	if len(parts) != 5 || slices.Contains(parts, "") {
		return refuse(ErrIncomplete, "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/aws4_request.")
	}
	if parts[4] != terminator {
		return refuse(ErrScope, "Credential should be scoped with a valid terminator: '"+terminator+"'.")
	}
	p.Credential = Credential{KeyID: parts[0], Date: parts[1], Region: parts[2], Service: parts[3]}
	return nil
}

func (p *Parsed) amzDate() error {
	values := p.request.Header["X-Amz-Date"]
	if len(values) != 1 {
		return refuse(ErrIncomplete, "Authorization header requires existence of one 'X-Amz-Date' header.")
	}
	p.date = values[0]
	t, err := time.Parse(timeLayout, p.date)
	if err != nil || len(p.date) != len(timeLayout) {
		return refuse(ErrIncomplete, "Date must be in ISO-8601 'basic format', such as 20260102T150405Z.")
	}
	p.Time = t
	if p.Date != p.date[:8] {
		return refuse(ErrScope, fmt.Sprintf("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%.16s' != '%s'.", p.Date, p.date[:8]))
	}
	return nil
}

// signedHeaders checks the list of signed headers and that what this server acts
// upon is in it, once.
func (p *Parsed) signedHeaders() error {
	p.headers = strings.Split(p.list, ";")
	if len(p.headers) > maxSignedHeaders {
		return refuse(ErrIncomplete, fmt.Sprintf("There are more than %d SignedHeaders.", maxSignedHeaders))
	}
	for i, name := range p.headers {
		if name == "" || strings.ToLower(name) != name || i > 0 && p.headers[i-1] >= name {
			return refuse(ErrIncomplete, "SignedHeaders must be in lower case, in order and without repetition.")
		}
	}
	header := p.request.Header
	needed := [...]string{"host", "x-amz-date", "x-amz-target"}
	for i, name := range needed {
		if _, ok := slices.BinarySearch(p.headers, name); !ok {
			if i == 2 && len(header["X-Amz-Target"]) == 0 {
				continue // no operation: that is somebody else's error
			}
			return refuse(ErrMismatch, "'"+name+"' must be a 'SignedHeader' in the Authorization header.")
		}
	}
	if len(header["X-Amz-Target"]) > 1 || len(header["X-Amz-Content-Sha256"]) > 1 {
		return refuse(ErrIncomplete, "A header that may stand once stands twice.")
	}
	if sum := header["X-Amz-Content-Sha256"]; len(sum) == 1 && len(sum[0]) != 64 {
		return refuse(ErrMismatch, "The payload must be signed: X-Amz-Content-Sha256 must be the SHA-256 of the request body.")
	}
	return nil
}

// Scope checks the service and that the region is one of regions.
func (p *Parsed) Scope(service string, regions ...string) error {
	if p.Service != service {
		return refuse(ErrScope, "Credential should be scoped to correct service: '"+service+"'.")
	}
	if !slices.Contains(regions, p.Region) {
		return refuse(ErrScope, fmt.Sprintf("Credential should be scoped to a valid region, not '%.64s'. Here they are: %s.", p.Region, strings.Join(regions, ", ")))
	}
	return nil
}
