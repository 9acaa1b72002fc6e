package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"postroom/internal/base/errs"
)

// certificate serves the files of the certificate and looks at most every
// minute whether they are new. A pair that does not load leaves the old one.
type certificate struct {
	cert, key string
	log       *slog.Logger

	mu     sync.Mutex
	loaded *tls.Certificate
	read   time.Time
	looked time.Time
}

const lookEvery = time.Minute

// newTLS returns the heads' configuration, or nil where no certificate is named.
func newTLS(c TLS, host string, log *slog.Logger) (*tls.Config, error) {
	if c.Cert == "" {
		return nil, nil
	}
	f := &certificate{cert: c.Cert, key: c.Key, log: log}
	if err := f.load(time.Now()); err != nil {
		return nil, errs.Say("app.TLS", errs.Config, errs.Nothing, "The certificate %s with the key %s does not load: %v", c.Cert, c.Key, err)
	}
	if err := f.loaded.Leaf.VerifyHostname(host); err != nil {
		log.Warn("the certificate is for another name than host: mail programs and servers will refuse it", "host", host, "certificate", strings.Join(f.loaded.Leaf.DNSNames, " "), "file", c.Cert)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: f.get}, nil
}

func (f *certificate) load(now time.Time) error {
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return err
	}
	f.loaded, f.read, f.looked = &pair, now, now
	if left := time.Until(pair.Leaf.NotAfter); left < 21*24*time.Hour {
		f.log.Warn("the certificate expires soon", "file", f.cert, "expires", pair.Leaf.NotAfter)
	}
	return nil
}

func (f *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := time.Now(); now.Sub(f.looked) > lookEvery {
		f.looked = now
		if fi, err := os.Stat(f.cert); err == nil && fi.ModTime().After(f.read) {
			if err := f.load(now); err != nil {
				f.log.Error("the new certificate does not load; the old one stays", "file", f.cert, "error", err)
			}
		}
	}
	return f.loaded, nil
}

// localCertificate makes, once, a CA of the data folder and a certificate for
// loopback under it, and returns the CA's file.
func localCertificate(dir string, names ...string) (TLS, string, error) {
	pair := TLS{Cert: filepath.Join(dir, "tls.pem"), Key: filepath.Join(dir, "tls.key")}
	ca := filepath.Join(dir, "ca.pem")
	if old, err := tls.LoadX509KeyPair(pair.Cert, pair.Key); err == nil && time.Until(old.Leaf.NotAfter) > 24*time.Hour && covers(old.Leaf, names) {
		if _, err := os.Stat(ca); err == nil {
			return pair, ca, nil
		}
	}
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return pair, ca, err
	}
	now := time.Now()
	root := &x509.Certificate{SerialNumber: serial(), Subject: pkix.Name{CommonName: "Postroom local CA"}, NotBefore: now.Add(-time.Hour),
		NotAfter: now.AddDate(2, 0, 0), IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign}
	rootDER, err := x509.CreateCertificate(rand.Reader, root, root, caKey.Public(), caKey)
	if err != nil {
		return pair, ca, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return pair, ca, err
	}
	leaf := &x509.Certificate{SerialNumber: serial(), Subject: pkix.Name{CommonName: names[0]}, NotBefore: now.Add(-time.Hour),
		NotAfter: now.AddDate(1, 0, 0), DNSNames: names, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, root, key.Public(), caKey)
	if err != nil {
		return pair, ca, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return pair, ca, err
	}
	for _, f := range []struct {
		name, kind string
		der        []byte
		mode       os.FileMode
	}{{ca, "CERTIFICATE", rootDER, 0o644}, {pair.Cert, "CERTIFICATE", leafDER, 0o644}, {pair.Key, "PRIVATE KEY", keyDER, 0o600}} {
		if err := writeFile(f.name, pem.EncodeToMemory(&pem.Block{Type: f.kind, Bytes: f.der}), f.mode); err != nil {
			return pair, ca, err
		}
	}
	return pair, ca, nil
}

func covers(c *x509.Certificate, names []string) bool {
	for _, n := range names {
		if c.VerifyHostname(n) != nil {
			return false
		}
	}
	return true
}

func serial() *big.Int {
	n, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	return n
}
