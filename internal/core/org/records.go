package org

// DNSRecord is one that a mail domain's owner sets.
type DNSRecord struct{ Type, Hostname, Value string }

// Records are the DNS records of a domain: ownership, MX, autodiscover, SPF and
// DMARC. The test domain's are the operator's.
func (s *Service) Records(d Domain) []DNSRecord {
	spf := "mx"
	if s.Hosts.SPF != "" {
		spf = "include:" + s.Hosts.SPF
	}
	var list []DNSRecord
	if !d.Test {
		list = append(list, DNSRecord{"TXT", OwnershipLabel + "." + d.Name, OwnershipPrefix + d.Token})
	}
	return append(list,
		DNSRecord{"MX", d.Name, "10 " + s.Hosts.Mail},
		DNSRecord{"CNAME", "autodiscover." + d.Name, s.Hosts.Autodiscover},
		DNSRecord{"TXT", d.Name, "v=spf1 " + spf + " ~all"},
		DNSRecord{"TXT", "_dmarc." + d.Name, "v=DMARC1;p=quarantine;pct=100;fo=1"},
	)
}
