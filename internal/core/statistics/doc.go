// Package statistics counts what an organization's overview shows: mail in, out
// and refused, sign-ins, storage and users over time. Counting is adding to a
// number in memory; what was counted is written behind, each few seconds and at
// the end, so that no delivery and no sign-in waits for it.
//
// It refuses to be exact where that costs: a crash loses the last interval of
// Flush, and what is counted belongs to the hour in which it is written. It
// keeps nothing of single messages or people.
package statistics
