// Package cli is the postroom command: it starts the server, runs the
// operator's commands on the machine, and is a client of the administration API.
// Each command says in one line what to do when it fails. It refuses to take a
// password as an argument, where every user of the machine could read it, and
// decides nothing that the server decides.
package cli
