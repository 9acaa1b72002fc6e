import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { ApiError, call, type DescribeEntityResponse } from "@postroom/api";
import { CliHint, cliCommand, href, Link, useBusy, useProblem, useQuery } from "@postroom/ui";
import { type FormEvent, useEffect, useState } from "react";
import { t } from "./words.ts";

const screens: Record<string, string> = { USER: "users", GROUP: "groups", RESOURCE: "resources" };

/** Which user, group or resource has an address. */
export function FindAddress({ region, org, domain }: { region: string; org: string; domain: string }) {
	const [asked, setAsked] = useQuery("address");
	const [email, setEmail] = useState(asked);
	const [strict, setStrict] = useState(false);
	const [answer, setAnswer] = useState<{ email: string; entity?: DescribeEntityResponse }>();
	const [busy, run] = useBusy();
	const problem = useProblem({ email: ["InvalidParameterException", "UnsupportedOperationException"] });
	const whole = /^[^\s@]+@[^\s@]+$/.test(email.trim());
	const ask = () => {
		setStrict(true);
		// What is said of another address is no answer to this one.
		setAnswer(undefined);
		problem.clear();
		if (!whole) return;
		void run(async () => {
			const wanted = email.trim();
			setAsked(wanted);
			try {
				setAnswer({
					email: wanted,
					entity: await call("DescribeEntity", { OrganizationId: org, Email: wanted }, { region }),
				});
			} catch (error) {
				if (error instanceof ApiError && error.code === "EntityNotFoundException") setAnswer({ email: wanted });
				else problem.fail(error);
			}
		});
	};
	// An address in that of the page is asked for at once.
	// biome-ignore lint/correctness/useExhaustiveDependencies: once, as the page opens
	useEffect(() => {
		if (asked) ask();
	}, []);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		ask();
	};
	const kind = answer?.entity?.Type ?? "USER";
	return (
		<Container
			header={
				<Header variant="h2" description={t("findHelp")}>
					{t("find")}
				</Header>
			}
		>
			<form onSubmit={submit}>
				<SpaceBetween size="m">
					<FormField
						label={t("findLabel")}
						errorText={strict && !whole ? t("findMissing", { domain }) : (problem.field("email") ?? problem.rest)}
						secondaryControl={
							<Button formAction="submit" loading={busy}>
								{t("findButton")}
							</Button>
						}
					>
						<Input
							value={email}
							inputMode="email"
							onChange={(e) => setEmail(e.detail.value)}
							autoComplete={false}
							spellcheck={false}
						/>
					</FormField>
					<div aria-live="polite">
						{answer?.entity ? (
							<StatusIndicator type="success">
								{answer.email}:{" "}
								<Link href={href(region, "o", org, screens[kind] ?? "users", answer.entity.EntityId ?? "")}>
									{answer.entity.Name}
								</Link>{" "}
								({t(`kind${kind}`)})
							</StatusIndicator>
						) : (
							answer && <Box>{t("findNone", { email: answer.email })}</Box>
						)}
					</div>
					<CliHint
						commands={[cliCommand(region, "DescribeEntity", { OrganizationId: org, Email: email.trim() || "ADDRESS" })]}
					/>
				</SpaceBetween>
			</form>
		</Container>
	);
}
