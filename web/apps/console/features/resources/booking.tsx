import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { call } from "@postroom/api";
import { may } from "@postroom/session";
import { CliHint, cliCommand, go, isConflict, notify, useBusy, useDraft, useGuard, useProblem } from "@postroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { type Seen, useDelegates } from "./data.ts";
import type { PartProps } from "./page.tsx";
import { t } from "./words.ts";

interface Booking {
	accept: boolean;
	recurring: boolean;
	conflicting: boolean;
}

const bookingOf = ({ resource, etag }: Seen) => ({
	value: {
		accept: resource.BookingOptions?.AutoAcceptRequests ?? false,
		recurring: resource.BookingOptions?.AutoDeclineRecurringRequests ?? false,
		conflicting: resource.BookingOptions?.AutoDeclineConflictingRequests ?? false,
	} satisfies Booking,
	etag,
});

const switches = ["accept", "recurring", "conflicting"] as const;

/** How the resource answers requests: by itself, or by its delegates. */
export default function BookingOptions({ region, org, id, seen }: PartProps) {
	const at = { region, org };
	const client = useQueryClient();
	const form = useDraft<Booking>(bookingOf(seen));
	const delegates = useDelegates(at, id);
	const [busy, run] = useBusy();
	const problem = useProblem({ accept: ["InvalidConfigurationException"] });
	useGuard(form.changed.length > 0 ? t("unsaved") : undefined);
	const { draft } = form;
	const name = seen.resource.Name ?? "";
	const change = may("UpdateResource");
	const alone = !draft.accept && delegates.data?.length === 0;
	const input = {
		OrganizationId: org,
		ResourceId: id,
		BookingOptions: {
			AutoAcceptRequests: draft.accept,
			AutoDeclineRecurringRequests: draft.recurring,
			AutoDeclineConflictingRequests: draft.conflicting,
		},
	};
	const newest = async () => {
		await client.invalidateQueries({ queryKey: [region, org] });
		const now = client.getQueryData<Seen>([region, org, "resource", id]);
		if (now) form.rebase(bookingOf(now));
	};
	const save = () =>
		run(async () => {
			problem.clear();
			if (alone) return;
			try {
				if (form.changed.length > 0) await call("UpdateResource", input, { region, ifMatch: form.etag });
				await newest();
				notify({ type: "success", content: t("bookingSaved", { name }) });
			} catch (error) {
				problem.fail(error);
				if (isConflict(error)) await newest();
			}
		});
	const submit = (event: FormEvent) => {
		event.preventDefault();
		void save();
	};
	const help = { accept: "acceptHelp", recurring: "recurringHelp", conflicting: "conflictingHelp" } as const;
	return (
		<SpaceBetween size="l">
			<form onSubmit={submit}>
				<Container
					header={
						<Header variant="h2" description={t("bookingHelp", { name })}>
							{t("booking")}
						</Header>
					}
				>
					<Form
						errorText={problem.rest}
						actions={
							change && (
								<Button formAction="submit" variant="primary" loading={busy} disabled={alone}>
									{t("save")}
								</Button>
							)
						}
					>
						<SpaceBetween size="m">
							{switches.map((key) => (
								<FormField
									key={key}
									errorText={key === "accept" ? problem.field("accept") : undefined}
									constraintText={
										form.theirs[key] === undefined
											? undefined
											: t("theirs", { value: t(form.theirs[key] ? "yes" : "no") })
									}
								>
									<Checkbox
										checked={draft[key]}
										disabled={!change}
										description={t(help[key])}
										onChange={({ detail }) => {
											form.set({ [key]: detail.checked });
											problem.clear();
										}}
									>
										{t(key)}
									</Checkbox>
								</FormField>
							))}
							{alone && (
								<Alert
									type="warning"
									action={
										<Button formAction="none" onClick={() => go(`${window.location.pathname}?tab=delegates`)}>
											{t("toDelegates")}
										</Button>
									}
								>
									{t("acceptNeeds", { name })}
								</Alert>
							)}
						</SpaceBetween>
					</Form>
				</Container>
			</form>
			<CliHint commands={[cliCommand(region, "UpdateResource", input)]} />
		</SpaceBetween>
	);
}
