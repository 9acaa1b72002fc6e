// Package netx is the network's edge: a dialer that looks at the address it
// really connects to, and listeners that bound how many connections there are
// and how long each may be idle. It refuses, unless told otherwise, to connect
// to this machine and to private networks, whatever name led there. It knows no
// protocol.
package netx
