// Package storetest has the contracts of what store keeps for core: each suite
// runs on every implementation that ships. It refuses to know which one it got.
package storetest
