package ldapdir

import "strings"

// own are attributes, in lower case, by which a directory decides who may do
// what, knows its entries, or keeps secrets. A detail is written by whom Postroom
// lets edit users, and read by all who see the address book: it is none of them.
var own = setOf(`
	unicodepwd dbcspwd lmpwdhistory ntpwdhistory supplementalcredentials userpassword userpkcs12 authpassword krbprincipalkey
	krbprincipalname krbextradata krbcanonicalname krbprincipalaliases ipanthash ipantsecurityidentifier ipatokenradiussecret
	useraccountcontrol pwdlastset accountexpires lockouttime lockoutduration badpwdcount badpasswordtime admincount
	useraccountdisabled logonhours userworkstations logonworkstation lastlogon lastlogontimestamp lastlogoff logoncount
	scriptpath profilepath homedirectory homedrive userparameters controlaccessrights
	serviceprincipalname userprincipalname samaccountname samaccounttype altsecurityidentities usercertificate usersmimecertificate
	sidhistory objectsid objectguid objectclass objectcategory ntsecuritydescriptor primarygroupid tokengroups grouptype
	iscriticalsystemobject systemflags instancetype distinguishedname name cn ou dc rdn uid entryuuid entrydn entrycsn
	nsuniqueid nsaccountlock nsrole nsroledn ipauniqueid loginshell gidnumber uidnumber unixhomedirectory memberuid
	member memberof uniquemember owner manager managedby directreports managedobjects seealso authorizedservice host
	subschemasubentry creatorsname modifiersname createtimestamp modifytimestamp structuralobjectclass hassubordinates
	whencreated whenchanged usncreated usnchanged isdeleted isrecycled lastknownparent replpropertymetadata
	aci aclrights olcaccess authzto authzfrom saslauthzto saslauthzfrom sshpublickey sudouser sudocommand sudorunasuser
	loginallowednthosts logindisabled orclpassword gppcfilesyspath gplink gpoptions
	legacyexchangedn targetaddress msexchmasteraccountsid
	homemdb homemta protocolsettings
	publicdelegates`)

// ownPrefixes begin families of them.
var ownPrefixes = []string{"msds-", "ms-ds-", "ms-mcs-", "mslaps-", "mspki-", "mspki", "msts", "msexchmailboxsecuritydescriptor", "pwd", "ds-pwp-",
	"ds-privilege", "krb", "ipant", "samba", "nsaccount", "nsrole", "password", "shadow", "radius", "sudo", "trust", "olc", "authz"}

// exceptions are what one of ours is for. The first four are never written by its map.
var exceptions = map[string]map[string]bool{
	attrKey:         setOf("entryuuid nsuniqueid ipauniqueid objectguid uid uidnumber cn samaccountname userprincipalname"),
	attrName:        setOf("uid cn samaccountname userprincipalname name"),
	attrUPN:         setOf("userprincipalname krbprincipalname uid"),
	attrPasswordSet: setOf("pwdlastset pwdchangedtime krblastpwdchange shadowlastchange sambapwdlastset passwordexpirationtime pwdupdatetime"),
	attrDisplayName: setOf("cn"),
	attrMembers:     setOf("member uniquemember"),
}

// allowed tells whether the attribute map may give an attribute of the directory for one of ours.
func allowed(ours, theirs string) bool {
	theirs = strings.ToLower(theirs)
	if exceptions[ours][theirs] {
		return true
	}
	if own[theirs] {
		return false
	}
	for _, p := range ownPrefixes {
		if strings.HasPrefix(theirs, p) {
			return false
		}
	}
	return true
}

func setOf(text string) map[string]bool {
	set := map[string]bool{}
	for _, one := range strings.Fields(text) {
		set[one] = true
	}
	return set
}
