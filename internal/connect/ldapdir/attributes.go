package ldapdir

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"postroom/internal/core/directory"
)

// attributes maps ours to the directory's. An empty one is neither read nor written.
type attributes map[string]string

// The words of Settings.Attributes.
const (
	attrKey         = "key" // what an entry is matched by; LDAP only, AD has objectGUID
	attrName        = "name"
	attrDisplayName = "displayName"
	attrFirstName   = "firstName"
	attrLastName    = "lastName"
	attrInitials    = "initials"
	attrTelephone   = "telephone"
	attrStreet      = "street"
	attrJobTitle    = "jobTitle"
	attrCity        = "city"
	attrCompany     = "company"
	attrZipCode     = "zipCode"
	attrDepartment  = "department"
	attrCountry     = "country"
	attrOffice      = "office"
	attrMail        = "mail"
	attrAddresses   = "addresses" // values smtp:…, SMTP:…, x500:…, or bare addresses
	attrHidden      = "hidden"    // TRUE or FALSE
	attrUPN         = "userPrincipalName"
	attrPasswordSet = "passwordSet"
	attrMembers     = "members" // one or more names, parted by commas
)

// Preset is the attribute map of a kind before Settings.Attributes: ours to the
// directory's, "" for what it has no attribute for. The caller may change it.
func Preset(k directory.DirectoryKind) map[string]string { return preset(k != directory.LDAP) }

func preset(ad bool) attributes {
	if ad {
		return attributes{
			attrName: "sAMAccountName", attrDisplayName: "displayName", attrFirstName: "givenName", attrLastName: "sn",
			attrInitials: "initials", attrTelephone: "telephoneNumber", attrStreet: "streetAddress", attrJobTitle: "title",
			attrCity: "l", attrCompany: "company", attrZipCode: "postalCode", attrDepartment: "department", attrCountry: "co",
			attrOffice: "physicalDeliveryOfficeName", attrMail: "mail", attrAddresses: "proxyAddresses",
			attrHidden: "msExchHideFromAddressLists", attrUPN: "userPrincipalName", attrPasswordSet: "pwdLastSet", attrMembers: "member",
		}
	}
	return attributes{
		attrKey: "entryUUID", attrName: "uid", attrDisplayName: "displayName", attrFirstName: "givenName", attrLastName: "sn",
		attrInitials: "initials", attrTelephone: "telephoneNumber", attrStreet: "street", attrJobTitle: "title",
		attrCity: "l", attrCompany: "o", attrZipCode: "postalCode", attrDepartment: "departmentNumber",
		attrOffice: "physicalDeliveryOfficeName", attrMail: "mail", attrPasswordSet: "pwdChangedTime", attrMembers: "member,uniqueMember",
		attrCountry: "", attrAddresses: "", attrHidden: "", attrUPN: "",
	}
}

// attributeForm is a short name of RFC 4512 §1.4, without options. Its number
// would be another name of an attribute that is not allowed.
var attributeForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,63}$`)

func merge(base attributes, over map[string]string) (attributes, error) {
	for _, ours := range slices.Sorted(maps.Keys(over)) {
		theirs := strings.TrimSpace(over[ours])
		if _, known := base[ours]; !known {
			return nil, fmt.Errorf("The attribute map has %q, which is none of %s", ours, strings.Join(slices.Sorted(maps.Keys(base)), ", "))
		}
		if theirs == "" && (ours == attrName || ours == attrKey) {
			return nil, fmt.Errorf("The attribute map gives no attribute for %s", ours)
		}
		for one := range strings.SplitSeq(theirs, ",") {
			if theirs != "" && !attributeForm.MatchString(one) || ours != attrMembers && strings.Contains(theirs, ",") {
				return nil, fmt.Errorf("The attribute map gives %q for %s, which is no name of an attribute", theirs, ours)
			}
			if theirs != "" && !allowed(ours, one) {
				return nil, fmt.Errorf("The attribute map gives %q for %s, which is an attribute of the directory's own security or working and no such detail", one, ours)
			}
		}
		base[ours] = theirs
	}
	return base, nil
}

// members are the attributes that have a group's members.
func (a attributes) members() []string {
	if a[attrMembers] == "" {
		return nil
	}
	return strings.Split(a[attrMembers], ",")
}

// details are those of directory.Details, in the order of fields.
var details = []string{
	attrFirstName, attrLastName, attrInitials, attrTelephone, attrStreet, attrJobTitle,
	attrCity, attrCompany, attrZipCode, attrDepartment, attrCountry, attrOffice,
}

// read are the attributes of an identity.
func (c *config) read() []string {
	list := []string{"objectClass"}
	for ours, theirs := range c.names {
		if theirs != "" && ours != attrMembers {
			list = append(list, theirs)
		}
	}
	if c.ad {
		list = append(list, "objectGUID", "objectSid", "userAccountControl", "accountExpires", "isCriticalSystemObject", "servicePrincipalName")
		for _, m := range c.names.members() {
			list = append(list, c.rangeFrom(m, 0))
		}
	} else {
		list = append(list, "pwdAccountLockedTime", "nsAccountLock")
		list = append(list, c.names.members()...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
