// Package app is the composition root: it alone knows which store, which
// directory and which heads run, and makes one value of them that can be started
// twice in one test. It refuses to hold rules of its own.
package app
