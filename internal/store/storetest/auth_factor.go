package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/auth"
	"postroom/internal/core/auth/authtest"
	"postroom/internal/core/tx"

	"github.com/pquerna/otp/totp"
)

var factorStories = map[string]func(d *desk){
	"second factors are kept whole":                     factorsKept,
	"challenges are kept, trimmed and expire":           challengesKept,
	"one-time passwords (row 117)":                      oneTimePasswords,
	"codes are guessed a few times a day (row 117)":     codesThrottled,
	"recovery codes work once (row 117)":                recoveryOnce,
	"passkeys (row 118)":                                passkeysStory,
	"passkeys are refused where they must be (row 118)": passkeysRefused,
	"a challenge is for one sign-in":                    challengeOnce,
	"who has the machine takes factors away":            factorsReset,
	"another administrator takes factors away":          factorsResetByAnother,
	"only the own factors are changed, with a password": factorsGuarded,
	"a factor that comes between sign-in and session":   factorBetween,
}

const consoleOrigin = "https://console.example.com"

var desktop = auth.Browser{Remote: netip.MustParseAddr("192.0.2.7"), Agent: "Browser/1.0"}

func factorsKept(d *desk) {
	a := d.add("a1", everything)
	in := auth.TOTPRecord{Admin: a.ID, Sealed: []byte{1, 0, 2}, Made: authStart}
	d.write(func(t *tx.Tx) error { return d.store.PutTOTP(t, in) })
	in.Confirmed, in.Step, in.Sealed = authStart.Add(time.Minute), 58_000_000, []byte{3}
	d.write(func(t *tx.Tx) error { return d.store.PutTOTP(t, in) })
	got, found, err := d.store.TOTP(d.ctx, nil, a.ID)
	d.must(err)
	if !found || fmt.Sprint(got) != fmt.Sprint(in) {
		d.Fatalf("kept %v, not %v", got, in)
	}
	k := auth.PasskeyRecord{
		Passkey:    auth.Passkey{ID: "k2", Admin: a.ID, Name: "Zoë's <key>", Created: authStart.Add(time.Second)},
		Credential: []byte{9, 0}, PublicKey: []byte{8}, AAGUID: []byte{7}, Counter: 1 << 32, Flags: 0x1d, Transports: "usb,nfc",
	}
	other := k
	other.ID, other.Credential, other.Created, other.AAGUID = "k1", []byte{9, 1}, authStart, nil
	d.write(func(t *tx.Tx) error {
		first, err1 := d.store.InsertPasskey(t, k)
		second, err2 := d.store.InsertPasskey(t, other)
		twice, err3 := d.store.InsertPasskey(t, auth.PasskeyRecord{Passkey: auth.Passkey{ID: "k3", Admin: "x"}, Credential: k.Credential, PublicKey: []byte{1}})
		if !first || !second || twice {
			d.Error(first, second, twice)
		}
		return errors.Join(err1, err2, err3)
	})
	k.Counter, k.Flags, k.Used = 1<<32+1, 0x05, authStart.Add(time.Hour)
	d.write(func(t *tx.Tx) error { return d.store.UsePasskey(t, k) })
	list, err := d.store.Passkeys(d.ctx, nil, a.ID)
	d.must(err)
	if len(list) != 2 || list[0].ID != "k1" || fmt.Sprint(list[1]) != fmt.Sprint(k) {
		d.Fatalf("kept %v, not %v", list, k)
	}
	d.write(func(t *tx.Tx) error {
		return errors.Join(d.store.DeletePasskey(t, "k1"), d.store.PutRecoveryCodes(t, a.ID, [][]byte{{1}, {2}}), d.store.PutRecoveryCodes(t, a.ID, [][]byte{{2}, {3}, {4}}))
	})
	for _, c := range []struct {
		hash byte
		want bool
	}{{1, false}, {2, true}, {2, false}} {
		d.write(func(t *tx.Tx) error {
			ok, err := d.store.TakeRecoveryCode(t, a.ID, []byte{c.hash})
			if ok != c.want {
				d.Error(c)
			}
			return err
		})
	}
	if n, err := d.store.CountRecoveryCodes(d.ctx, nil, a.ID); n != 2 || err != nil {
		d.Fatal(n, err)
	}
	d.must(d.root().DeleteAdministrator(d.ctx, a.ID))
	_, totp, err1 := d.store.TOTP(d.ctx, nil, a.ID)
	keys, err2 := d.store.Passkeys(d.ctx, nil, a.ID)
	n, err3 := d.store.CountRecoveryCodes(d.ctx, nil, a.ID)
	if totp || len(keys) > 0 || n > 0 || errors.Join(err1, err2, err3) != nil {
		d.Fatal("left behind:", totp, keys, n, err1, err2, err3)
	}
}

func challengesKept(d *desk) {
	a := d.add("a1", everything)
	hash := func(i int) []byte { return []byte{byte(i), 0xff} }
	for i := range 5 {
		d.write(func(t *tx.Tx) error {
			return d.store.InsertChallenge(t, auth.ChallengeRecord{Hash: hash(i), Admin: a.ID, Purpose: "x", Version: 7, Data: []byte("d"), Expires: authStart.Add(time.Duration(i) * time.Minute)})
		})
	}
	d.write(func(t *tx.Tx) error {
		return errors.Join(d.store.TriedChallenge(t, hash(4)), d.store.TriedChallenge(t, hash(4)), d.store.TrimChallenges(t, a.ID, "x", 3), d.store.TrimChallenges(t, a.ID, "y", 0))
	})
	c, found, err := d.store.Challenge(d.ctx, nil, hash(4))
	d.must(err)
	if !found || c.Tries != 2 || c.Version != 7 || c.Purpose != "x" || string(c.Data) != "d" || !c.Expires.Equal(authStart.Add(4*time.Minute)) {
		d.Fatal(c, found)
	}
	if _, found, err := d.store.Challenge(d.ctx, nil, hash(1)); found || err != nil {
		d.Fatal("the oldest were not trimmed", err)
	}
	d.write(func(t *tx.Tx) error {
		_, err := d.store.ExpireChallenges(t, authStart.Add(3*time.Minute), 9)
		return err
	})
	for i, want := range []bool{false, false, false, false, true} {
		d.write(func(t *tx.Tx) error {
			ok, err := d.store.DeleteChallenge(t, hash(i))
			if ok != want {
				d.Errorf("challenge %d: there %v", i, ok)
			}
			return err
		})
	}
}

// one is an administrator with a password who is signed in.
func (d *desk) one(name string) (auth.Admin, *auth.View) {
	d.Helper()
	a, err := d.root().CreateAdministrator(d.ctx, auth.NewAdmin{Name: name, Password: "password of " + name, Rights: everything})
	d.must(err)
	in, err := d.AdminSignIn(d.ctx, name, "password of "+name, desktop)
	d.must(err)
	if in.Token == "" || len(in.Factors) > 0 || in.Challenge != "" {
		d.Fatal(in)
	}
	return a, d.For(in.Actor).Call("test", "r", 0)
}

// ask signs in by password alone, which opens nothing.
func (d *desk) ask(name string) auth.SignedIn {
	d.Helper()
	in, err := d.AdminSignIn(d.ctx, name, "password of "+name, desktop)
	d.must(err)
	if in.Token != "" || in.Actor.Kind() != auth.Nobody || in.Challenge == "" || len(in.Factors) == 0 {
		d.Fatal("no second factor was asked for", in)
	}
	return in
}

func (d *desk) code(secret string, after time.Duration) string {
	d.Helper()
	c, err := totp.GenerateCode(secret, d.clock.Now().Add(after))
	d.must(err)
	return c
}

func (d *desk) finish(challenge string, p auth.SecondProof) error {
	_, err := d.FinishSignIn(d.ctx, challenge, p, desktop)
	return err
}

// withTOTP turns a one-time password on and answers secret and recovery codes.
func (d *desk) withTOTP(v *auth.View) (string, []string) {
	d.Helper()
	secret, uri, err := v.SetUpTOTP(d.ctx)
	d.must(err)
	if !strings.HasPrefix(uri, "otpauth://totp/Postroom:") || !strings.Contains(uri, "secret="+secret) {
		d.Fatal(uri)
	}
	codes, err := v.ConfirmTOTP(d.ctx, d.code(secret, 0))
	d.must(err)
	return secret, codes
}

func oneTimePasswords(d *desk) {
	a, v := d.one("tina")
	secret, _, err := v.SetUpTOTP(d.ctx)
	d.must(err)
	if r, _, _ := d.store.TOTP(d.ctx, nil, a.ID); strings.Contains(string(r.Sealed), secret) {
		d.Fatal("the secret is not sealed")
	}
	// It does not count before a code confirmed it.
	if in, err := d.AdminSignIn(d.ctx, "tina", "password of tina", desktop); err != nil || in.Token == "" {
		d.Fatal(in, err)
	}
	_, err = v.ConfirmTOTP(d.ctx, d.code(secret, 5*time.Minute))
	d.want(errs.Invalid, err)
	d.clock.Move(16 * time.Minute)
	_, err = v.ConfirmTOTP(d.ctx, d.code(secret, 0))
	d.want(errs.State, err)
	secret, codes := d.withTOTP(v)
	if len(codes) != 10 {
		d.Fatal(codes)
	}
	_, _, err = v.SetUpTOTP(d.ctx)
	d.want(errs.State, err)
	// The code that confirmed it is used up.
	in := d.ask("tina")
	if fmt.Sprint(in.Factors) != "[TOTP]" || in.PasskeyOptions != "" {
		d.Fatal(in)
	}
	d.want(errs.Unauthenticated, d.finish(in.Challenge, auth.SecondProof{Code: d.code(secret, 0)}))
	// One step early is fine, and takes all before it.
	early := d.code(secret, 30*time.Second)
	done, err := d.FinishSignIn(d.ctx, in.Challenge, auth.SecondProof{Code: early[:3] + " " + early[3:]}, desktop)
	d.must(err)
	if done.Token == "" || done.Codes != 10 || done.Actor.Admin() != a.ID {
		d.Fatal(done)
	}
	if _, err := d.AdminSession(d.ctx, done.Token); err != nil {
		d.Fatal(err)
	}
	d.want(errs.Unauthenticated, d.finish(in.Challenge, auth.SecondProof{Code: d.code(secret, 0)})) // the challenge is used up
	in = d.ask("tina")
	for _, used := range []time.Duration{0, 30 * time.Second} {
		d.want(errs.Unauthenticated, d.finish(in.Challenge, auth.SecondProof{Code: d.code(secret, used)}))
	}
	d.clock.Move(2 * time.Minute)
	in = d.ask("tina")
	d.want(errs.Unauthenticated, d.finish(in.Challenge, auth.SecondProof{Code: d.code(secret, -time.Minute)}))
	d.must(d.finish(in.Challenge, auth.SecondProof{Code: d.code(secret, -30*time.Second)}))
	// The session that was there before goes on; each step has its record.
	if _, err := v.SecondFactors(d.ctx, a.ID); err != nil {
		d.Fatal(err)
	}
	list, _, err := audit.NewLists(d.chain).List(d.ctx, audit.Filter{Target: string(a.ID)})
	d.must(err)
	text := fmt.Sprint(list)
	for _, word := range []string{"one-time password on", "password right, second factor asked for", "by one-time password", "Postroom.FinishSignIn"} {
		if !strings.Contains(text, word) {
			d.Errorf("no record says %q", word)
		}
	}
	if strings.Contains(text, secret) {
		d.Error("the secret is in the audit log")
	}
	d.want(errs.Password, v.RemoveTOTP(d.ctx, "password of nobody"))
	d.must(v.RemoveTOTP(d.ctx, "password of tina"))
	if f, err := v.SecondFactors(d.ctx, a.ID); err != nil || f.Codes != 0 || len(f.Kinds()) > 0 {
		d.Fatal(f, err)
	}
	if in, err := d.AdminSignIn(d.ctx, "tina", "password of tina", desktop); err != nil || in.Token == "" {
		d.Fatal(in, err)
	}
}

func codesThrottled(d *desk) {
	_, v := d.one("tina")
	secret, codes := d.withTOTP(v)
	d.clock.Move(time.Minute)
	guesses := 0
	for range 3 {
		in := d.ask("tina")
		for i := range 6 {
			err := d.finish(in.Challenge, auth.SecondProof{Code: fmt.Sprintf("%06d", i)})
			if errs.Is(err, errs.Throttled) {
				break
			}
			if i == 5 { // a challenge takes five
				if _, subject := errs.Of(err); subject != errs.Session {
					d.Fatal(err)
				}
				break
			}
			d.want(errs.Unauthenticated, err)
			guesses++
		}
	}
	if guesses < 5 || guesses > 7 {
		d.Errorf("%d guesses at once", guesses)
	}
	// The right code waits too; a recovery code does not.
	d.want(errs.Throttled, d.finish(d.ask("tina").Challenge, auth.SecondProof{Code: d.code(secret, 0)}))
	d.must(d.finish(d.ask("tina").Challenge, auth.SecondProof{RecoveryCode: codes[0]}))
	d.clock.Move(time.Hour)
	d.must(d.finish(d.ask("tina").Challenge, auth.SecondProof{Code: d.code(secret, 0)}))
}

func recoveryOnce(d *desk) {
	a, v := d.one("tina")
	_, codes := d.withTOTP(v)
	d.must(d.finish(d.ask("tina").Challenge, auth.SecondProof{RecoveryCode: codes[3]}))
	in := d.ask("tina")
	d.want(errs.Unauthenticated, d.finish(in.Challenge, auth.SecondProof{RecoveryCode: codes[3]}))
	d.must(d.finish(in.Challenge, auth.SecondProof{RecoveryCode: strings.ToUpper(strings.ReplaceAll(codes[4], "-", " "))}))
	if f, err := v.SecondFactors(d.ctx, a.ID); err != nil || f.Codes != 8 {
		d.Fatal(f, err)
	}
	_, err := v.CreateRecoveryCodes(d.ctx, "wrong password!")
	d.want(errs.Password, err)
	fresh, err := v.CreateRecoveryCodes(d.ctx, "password of tina")
	d.must(err)
	d.want(errs.Unauthenticated, d.finish(d.ask("tina").Challenge, auth.SecondProof{RecoveryCode: codes[5]}))
	d.must(d.finish(d.ask("tina").Challenge, auth.SecondProof{RecoveryCode: fresh[0]}))
	_, w := d.one("nora")
	_, err = w.CreateRecoveryCodes(d.ctx, "password of nora")
	d.want(errs.NotFound, err)
	// Another's code is none.
	d.withTOTP(w)
	d.want(errs.Unauthenticated, d.finish(d.ask("nora").Challenge, auth.SecondProof{RecoveryCode: fresh[1]}))
}

// withPasskey adds one.
func (d *desk) withPasskey(v *auth.View, name string, k *authtest.Authenticator) []string {
	d.Helper()
	options, err := v.BeginPasskey(d.ctx)
	d.must(err)
	_, codes, err := v.FinishPasskey(d.ctx, name, k.Create(options))
	d.must(err)
	return codes
}

func passkeysStory(d *desk) {
	a, v := d.one("paul")
	k := authtest.NewAuthenticator(d.T, consoleOrigin+":8443")
	k.Counter = 5
	if codes := d.withPasskey(v, " Laptop ", k); len(codes) != 10 {
		d.Fatal(codes)
	}
	d.clock.Move(time.Second)
	// Synchronised passkeys do not count.
	phone := authtest.NewAuthenticator(d.T, consoleOrigin)
	if codes := d.withPasskey(v, "Phone", phone); codes != nil {
		d.Fatal("recovery codes a second time")
	}
	for range 2 {
		for _, key := range []*authtest.Authenticator{k, phone} {
			in := d.ask("paul")
			if fmt.Sprint(in.Factors) != "[PASSKEY]" {
				d.Fatal(in.Factors)
			}
			var o map[string]any
			d.must(json.Unmarshal([]byte(in.PasskeyOptions), &o))
			if o["rpId"] != "console.example.com" || o["userVerification"] != "required" || len(o["allowCredentials"].([]any)) != 2 {
				d.Fatal(in.PasskeyOptions)
			}
			d.must(d.finish(in.Challenge, auth.SecondProof{Passkey: key.Get(in.PasskeyOptions)}))
		}
	}
	f, err := v.SecondFactors(d.ctx, a.ID)
	d.must(err)
	if len(f.Passkeys) != 2 || f.Passkeys[0].Name != "Laptop" || !f.Passkeys[0].Used.Equal(d.clock.Now()) {
		d.Fatal(f)
	}
	d.want(errs.Password, v.DeletePasskey(d.ctx, f.Passkeys[0].ID, "password of nobody"))
	d.must(v.DeletePasskey(d.ctx, f.Passkeys[0].ID, "password of paul"))
	d.want(errs.NotFound, v.DeletePasskey(d.ctx, f.Passkeys[0].ID, "password of paul"))
	in := d.ask("paul")
	d.want(errs.Unauthenticated, d.finish(in.Challenge, auth.SecondProof{Passkey: k.Get(in.PasskeyOptions)}))
	d.must(v.DeletePasskey(d.ctx, f.Passkeys[1].ID, "password of paul"))
	if f, err := v.SecondFactors(d.ctx, a.ID); err != nil || f.Codes != 0 {
		d.Fatal(f, err)
	}
	for i := range 10 {
		d.withPasskey(v, fmt.Sprint("key ", i), authtest.NewAuthenticator(d.T, consoleOrigin))
	}
	_, err = v.BeginPasskey(d.ctx)
	d.want(errs.Limit, err)
}

func passkeysRefused(d *desk) {
	_, v := d.one("paul")
	_, w := d.one("mary")
	k := authtest.NewAuthenticator(d.T, consoleOrigin)
	k.Counter = 9
	// Registration.
	options, err := v.BeginPasskey(d.ctx)
	d.must(err)
	for name, bend := range map[string]func(k *authtest.Authenticator){
		"another site":              func(k *authtest.Authenticator) { k.Origin = "https://console.example.com.evil.example" },
		"a sub-domain":              func(k *authtest.Authenticator) { k.Origin = "https://x.console.example.com" },
		"no TLS":                    func(k *authtest.Authenticator) { k.Origin = "http://console.example.com" },
		"an app":                    func(k *authtest.Authenticator) { k.Origin = "android:apk-key-hash:x" },
		"another relying party":     func(k *authtest.Authenticator) { k.RPID = "evil.example" },
		"the user was not verified": func(k *authtest.Authenticator) { k.Unverified = true },
		"another challenge":         func(k *authtest.Authenticator) { k.Challenge = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
	} {
		bent := authtest.NewAuthenticator(d.T, consoleOrigin)
		bend(bent)
		if _, _, err := v.FinishPasskey(d.ctx, "x", bent.Create(options)); !errs.Is(err, errs.Invalid) {
			d.Errorf("registration by %s: %v", name, err)
		}
	}
	for _, bad := range []string{"{}", "x", `{"id":1}`, strings.Repeat("[", 10000), `{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","attestationObject":"AA"}}`} {
		_, _, err := v.FinishPasskey(d.ctx, "x", bad)
		d.want(errs.Invalid, err)
	}
	for _, bad := range []string{"", "  ", "a\nb", strings.Repeat("ö", 65)} {
		_, _, err := v.FinishPasskey(d.ctx, bad, k.Create(options))
		d.want(errs.Invalid, err)
	}
	answer := k.Create(options)
	_, _, err = w.FinishPasskey(d.ctx, "mine", answer) // begun by another
	d.want(errs.Invalid, err)
	_, _, err = v.FinishPasskey(d.ctx, "mine", answer)
	d.must(err)
	_, _, err = v.FinishPasskey(d.ctx, "again", answer) // the challenge is used up
	d.want(errs.Invalid, err)
	options, err = v.BeginPasskey(d.ctx)
	d.must(err)
	_, _, err = v.FinishPasskey(d.ctx, "MINE", authtest.NewAuthenticator(d.T, consoleOrigin).Create(options))
	d.want(errs.Exists, err)
	options, err = w.BeginPasskey(d.ctx)
	d.must(err)
	stolen := *k
	_, _, err = w.FinishPasskey(d.ctx, "stolen", stolen.Create(options)) // another's credential
	d.want(errs.Invalid, err)
	late, err := w.BeginPasskey(d.ctx)
	d.must(err)
	d.clock.Move(6 * time.Minute)
	_, _, err = w.FinishPasskey(d.ctx, "late", authtest.NewAuthenticator(d.T, consoleOrigin).Create(late))
	d.want(errs.Invalid, err)

	// Sign-in.
	hers := authtest.NewAuthenticator(d.T, consoleOrigin)
	d.withPasskey(w, "hers", hers)
	first := d.ask("paul")
	old := k.Get(first.PasskeyOptions)
	d.must(d.finish(first.Challenge, auth.SecondProof{Passkey: old}))
	for name, bend := range map[string]func() string{
		"another site":              func() string { x := *k; x.Origin = "https://evil.example"; return x.Get(d.ask("paul").PasskeyOptions) },
		"another relying party":     func() string { x := *k; x.RPID = "evil.example"; return x.Get(d.ask("paul").PasskeyOptions) },
		"the user was not verified": func() string { x := *k; x.Unverified = true; return x.Get(d.ask("paul").PasskeyOptions) },
		"an answer of before":       func() string { return old },
		"another's":                 func() string { return hers.Get(d.ask("paul").PasskeyOptions) },
		"nonsense":                  func() string { return "{}" },
	} {
		in := d.ask("paul")
		answer := bend()
		if err := d.finish(in.Challenge, auth.SecondProof{Passkey: answer}); !errs.Is(err, errs.Unauthenticated) {
			d.Errorf("sign-in by %s: %v", name, err)
		}
	}
	// The answer to one challenge does not do for another of the same administrator.
	one, two := d.ask("paul"), d.ask("paul")
	d.want(errs.Unauthenticated, d.finish(two.Challenge, auth.SecondProof{Passkey: k.Get(one.PasskeyOptions)}))
	copied := *k
	copied.Counter = 3
	in := d.ask("paul")
	d.want(errs.Unauthenticated, d.finish(in.Challenge, auth.SecondProof{Passkey: copied.Get(in.PasskeyOptions)}))
	d.must(d.finish(in.Challenge, auth.SecondProof{Passkey: k.Get(in.PasskeyOptions)}))
}

func challengeOnce(d *desk) {
	a, v := d.one("tina")
	secret, _ := d.withTOTP(v)
	d.clock.Move(time.Minute)
	for name, bad := range map[string]string{"none": "", "short": "abc", "made up": strings.Repeat("A", 43)} {
		err := d.finish(bad, auth.SecondProof{Code: d.code(secret, 0)})
		if kind, subject := errs.Of(err); kind != errs.Unauthenticated || subject != errs.Session {
			d.Errorf("%s: %v", name, err)
		}
	}
	in := d.ask("tina")
	d.want(errs.Invalid, d.finish(in.Challenge, auth.SecondProof{}))
	d.want(errs.Invalid, d.finish(in.Challenge, auth.SecondProof{Code: "123456", RecoveryCode: "x"}))
	// Of many at once one opens a session.
	code := d.code(secret, 0)
	answers := make(chan error)
	for range 4 {
		go func() { answers <- d.finish(in.Challenge, auth.SecondProof{Code: code}) }()
	}
	opened := 0
	for range 4 {
		if err := <-answers; err == nil {
			opened++
		} else {
			d.want(errs.Unauthenticated, err)
		}
	}
	if opened != 1 {
		d.Fatalf("%d sessions by one challenge", opened)
	}
	d.clock.Move(time.Minute)
	in = d.ask("tina")
	d.clock.Move(6 * time.Minute)
	d.want(errs.Unauthenticated, d.finish(in.Challenge, auth.SecondProof{Code: d.code(secret, 0)}))
	in = d.ask("tina")
	password := "another password"
	_, err := d.root().UpdateAdministrator(d.ctx, a.ID, auth.AdminChange{Password: &password})
	d.must(err)
	d.want(errs.Unauthenticated, d.finish(in.Challenge, auth.SecondProof{Code: d.code(secret, 0)}))
	// Another process knows the challenge as well.
	in, err = d.AdminSignIn(d.ctx, "tina", password, desktop)
	d.must(err)
	_, err = d.process().FinishSignIn(d.ctx, in.Challenge, auth.SecondProof{Code: d.code(secret, 0)}, desktop)
	d.must(err)
}

func factorsReset(d *desk) {
	a, v := d.one("paul")
	d.withTOTP(v)
	d.withPasskey(v, "key", authtest.NewAuthenticator(d.T, consoleOrigin))
	in := d.ask("paul")
	if fmt.Sprint(in.Factors) != "[TOTP PASSKEY]" {
		d.Fatal(in.Factors)
	}
	d.sessionOf(a)
	_, err := d.ResetFactors(d.ctx, "nobody")
	d.want(errs.NotFound, err)
	had, err := d.ResetFactors(d.ctx, "PAUL")
	d.must(err)
	if had.TOTP.IsZero() || len(had.Passkeys) != 1 {
		d.Fatal(had)
	}
	d.want(errs.Unauthenticated, d.finish(in.Challenge, auth.SecondProof{Code: "123456"}))
	if open, err := d.root().Sessions(d.ctx, a.ID); err != nil || len(open) > 0 {
		d.Fatal("sessions go on", open, err)
	}
	if _, err := d.ResetFactors(d.ctx, "paul"); err != nil { // there is none any more
		d.Fatal(err)
	}
	if in, err := d.AdminSignIn(d.ctx, "paul", "password of paul", desktop); err != nil || in.Token == "" {
		d.Fatal(in, err)
	}
	list, _, err := audit.NewLists(d.chain).List(d.ctx, audit.Filter{Target: string(a.ID)})
	d.must(err)
	if !strings.Contains(fmt.Sprint(list), "second factors removed") {
		d.Error("no record of it")
	}
}

// factorsResetByAnother: who manages may, but not his own, and nobody else.
func factorsResetByAnother(d *desk) {
	paul, v := d.one("paul")
	d.withTOTP(v)
	d.withPasskey(v, "key", authtest.NewAuthenticator(d.T, consoleOrigin))
	in := d.ask("paul")
	_, mary := d.one("mary")
	_, err := v.ResetSecondFactor(d.ctx, paul.ID) // his own
	d.want(errs.Invalid, err)
	for name, r := range map[string]auth.Rights{"reader": {Role: auth.ReadOnly, All: true}, "one": {Role: auth.Full, Organizations: []ids.Org{ids.NewOrg()}}} {
		_, err := d.root().CreateAdministrator(d.ctx, auth.NewAdmin{Name: name, Password: "password of " + name, Rights: r})
		d.must(err)
		in, err := d.AdminSignIn(d.ctx, name, "password of "+name, desktop)
		d.must(err)
		_, err = d.For(in.Actor).ResetSecondFactor(d.ctx, paul.ID)
		d.want(errs.Denied, err)
	}
	_, err = mary.ResetSecondFactor(d.ctx, "nobody")
	d.want(errs.NotFound, err)
	seen, err := d.root().DescribeAdministrator(d.ctx, paul.ID)
	d.must(err)
	had, err := mary.Call("Postroom.ResetSecondFactor", "r", seen.Revision).ResetSecondFactor(d.ctx, paul.ID)
	d.must(err)
	if had.TOTP.IsZero() || len(had.Passkeys) != 1 || had.Codes == 0 {
		d.Fatal(had)
	}
	if f, err := d.root().SecondFactors(d.ctx, paul.ID); err != nil || len(f.Kinds()) > 0 || f.Codes > 0 {
		d.Fatal(f, err)
	}
	d.want(errs.Unauthenticated, d.finish(in.Challenge, auth.SecondProof{Code: "123456"}))
	_, _, err = v.SetUpTOTP(d.ctx)
	d.want(errs.Unauthenticated, err) // his session has ended
	_, err = mary.Call("Postroom.ResetSecondFactor", "r", seen.Revision).ResetSecondFactor(d.ctx, paul.ID)
	d.want(errs.Conflict, err)
	list, _, err := audit.NewLists(d.chain).List(d.ctx, audit.Filter{Target: string(paul.ID), Operation: "Postroom.ResetSecondFactor"})
	d.must(err)
	if len(list) != 1 || list[0].By.Name != "mary" || !strings.Contains(list[0].Detail, "second factors removed, sessions ended") {
		d.Fatal(list)
	}
}

func factorsGuarded(d *desk) {
	a, v := d.one("tina")
	d.withTOTP(v)
	root := d.root()
	_, _, err := root.SetUpTOTP(d.ctx)
	d.want(errs.Denied, err)
	_, err = root.BeginPasskey(d.ctx)
	d.want(errs.Denied, err)
	d.want(errs.Denied, root.RemoveTOTP(d.ctx, "password of tina"))
	nobody := d.For(auth.Actor{})
	_, _, err = nobody.SetUpTOTP(d.ctx)
	d.want(errs.Denied, err)
	_, err = nobody.SecondFactors(d.ctx, a.ID)
	d.want(errs.Denied, err)
	if f, err := root.SecondFactors(d.ctx, a.ID); err != nil || f.TOTP.IsZero() {
		d.Fatal(f, err)
	}
	_, err = root.SecondFactors(d.ctx, "nobody")
	d.want(errs.NotFound, err)
	// A session that was revoked changes nothing.
	d.RevokedAdmin(a.ID)
	d.must(d.root().RevokeSession(d.ctx, a.ID, d.sessionOf(a)))
	d.want(errs.Unauthenticated, v.RemoveTOTP(d.ctx, "password of tina"))
}

func (d *desk) sessionOf(a auth.Admin) string {
	d.Helper()
	list, err := d.root().Sessions(d.ctx, a.ID)
	d.must(err)
	if len(list) != 1 || list[0].Agent != desktop.Agent || list[0].Remote != desktop.Remote.String() {
		d.Fatal(list)
	}
	return list[0].ID
}

// factorBetween: the password was looked at, then a factor was turned on: no
// session without it.
func factorBetween(d *desk) {
	a, v := d.one("tina")
	_, _, err := v.SetUpTOTP(d.ctx)
	d.must(err)
	between := d.process()
	between.Store = late{d.store, func() {
		r, _, err := d.store.TOTP(d.ctx, nil, a.ID)
		d.must(err)
		r.Confirmed = d.clock.Now()
		d.write(func(t *tx.Tx) error { return d.store.PutTOTP(t, r) })
	}}
	in, err := between.AdminSignIn(d.ctx, "tina", "password of tina", desktop)
	d.want(errs.Unauthenticated, err)
	if in.Token != "" {
		d.Fatal("a session without the factor")
	}
}

// late is a store in which something happens before each Write.
type late struct {
	auth.Store
	before func()
}

func (l late) Write(ctx context.Context, fair ids.Org, fn func(*tx.Tx) error) error {
	l.before()
	return l.Store.Write(ctx, fair, fn)
}
