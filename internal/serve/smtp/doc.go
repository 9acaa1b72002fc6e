// Package smtp is the SMTP head: the port for other servers (MX) and the two
// for signed-in users (submission, submissions). It speaks RFC 5321 with
// PIPELINING, SIZE, 8BITMIME, ENHANCEDSTATUSCODES, CHUNKING, STARTTLS and AUTH,
// and hands what it read to core/mailflow and core/delivery.
//
// It is strict where leniency lets two readers see two messages: a line ends in
// CRLF and nothing else, DATA ends at CRLF.CRLF and nowhere else, a message with
// a bare CR, a bare LF or a NUL is refused whole, and who talks before his turn
// is cut off. It refuses to relay for strangers, to take a password outside
// TLS, and to guess.
package smtp
