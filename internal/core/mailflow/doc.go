// Package mailflow decides where mail goes: it resolves a recipient to a
// mailbox, a group, another region or the world outside, checks who may send as
// whom, and keeps the durable queue of what cannot be delivered at once.
//
// It refuses to relay for strangers, to put anything into a folder itself
// (core/delivery does), and to speak SMTP to other servers: foreign mail waits
// in the queue for a transport.
package mailflow
