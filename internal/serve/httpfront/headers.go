package httpfront

import (
	"io"
	"net/http"
	"strconv"
	"time"
)

// Values that every answer shares; nobody changes them.
var (
	nosniff    = []string{"nosniff"}
	noReferrer = []string{"same-origin"}
	deny       = []string{"DENY"}
	sameOrigin = []string{"same-origin"}
	noStore    = []string{"no-store"}
	nothing    = []string{"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"}
)

// secured puts the headers that browsers protect by on every answer. They are
// the strictest; an app's handler sets what it needs in their place.
func secured(c Config, next http.Handler) http.Handler {
	var hsts []string
	if c.HSTS > 0 {
		hsts = []string{"max-age=" + strconv.FormatInt(int64(c.HSTS/time.Second), 10)}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h["X-Content-Type-Options"] = nosniff
		h["Referrer-Policy"] = noReferrer
		h["X-Frame-Options"] = deny
		h["Cross-Origin-Opener-Policy"] = sameOrigin
		h["Cross-Origin-Resource-Policy"] = sameOrigin
		h["Content-Security-Policy"] = nothing
		h["Cache-Control"] = noStore
		if hsts != nil && r.TLS != nil {
			h["Strict-Transport-Security"] = hsts
		}
		next.ServeHTTP(w, r)
	})
}

func welcome(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, "This is Postroom. The administration API is AWS JSON 1.1 at POST / of this address.\n"+
		"Use the AWS CLI with --endpoint-url, or `postroom --help` on the machine.\n")
}
