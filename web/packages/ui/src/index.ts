/**
 * What the screens of the console are made of, beyond Cloudscape: places in the
 * URL, lists with their five states, notices, errors, confirmations. It knows no
 * operation and no feature.
 */
export { useBusy } from "./busy.ts";
export { CliHint, cliCommand } from "./cli.tsx";
export { ConfirmByName } from "./confirm.tsx";
export { Copyable } from "./copied.tsx";
export { domainName } from "./domain-name.ts";
export { ErrorBox, explain, useProblem } from "./errors.tsx";
export { Link } from "./link.tsx";
export { type Column, type ListPlace, ResourceList, type ResourceListProps, useListPlace } from "./list.tsx";
export { dismissNotice, NoticeBar, notify } from "./notices.tsx";
export { type PartColumn, PartTable } from "./part-table.tsx";
export { adminPasswordPolicy, generatePassword, NewPassword, passwordFaults } from "./password.tsx";
export { go, here, href, leave, match, type Place, useGuard, usePlace, useQuery } from "./place.ts";
export { keep, kept, useKept } from "./preferences.ts";
export { Screen, type ScreenProps, Trail, useTitle } from "./screen.tsx";
