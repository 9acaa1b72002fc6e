package awsapi

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
)

func TestModelIsServed(t *testing.T) {
	want, err := os.ReadFile("model/postroom.json")
	if err != nil {
		t.Fatal(err)
	}
	get := func(known string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, ModelPath, nil)
		r.Header.Set("If-None-Match", known)
		w := httptest.NewRecorder()
		Model().ServeHTTP(w, r)
		return w
	}
	w := get("")
	if head := w.Header(); w.Code != 200 || w.Body.String() != string(want) || head.Get("Content-Type") != "application/json" || head.Get("Cache-Control") != "no-cache" {
		t.Fatalf("%d, %d bytes of %d, %v", w.Code, w.Body.Len(), len(want), head)
	}
	if again := get(w.Header().Get("ETag")); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Fatalf("%d, %d bytes", again.Code, again.Body.Len())
	}
}
