// Package dirtest is the contract of directory.Source and directory.Writer: a
// suite that runs on every directory that ships, through core/directory, and
// kills each step of a change. Foreign is a directory outside our store for
// tests, kept in memory. The package is for tests alone.
package dirtest
