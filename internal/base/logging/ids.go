package logging

import (
	"context"
	"crypto/rand"

	"postroom/internal/base/ids"
)

type key uint8

const (
	requestKey key = iota
	connectionKey
)

// NewRequest makes a request id in the form that AWS SDKs expect, a UUID.
func NewRequest() string { return ids.NewUUID() }

// NewConnection makes a connection's id: 26 characters, unguessable.
func NewConnection() string { return rand.Text() }

// WithRequest puts the request's id on every line logged with the context.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey, id)
}

// Request is the context's request id, or "".
func Request(ctx context.Context) string { return text(ctx, requestKey) }

// WithConnection puts the connection's id on every line logged with the context.
func WithConnection(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, connectionKey, id)
}

// Connection is the context's connection id, or "".
func Connection(ctx context.Context) string { return text(ctx, connectionKey) }

func text(ctx context.Context, k key) string {
	s, _ := ctx.Value(k).(string)
	return s
}
