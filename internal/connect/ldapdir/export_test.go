package ldapdir

// RangeOf makes Active Directory tell members in ranges of n, as Windows does of 1,500.
func RangeOf(r *Reader, n int) { r.step = n }

// RDN is the first part of a new entry's DN.
func RDN(attribute, value string) string { return rdn(attribute, value) }

// Several is a number of things in words.
func Several(n int, one string) string { return several(n, one) }
