// Package webui serves the web apps that the binary carries: files with their
// hash in the name, for ever, and one page for every other address of an app. It
// sets the browser's policy for them, knows no operation, and refuses to serve
// anything else.
package webui

import (
	"embed"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed all:dist
var dist embed.FS

// policy is for a page of ours alone: no other origin, nothing inline, no frame
// around it. Cloudscape draws some icons from data: URLs.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const absent = "This binary carries no web apps: it was built by the Go tool alone. Run `make build`, or use the AWS CLI and the command postroom.\n"

// file is one to be served, with what it is encoded as. Its bytes stay in the
// binary: who never opens the console pays no memory for it.
type file struct {
	name, kind, encoding string
	size                 int64
}

// Handler serves one app under its prefix. It is made by New.
type Handler struct {
	prefix string
	app    fs.FS
	files  map[string]map[string]file // by name below the prefix, then by encoding
}

// New serves the app NAME under /NAME/.
func New(name string) *Handler {
	app, err := fs.Sub(dist, "dist/"+name)
	if err != nil { // only where name is no name
		panic(err)
	}
	return newHandler("/"+name+"/", app)
}

var encodings = map[string]string{".br": "br", ".gz": "gzip"}

func newHandler(prefix string, app fs.FS) *Handler {
	h := &Handler{prefix: prefix, app: app, files: map[string]map[string]file{}}
	fs.WalkDir(app, ".", func(name string, d fs.DirEntry, err error) error { //nolint:errcheck // an app that is not there has no files
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		plain := strings.TrimSuffix(name, path.Ext(name))
		encoding := encodings[path.Ext(name)]
		if encoding == "" {
			plain = name
		}
		if h.files[plain] == nil {
			h.files[plain] = map[string]file{}
		}
		h.files[plain][encoding] = file{name, mime.TypeByExtension(path.Ext(plain)), encoding, info.Size()}
		return nil
	})
	return h
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Only GET is answered here.", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, h.prefix)
	variants, found := h.files[name]
	asset := found && strings.HasPrefix(name, "assets/")
	switch {
	case len(h.files) == 0:
		http.Error(w, absent, http.StatusNotFound)
		return
	case !found && strings.HasPrefix(name, "assets/"):
		// A page of an older version asks; it must not take HTML for a script.
		http.NotFound(w, r)
		return
	case !found:
		variants = h.files["index.html"]
	}
	f := chosen(variants, r.Header.Get("Accept-Encoding"))
	content, err := h.app.Open(f.name)
	if err != nil {
		http.Error(w, "The file cannot be read.", http.StatusInternalServerError)
		return
	}
	defer content.Close()
	head := w.Header()
	head.Set("Content-Type", f.kind)
	head.Set("Content-Security-Policy", policy)
	head.Set("Vary", "Accept-Encoding")
	head.Set("Content-Length", strconv.FormatInt(f.size, 10))
	if f.encoding != "" {
		head.Set("Content-Encoding", f.encoding)
	}
	if asset {
		head.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		head.Set("Cache-Control", "no-cache")
	}
	if r.Method == http.MethodGet {
		io.Copy(w, content) //nolint:errcheck // the browser has gone
	}
}

// chosen is the smallest variant that the client takes.
func chosen(variants map[string]file, accept string) file {
	for _, encoding := range []string{"br", "gzip"} {
		if f, ok := variants[encoding]; ok && accepts(accept, encoding) {
			return f
		}
	}
	return variants[""]
}

func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			q := strings.ReplaceAll(quality, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}
