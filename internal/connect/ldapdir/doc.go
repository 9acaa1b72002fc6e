// Package ldapdir is a directory on other machines that speaks LDAP: Simple AD,
// managed Active Directory, and generic LDAP directories such as OpenLDAP. It
// reads users and groups in pages, tells what changed, proves passwords by
// binding, and changes entries where it may. It refuses to send anything over a
// connection without TLS, to follow referrals, to bind with an empty password,
// and to build a filter from text that is not escaped. It keeps no identity and
// no password, and knows neither our store nor our names.
package ldapdir
