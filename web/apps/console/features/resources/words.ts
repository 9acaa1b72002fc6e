import { translator } from "@postroom/i18n";

export const t = translator({
	title: "Resources",
	description:
		"Rooms and equipment with an address. Requests arrive in their mailbox as mail; this server does not answer them yet.",
	called: "{count} resources",
	called_one: "1 resource",
	name: "Resource name",
	type: "Type",
	text: "Description",
	id: "Resource ID",
	filter: "Start of a name or address",
	ROOM: "Room",
	EQUIPMENT: "Equipment",
	roomHelp: "A place to meet",
	equipmentHelp: "A projector, a car or anything else to take along",
	create: "Add resource",
	empty: "A resource is a room or a piece of equipment with an address of its own.",

	disableHelp:
		"It cannot be booked and gets no mail from then on. Its calendar and mail are kept for 30 days: until {date}. Enabling it again before then brings everything back.",
	lostCalendar: "The calendar and mail of {count} resources",
	lostCalendar_one: "Its calendar and mail",
	lostAliases: "{count} addresses",
	lostAliases_one: "1 address",
	lostDelegates: "{count} delegates lose their task; they themselves stay",
	lostDelegates_one: "1 delegate loses the task; the person stays",
	lostPermissions: "{count} permissions on it",
	lostPermissions_one: "1 permission on it",

	createTitle: "Add resource",
	createHelp: "The resource gets mail as soon as it is added. Requests arrive in its mailbox.",
	details: "Resource details",
	nameHelp: "Up to 20 letters, digits, - _ and .",
	nameMissing: "Give the resource a name",
	nameLong: "At most 20 characters",
	nameForm: "Letters, digits, - _ and . only",
	optional: "optional",
	textHelp: "Up to 64 characters: where it is, how many it seats.",
	textLong: "At most 64 characters",
	listedHelp: "Users find the resource when they look for a room.",
	created: "The resource {name} was added. Its address is {email}.",
	half: "The resource is there, but not enabled",
	halfHelp:
		"The resource {name} was created. It is disabled and has no address, so nobody can book it: {why} Change the address above and enable it, delete it again, or leave it as it is.",

	gone: "There is no such resource",
	goneHelp: "It may have been deleted, or the address of this page is mistyped.",
	toResources: "To the resources",
	general: "General",
	booking: "Booking options",
	delegates: "Delegates",
	permissions: "Permissions",
	permissionsHelp:
		"Who may open the mailbox of this resource, or write in its name. Delegates have theirs by being delegates and are not listed here.",
	saved: "The resource {name} was saved.",
	none: "–",
	yes: "Yes",
	no: "No",

	bookingHelp:
		"How {name} is to answer when someone invites it to a meeting. The options are kept; this server does not answer requests yet.",
	accept: "Automatically accept all resource requests",
	acceptHelp: "When off, the delegates are to answer: at least one is needed.",
	acceptNeeds:
		"{name} has no delegate, so nobody would answer its requests. Add a delegate first; then automatic acceptance can be turned off.",
	toDelegates: "Add a delegate",
	recurring: "Automatically decline recurring requests",
	recurringHelp: "A series of meetings is declined whole.",
	conflicting: "Automatically decline conflicting requests",
	conflictingHelp: "A request for a time that is taken is declined.",
	bookingSaved: "The booking options of {name} were saved.",

	delegatesHelp:
		"Who is to answer for this resource. The list is kept; requests arrive in the mailbox of the resource, and this server does not pass them on yet. A group stands for all its members.",
	delegatesAuto:
		"{name} is set to accept all requests automatically. For the delegates to decide, turn off automatic acceptance under Booking options.",
	toBooking: "Booking options",
	delegatesEmpty: "Nobody answers for this resource.",
	delegatesAdd: "Add delegates",
	addHeader: "Add delegates of {name}",
	addThere: "is a delegate",
	added: "{count} delegates of {name} were added.",
	added_one: "1 delegate of {name} was added.",
	removeHeader: "Remove {count} delegates of {name}?",
	removeHeader_one: "Remove 1 delegate of {name}?",
	removeDelegatesHelp: "They no longer answer for this resource: {names}",
	removeLast:
		"{name} is not set to accept requests automatically, so at least one delegate must stay. Turn on automatic acceptance under Booking options first, or add another delegate.",
	removed: "{count} delegates of {name} were removed.",
	removed_one: "1 delegate of {name} was removed.",
});
