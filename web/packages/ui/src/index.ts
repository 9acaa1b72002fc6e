/**
 * What the screens of the console are made of, beyond Cloudscape: places in the
 * URL, lists with their five states, notices, errors, confirmations; and what the
 * screens of users, groups and resources have in common (entry-*), which alone
 * knows operations. It knows no feature.
 */
export { AccessKeys, accessKeysKey, useAccessKeys } from "./access-keys.tsx";
export { type Action, ActionButtons } from "./actions.tsx";
export { AddressesEditor } from "./addresses.tsx";
export { AuditOutcome } from "./audit-outcome.tsx";
export { BreakableText } from "./breakable-text.tsx";
export { useBusy } from "./busy.ts";
export { CliHint } from "./cli.tsx";
export { cliCommand } from "./cli-command.ts";
export { ClientSettingsTable, clientSettingsText } from "./client-settings.tsx";
export { codesIn } from "./codes.ts";
export { CodesFilter } from "./codes-filter.tsx";
export { ConfirmByName, ConfirmLabel, Counting } from "./confirm.tsx";
export { Copyable } from "./copied.tsx";
export { Dialog } from "./dialog.tsx";
export {
	isForeign,
	useDirectories,
	useDirectory,
	useDirectorySync,
	useOrganization,
} from "./directory.ts";
export { DirectoryPhase, DirectoryReading, kindName } from "./directory-phase.tsx";
export { domainName } from "./domain-name.ts";
export { isConflict, type Read } from "./draft.ts";
export { type Email, EmailField, emailFault, emailOf, emailText, useAddressCheck } from "./email-field.tsx";
export { EnableDialog } from "./enable-dialog.tsx";
export { type Entry, type EntryWork, type Loss, tagOf } from "./entry-actions.tsx";
export { EntryCreate } from "./entry-create.tsx";
export { EditForm, useEdit } from "./entry-edit.tsx";
export { type EntryKind, firstEntries, firstEntry } from "./entry-find.ts";
export { EntryGeneral, ListedField, theirsNote } from "./entry-general.tsx";
export { EntryList } from "./entry-list.tsx";
export { EntryAudit, EntryPage, type EntryPart } from "./entry-page.tsx";
export { EntryPeople, membersOf, type PeopleInput, type PeoplePage } from "./entry-people.tsx";
export { EntryPermissions } from "./entry-permissions.tsx";
export { EntryHead } from "./entry-state.tsx";
export { useEntryWork } from "./entry-work.tsx";
export { ErrorBox, explain, isMissing, Unreachable, useProblem, useTries } from "./errors.tsx";
export { focusFaults } from "./focus.ts";
export { whenIdle } from "./idle.ts";
export { Late, late, lateDialog, latePart, Waiting } from "./late.tsx";
export { arrived, type LateCode, lateCode } from "./late-code.ts";
export { LeaveQuestion } from "./leave-question.tsx";
export { Link } from "./link.tsx";
export { ResourceList } from "./list.tsx";
export { type ListView, listViewIn, useListPlace } from "./list-place.ts";
export { ManyOutcome, type Outcome, undone, useMany } from "./many.tsx";
export { Missing } from "./missing.tsx";
export { namesOf } from "./names.ts";
export { useNarrow } from "./narrow.ts";
export { clearNotices, dismissNotice, leaveNotices, NoticeBar, notify } from "./notices.tsx";
export { OrganizationState } from "./organization-state.tsx";
export { Pages } from "./pages.tsx";
export { PartTable } from "./part-table.tsx";
export { adminPasswordPolicy, generatePassword, isGenerated, NewPassword, type PasswordPolicy } from "./password.tsx";
export { useHasPassword, usePasswordPolicy } from "./password-policy.ts";
export { AddPeople } from "./people-dialogs.tsx";
export { percent } from "./percent.ts";
export { PeoplePicker, titleOf } from "./picker.tsx";
export {
	go,
	here,
	href,
	isGuarded,
	leave,
	match,
	type Place,
	placeOf,
	unlessGuarded,
	useGuard,
	usePageNumber,
	usePlace,
	useQuery,
	valueIn,
} from "./place.ts";
export { keep, kept } from "./preferences.ts";
export { Paper } from "./print.ts";
export { ProposeFrom } from "./propose-from.tsx";
export { randomId } from "./random-id.ts";
export { Screen, Trail, usePageTitle, useTitle } from "./screen.tsx";
export { useSecret } from "./secret.ts";
export { Sessions, useSessions } from "./sessions.tsx";
export { useStacked } from "./stacked.tsx";
export { useDomains } from "./verified-domains.ts";
export { WaitingDomains } from "./waiting-domains.tsx";
export { useWholeList } from "./whole-list.ts";
