package webui

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
)

func TestHandler(t *testing.T) {
	h := newHandler("/console/", fstest.MapFS{
		"index.html":        {Data: []byte("<!doctype html>page")},
		"icon.svg":          {Data: []byte("<svg/>")},
		"assets/a-1.js":     {Data: []byte("script")},
		"assets/a-1.js.br":  {Data: []byte("br")},
		"assets/a-1.js.gz":  {Data: []byte("gz")},
		"assets/b-2.css":    {Data: []byte("style")},
		"assets/b-2.css.gz": {Data: []byte("gz")},
	})
	for _, c := range []struct {
		name, method, path, accept string
		status                     int
		body, kind, encoding       string
		cached                     bool
	}{
		{"page", "GET", "/console/", "", 200, "<!doctype html>page", "text/html; charset=utf-8", "", false},
		{"deep link", "GET", "/console/us-east-1/o/m-1/users", "gzip", 200, "<!doctype html>page", "text/html; charset=utf-8", "", false},
		{"way out", "GET", "/console/../../etc/passwd", "", 200, "<!doctype html>page", "text/html; charset=utf-8", "", false},
		{"script, brotli", "GET", "/console/assets/a-1.js", "gzip, deflate, br", 200, "br", "text/javascript; charset=utf-8", "br", true},
		{"script, no brotli", "GET", "/console/assets/a-1.js", "gzip, br;q=0", 200, "gz", "text/javascript; charset=utf-8", "gzip", true},
		{"script, plain", "GET", "/console/assets/a-1.js", "", 200, "script", "text/javascript; charset=utf-8", "", true},
		{"style", "GET", "/console/assets/b-2.css", "br, gzip", 200, "gz", "text/css; charset=utf-8", "gzip", true},
		{"script of an older version", "GET", "/console/assets/a-0.js", "", 404, "404 page not found\n", "text/plain; charset=utf-8", "", false},
		{"icon", "GET", "/console/icon.svg", "", 200, "<svg/>", "image/svg+xml", "", false},
		{"head", "HEAD", "/console/", "", 200, "", "text/html; charset=utf-8", "", false},
		{"post", "POST", "/console/", "", 405, "Only GET is answered here.\n", "text/plain; charset=utf-8", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(c.method, c.path, nil)
			r.Header.Set("Accept-Encoding", c.accept)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			head := w.Header()
			if w.Code != c.status || w.Body.String() != c.body || head.Get("Content-Type") != c.kind || head.Get("Content-Encoding") != c.encoding {
				t.Errorf("%d %q %v", w.Code, w.Body, head)
			}
			if cached := head.Get("Cache-Control") == "public, max-age=31536000, immutable"; cached != c.cached {
				t.Errorf("Cache-Control: %q", head.Get("Cache-Control"))
			}
			if c.status == 200 && head.Get("Content-Security-Policy") != policy {
				t.Error("no policy")
			}
		})
	}
}

func TestWithoutApps(t *testing.T) {
	w := httptest.NewRecorder()
	newHandler("/console/", fstest.MapFS{}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/console/", nil))
	if w.Code != 404 || w.Body.String() != absent+"\n" {
		t.Fatal(w.Code, w.Body)
	}
}
