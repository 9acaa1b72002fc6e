// Package auth says who calls. It signs in mail users and administrators, keeps
// administrators, access keys, sessions and the list of regions in the
// deployment store, bounds guessing, and ends what a changed, disabled or
// revoked credential has opened. Only this package makes an Actor.
//
// It refuses to tell why a sign-in failed, to hand an administrator more rights
// than the one who acts has, and to remember a password.
package auth
