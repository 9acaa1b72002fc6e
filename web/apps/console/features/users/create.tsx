import Wizard from "@cloudscape-design/components/wizard";
import { ApiError, call } from "@postroom/api";
import { ended, may } from "@postroom/session";
import {
	CliHint,
	cliCommand,
	explain,
	go,
	href,
	isGenerated,
	Missing,
	namesOf,
	useBusy,
	useDirectory,
	useGuard,
	usePasswordPolicy,
	usePlace,
	useTitle,
	useTries,
} from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { AddressStep } from "./create-address.tsx";
import { DetailsStep } from "./create-details.tsx";
import {
	addressOf,
	type Draft,
	displayOf,
	dropDraft,
	type Faults,
	faultsOf,
	keepDraft,
	keptDraft,
	nameOf,
	untouched,
} from "./draft.ts";
import Result, { type Handed } from "./result.tsx";
import { t } from "./words.ts";

/** The flow "Creating new users": its steps are steps of the browser's history too. */
export default function CreateUser({ region, org }: { region: string; org: string }) {
	const { query } = usePlace();
	const made = query.get("made");
	const { fixed } = useDirectory({ region, org });
	// In memory alone, from the last step until the reader leaves: neither a step back nor the next user loses one.
	const [handed, setHanded] = useState<readonly Handed[]>([]);
	const left = handed.filter((h) => !h.taken && isGenerated(h.password));
	useGuard(left.length > 0 ? t("passwordsLost", { names: namesOf(left.map((h) => h.name)) }) : undefined);
	if (!made && fixed)
		return (
			<Missing
				title={t("createTitle")}
				help={fixed}
				to={{ text: t("toUsers"), href: href(region, "o", org, "users") }}
			/>
		);
	return made ? (
		<Result
			region={region}
			org={org}
			id={made}
			handed={handed}
			taken={(id) => setHanded((all) => all.map((h) => (h.id === id ? { ...h, taken: true } : h)))}
			forget={() => setHanded([])}
		/>
	) : (
		<Steps region={region} org={org} hand={(user) => setHanded((all) => [...all, user])} key="steps" />
	);
}

/** The refusals that belong to a field, by exception or by what the text names. */
const fields: readonly [keyof Faults, readonly (string | RegExp)[]][] = [
	["password", ["InvalidPasswordException", /password/i]],
	[
		"email",
		["EmailAddressInUseException", "MailDomainStateException", "MailDomainNotFoundException", /address|mail domain/i],
	],
	["displayName", [/display name/i]],
	["firstName", [/first name/i]],
	["lastName", [/last name/i]],
	["name", ["NameAvailabilityException", "ReservedNameException", /name/i]],
];

const inDetails: readonly (keyof Faults)[] = ["name", "displayName", "firstName", "lastName"];

function Steps(props: { region: string; org: string; hand: (user: Handed) => void }) {
	const { region, org } = props;
	useTitle(t("createTitle"));
	const address = href(region, "o", org, "users", "new");
	const { query } = usePlace();
	const [draft, setDraft] = useState<Draft>(() => keptDraft(org));
	const [strict, setStrict] = useState({ details: false, address: false });
	const [refused, setRefused] = useState<Faults>({});
	const tries = useTries();
	const [rest, setRest] = useState<string>();
	const [busy, run] = useBusy();
	const client = useQueryClient();
	const policy = usePasswordPolicy({ region, org });
	const [finished, setFinished] = useState(false);
	useGuard(finished || untouched(draft) ? undefined : t("leaveQuestion"));
	useEffect(() => keepDraft(org, draft), [org, draft]);

	const faults = faultsOf(draft);
	const sound = inDetails.every((f) => !faults[f]);
	const step = query.get("step") === "2" && sound ? 1 : 0;
	const show = (n: number) => go(n === 1 ? `${address}?step=2` : address, { unguarded: true });
	const change = (part: Partial<Draft>) => {
		setDraft((old) => ({ ...old, ...part }));
		// What is typed anew was not refused yet.
		setRefused((old) => Object.fromEntries(Object.entries(old).filter(([f]) => !touched(part, f))));
		setRest(undefined);
	};
	const toAddress = () =>
		run(async () => {
			setStrict((s) => ({ ...s, details: true }));
			if (!sound) return;
			const error = await nameRefusal(region, org, nameOf(draft));
			if (error) refuse(error);
			else show(1);
		});
	const input = () => ({
		OrganizationId: org,
		Name: nameOf(draft),
		DisplayName: displayOf(draft),
		FirstName: draft.firstName.trim() || undefined,
		LastName: draft.lastName.trim() || undefined,
		Email: addressOf(draft) || undefined,
		Password: draft.remote ? undefined : draft.password,
		HiddenFromGlobalAddressList: draft.listed ? undefined : true,
		Role: draft.remote ? ("REMOTE_USER" as const) : undefined,
	});
	const add = () =>
		run(async () => {
			setStrict({ details: true, address: true });
			if (!sound) return show(0);
			if (faults.email || (!draft.remote && (policy.faults(draft.password) || draft.password !== draft.repeated)))
				return;
			setRefused({});
			setRest(undefined);
			try {
				const { UserId } = await call("CreateUserWithMailbox", input(), { region });
				setFinished(true);
				if (!draft.remote)
					props.hand({ id: UserId ?? "", name: nameOf(draft), password: draft.password, taken: false });
				dropDraft(org);
				await client.invalidateQueries({ queryKey: [region, org] });
				go(`${address}?made=${encodeURIComponent(UserId ?? "")}`, { replace: true, unguarded: true });
			} catch (error) {
				refuse(error);
			}
		});
	const refuse = (error: unknown) => {
		if (ended(error)) return;
		const field =
			error instanceof ApiError && error.status === 400
				? fields.find(([, wants]) =>
						wants.some((w) => (typeof w === "string" ? w === error.code : w.test(error.message))),
					)?.[0]
				: undefined;
		const text = `${explain(error)} ${tries.heard(error)}`.trim();
		if (!field) return setRest(text);
		setRefused({ [field]: text });
		if (inDetails.includes(field)) show(0);
	};
	const shown = (step: "details" | "address"): Faults => ({ ...(strict[step] ? faults : {}), ...refused });
	return (
		<>
			<Wizard
				activeStepIndex={step}
				isLoadingNextStep={busy}
				onCancel={() => {
					go(href(region, "o", org, "users"), { left: () => dropDraft(org) });
				}}
				onNavigate={({ detail }) => (detail.requestedStepIndex === 1 ? void toAddress() : show(0))}
				onSubmit={() => void add()}
				submitButtonText={t("addUser")}
				i18nStrings={{
					stepNumberLabel: (n) => t("step", { n }),
					collapsedStepsLabel: (n, count) => t("steps", { n, count }),
					skipToButtonLabel: (s) => t("skipTo", { title: s.title }),
					navigationAriaLabel: t("stepsLabel"),
					cancelButton: t("cancel"),
					previousButton: t("previous"),
					nextButton: t("next"),
					submitButtonLoadingAnnouncement: t("adding"),
					optional: t("optional"),
				}}
				steps={[
					{
						title: t("detailsTitle"),
						description: t("detailsHelp"),
						errorText: Object.keys(refused).some((f) => inDetails.includes(f as keyof Faults))
							? t("problemStep")
							: undefined,
						content: (
							<DetailsStep
								region={region}
								org={org}
								draft={draft}
								change={change}
								faults={shown("details")}
								next={() => void toAddress()}
							/>
						),
					},
					{
						title: t("addressTitle"),
						description: t("addressHelp"),
						errorText: rest,
						content: (
							<AddressStep
								region={region}
								org={org}
								draft={draft}
								change={change}
								faults={shown("address")}
								strict={strict.address}
								policy={policy}
								submit={() => void add()}
							/>
						),
					},
				]}
			/>
			<CliHint commands={[cliCommand(region, "CreateUserWithMailbox", input())]} />
		</>
	);
}

/** Why no user can have a name: it is taken or reserved. Undefined also where that cannot be asked, since the last step tells. */
async function nameRefusal(region: string, org: string, name: string): Promise<unknown> {
	if (!may("ImportUsers")) return undefined;
	const row = { Line: 1, Name: name, DisplayName: name };
	try {
		const asked = { OrganizationId: org, ImportId: `check-${Date.now()}`, Rows: [row], DryRun: true };
		const { Results } = await call("ImportUsers", asked, { region });
		const { Status, ErrorCode = "", Message = "" } = Results?.[0] ?? {};
		if (Status === "EXISTS_BEFORE") return new ApiError("NameAvailabilityException", t("nameTaken", { name }), 400, "");
		return Status === "REFUSED" ? new ApiError(ErrorCode, Message, 400, "") : undefined;
	} catch (error) {
		return ended(error) ? error : undefined;
	}
}

/** Whether a change is about a field that was refused. */
const touched = (part: Partial<Draft>, field: string): boolean =>
	field in part || (field === "email" && ("local" in part || "domain" in part || "remote" in part));
