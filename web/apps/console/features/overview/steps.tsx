import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { call } from "@postroom/api";
import { may } from "@postroom/session";
import { href, Link } from "@postroom/ui";
import { useQuery } from "@tanstack/react-query";
import { t } from "./words.ts";

/** What the first page of the organization's domains and users says about how far it is. */
async function look(region: string, org: string) {
	const [domains, users] = await Promise.all([
		call("FindMailDomains", { OrganizationId: org, MaxResults: 10 }, { region }),
		call("ListUsers", { OrganizationId: org, MaxResults: 10, Filters: { State: "ENABLED" } }, { region }),
	]);
	const own = (domains.MailDomains ?? [])
		.map((d) => ({ ...d, name: d.DomainName ?? "" }))
		.filter((d) => !d.IsTestDomain);
	return { own, hasUsers: (users.Users?.length ?? 0) > 0 };
}

interface Step {
	done: boolean;
	text: string;
	help: string;
	to: string;
}

/** The steps that are left; nothing once all are done. */
export function FirstSteps(props: { region: string; org: string; defaultDomain: string; foreign: boolean }) {
	const { region, org, defaultDomain, foreign } = props;
	const { data } = useQuery({ queryKey: [region, org, "first-steps"], queryFn: () => look(region, org) });
	if (!data || !may("CreateUser")) return null;
	const domains = href(region, "o", org, "domains");
	const steps: Step[] = [
		{
			done: data.own.length > 0,
			text: t("stepDomain"),
			help: t("stepDomainHelp", { domain: defaultDomain }),
			to: `${domains}?add=1`,
		},
	];
	for (const d of data.own.filter((o) => o.State !== "VERIFIED"))
		steps.push({
			done: false,
			text: t("stepVerify", { domain: d.name }),
			help: t("stepVerifyHelp"),
			to: href(region, "o", org, "domains", d.name),
		});
	const verified = data.own.filter((d) => d.State === "VERIFIED");
	const first = verified[0];
	if (first && !verified.some((d) => d.IsDefault))
		steps.push({
			done: false,
			text: t("stepDefault"),
			help: t("stepDefaultHelp", { domain: first.name }),
			to: href(region, "o", org, "domains", first.name),
		});
	steps.push({
		done: data.hasUsers,
		text: t(foreign ? "stepEnable" : "stepUsers"),
		help: t(foreign ? "stepEnableHelp" : "stepUsersHelp"),
		to: foreign ? href(region, "o", org, "users") : href(region, "o", org, "users", "new"),
	});
	if (steps.every((s) => s.done)) return null;
	return (
		<Container
			header={
				<Header variant="h2" description={t("stepsHelp")}>
					{t("steps")}
				</Header>
			}
		>
			<SpaceBetween size="m">
				{steps.map((step) => (
					<div key={step.text}>
						<StatusIndicator type={step.done ? "success" : "pending"}>{t(step.done ? "done" : "open")}</StatusIndicator>
						<div>{step.done ? step.text : <Link href={step.to}>{step.text}</Link>}</div>
						{!step.done && (
							<Box variant="small" color="text-body-secondary">
								{step.help}
							</Box>
						)}
					</div>
				))}
			</SpaceBetween>
		</Container>
	);
}
