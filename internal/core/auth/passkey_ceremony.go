package auth

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// begun is a ceremony that waits for the authenticator.
type begun struct {
	options string // for the browser
	data    []byte // for the store
	hash    []byte // of the challenge
}

// relyingParty is this server as authenticators see it: the host of the console,
// whatever its port. origin is that of the page that answers; "" where none does yet.
func (s *Service) relyingParty(op, origin string) (*webauthn.WebAuthn, error) {
	if origin == "" {
		origin = "https://" + s.Console
	}
	w, err := webauthn.New(&webauthn.Config{
		RPID: s.Console, RPDisplayName: totpIssuer, RPOrigins: []string{origin}, AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: protocol.ResidentKeyNotRequired(), ResidentKey: protocol.ResidentKeyRequirementDiscouraged,
			UserVerification: protocol.VerificationRequired,
		},
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore, // password managers send some unasked
	})
	if err == nil {
		err = protocol.ValidateRPID(s.Console)
	}
	if err != nil {
		return nil, errs.Say(op, errs.Unsupported, errs.Administrator,
			"Passkeys need a console that has a name: %q, the host in the server's configuration, is none.", s.Console).Because(err)
	}
	return w, nil
}

// ours tells whether a page of this origin is the console: its host, over TLS or
// on this very machine (WebAuthn §7.1 step 9).
func (s *Service) ours(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || s.Console == "" || !strings.EqualFold(u.Hostname(), s.Console) || u.Path != "" || u.RawQuery != "" || u.User != nil {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && u.Hostname() == "localhost"
}

// holder is an administrator for the library.
type holder struct {
	id   ids.Admin
	name string
	keys []PasskeyRecord
}

// WebAuthnID is the user handle: it tells nothing and stays.
func (h holder) WebAuthnID() []byte {
	sum := sha256.Sum256([]byte("postroom passkey holder v1\x00" + string(h.id)))
	return sum[:]
}

func (h holder) WebAuthnName() string        { return h.name }
func (h holder) WebAuthnDisplayName() string { return h.name }

func (h holder) WebAuthnCredentials() []webauthn.Credential {
	list := make([]webauthn.Credential, len(h.keys))
	for i, k := range h.keys {
		list[i] = webauthn.Credential{
			ID: k.Credential, PublicKey: k.PublicKey, Flags: webauthn.NewCredentialFlags(protocol.AuthenticatorFlags(k.Flags)),
			Authenticator: webauthn.Authenticator{AAGUID: k.AAGUID, SignCount: uint32(k.Counter)},
		}
		for t := range strings.SplitSeq(k.Transports, ",") {
			if t != "" {
				list[i].Transport = append(list[i].Transport, protocol.AuthenticatorTransport(t))
			}
		}
	}
	return list
}

func (h holder) descriptors() []protocol.CredentialDescriptor {
	return webauthn.Credentials(h.WebAuthnCredentials()).CredentialDescriptors()
}

// challengeHash is where a registration's challenge is found again.
func challengeHash(challenge string) []byte {
	sum := sha256.Sum256([]byte(challenge))
	return sum[:]
}

func (s *Service) beginRegistration(op string, admin ids.Admin, name string, keys []PasskeyRecord) (begun, error) {
	w, err := s.relyingParty(op, "")
	if err != nil {
		return begun{}, err
	}
	h := holder{admin, name, keys}
	creation, session, err := w.BeginRegistration(h, webauthn.WithExclusions(h.descriptors()))
	if err != nil {
		return begun{}, errs.E(op, errs.Internal, errs.Administrator, err)
	}
	return encoded(op, creation.Response, session)
}

// beginAssertion asks for one of an administrator's passkeys.
func (s *Service) beginAssertion(op string, a *Admin, keys []PasskeyRecord) (begun, error) {
	w, err := s.relyingParty(op, "")
	if err != nil {
		return begun{}, err
	}
	assertion, session, err := w.BeginLogin(holder{a.ID, a.Name, keys})
	if err != nil {
		return begun{}, errs.E(op, errs.Internal, errs.Administrator, err)
	}
	return encoded(op, assertion.Response, session)
}

func encoded(op string, options any, session *webauthn.SessionData) (begun, error) {
	o, err := json.Marshal(options)
	if err != nil {
		return begun{}, errs.E(op, errs.Internal, errs.Administrator, err)
	}
	d, err := json.Marshal(session)
	if err != nil {
		return begun{}, errs.E(op, errs.Internal, errs.Administrator, err)
	}
	return begun{string(o), d, challengeHash(session.Challenge)}, nil
}

// finishRegistration checks the browser's answer (WebAuthn §7.1) against what
// this administrator began. hash is of the challenge, which the caller deletes.
func (s *Service) finishRegistration(ctx context.Context, op string, admin ids.Admin, name, response string) (PasskeyRecord, []byte, error) {
	bad := func(err error) (PasskeyRecord, []byte, error) {
		return PasskeyRecord{}, nil, errs.Say(op, errs.Invalid, errs.Administrator, "The answer of the browser is not that of a new passkey for this console.").Because(err)
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(response))
	if err != nil {
		return bad(err)
	}
	client := parsed.Response.CollectedClientData
	hash := challengeHash(client.Challenge)
	c, found, err := s.Store.Challenge(ctx, nil, hash)
	if err != nil {
		return PasskeyRecord{}, nil, err
	}
	if !found || c.Admin != admin || c.Purpose != forPasskey || !s.Clock.Now().Before(c.Expires) {
		return PasskeyRecord{}, nil, staleRegistration(op)
	}
	var session webauthn.SessionData
	if err := json.Unmarshal(c.Data, &session); err != nil {
		return PasskeyRecord{}, nil, errs.E(op, errs.Internal, errs.Storage, err)
	}
	if !s.ours(client.Origin) {
		return bad(nil)
	}
	w, err := s.relyingParty(op, client.Origin)
	if err != nil {
		return PasskeyRecord{}, nil, err
	}
	made, err := w.CreateCredential(holder{admin, name, nil}, session, parsed)
	if err != nil {
		return bad(err)
	}
	var transports []string
	for _, t := range made.Transport {
		if word := string(t); len(transports) < 8 && len(word) <= 32 && !strings.ContainsAny(word, ",\x00") {
			transports = append(transports, word)
		}
	}
	return PasskeyRecord{
		Credential: made.ID, PublicKey: made.PublicKey, AAGUID: made.Authenticator.AAGUID, Counter: int64(made.Authenticator.SignCount),
		Flags: int64(made.Flags.ProtocolValue()), Transports: strings.Join(transports, ","),
	}, hash, nil
}

// checkAssertion checks the browser's answer at a sign-in (WebAuthn §7.2) and
// answers the passkey as it is behind it; ok is false for whatever does not hold,
// a counter that went back among it (row 118), and why says so for the log.
func (s *Service) checkAssertion(op string, a *Admin, keys []PasskeyRecord, data []byte, response string) (used PasskeyRecord, why string, err error) {
	parsed, bad := protocol.ParseCredentialRequestResponseBytes([]byte(response))
	if bad != nil {
		return used, "no passkey's answer", nil
	}
	origin := parsed.Response.CollectedClientData.Origin
	if !s.ours(origin) {
		return used, "a passkey used on another site", nil
	}
	w, err := s.relyingParty(op, origin)
	if err != nil {
		return used, "", err
	}
	var session webauthn.SessionData
	if err := json.Unmarshal(data, &session); err != nil {
		return used, "no passkey was asked for", nil
	}
	got, bad := w.ValidateLogin(holder{a.ID, a.Name, keys}, session, parsed)
	if bad != nil {
		return used, "a passkey that does not hold", nil
	}
	if got.Authenticator.CloneWarning {
		return used, "a passkey whose counter went back: it may have been copied", nil
	}
	for _, k := range keys {
		if bytes.Equal(k.Credential, got.ID) {
			used = k
		}
	}
	used.Counter, used.Flags = int64(got.Authenticator.SignCount), int64(got.Flags.ProtocolValue())
	return used, "", nil
}

// newToken makes a bearer token and what is kept of it.
func newToken() (token string, hash []byte) {
	raw := random(32)
	sum := sha256.Sum256(raw)
	return base64.RawURLEncoding.EncodeToString(raw), sum[:]
}

// tokenHash reads a token back; false for what is none.
func tokenHash(token string) ([]byte, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 32 {
		return nil, false
	}
	sum := sha256.Sum256(raw)
	return sum[:], true
}
