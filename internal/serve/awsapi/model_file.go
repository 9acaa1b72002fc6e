package awsapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"postroom/internal/serve/awsapi/model"
)

// ModelPath is where the AWS CLI finds what it must know of our own operations;
// the console's hints name it.
const ModelPath = "/postroom.json"

// Model serves the model of our own operations, to anybody: it is in the source.
func Model() http.Handler {
	text := model.File()
	sum := sha256.Sum256(text)
	etag := `"` + hex.EncodeToString(sum[:16]) + `"`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Content-Type", "application/json")
		head.Set("Cache-Control", "no-cache")
		head.Set("ETag", etag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
	})
}
