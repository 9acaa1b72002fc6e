import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import LiveRegion from "@cloudscape-design/components/live-region";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import type { DirectorySample, DirectoryTestOutcome, DirectoryTestStep, TestDirectoryRequest } from "@postroom/api";
import { useBusy, useStacked } from "@postroom/ui";
import { useEffect, useRef, useState } from "react";
import { testDirectory } from "./data.ts";
import { t } from "./words.ts";

/** A test that ran or runs, and what was tried. */
export interface Tried {
	busy: boolean;
	steps: readonly DirectoryTestStep[] | undefined;
	/** Whether it was about what is typed now. */
	current: boolean;
	run: () => Promise<void>;
}

/** Tries settings out; what the server takes for no settings at all goes to `fail`. */
export function useTest(region: string, input: TestDirectoryRequest, fail: (error: unknown) => void): Tried {
	const [busy, run] = useBusy();
	const [tried, setTried] = useState<{ of: string; steps: readonly DirectoryTestStep[] }>();
	const of = JSON.stringify(input);
	return {
		busy,
		steps: tried?.steps,
		current: tried?.of === of,
		run: async () => {
			await run(async () => {
				try {
					setTried({ of, steps: await testDirectory(region, input) });
				} catch (error) {
					fail(error);
				}
			});
		},
	};
}

const signs: Readonly<Record<DirectoryTestOutcome, StatusIndicatorProps.Type>> = {
	OK: "success",
	WARNING: "warning",
	FAILED: "error",
	SKIPPED: "stopped",
};

const names = ["RESOLVE", "CONNECT", "TLS", "BIND", "BASE", "READ", "SAMPLE", "CHANGES", "WRITE", "POLICY"] as const;

/** What people call a step; one that a newer server tries is named as it says. */
export function stepName(name: string | undefined): string {
	const known = names.find((n) => n === name);
	return known ? t(known) : (name ?? "");
}

/** Beside our word stands the one of the API and the command line. */
function Step({ name }: { name: string | undefined }) {
	return (
		<>
			{stepName(name)} <Box variant="small">{name}</Box>
		</>
	);
}

/** The steps of a test with what was seen, what to do, and the sample. */
export function TestSteps({ test }: { test: Tried }) {
	const stacked = useStacked();
	const { steps, busy } = test;
	// The button is far above or below: what comes of it is led into sight.
	const top = useRef<HTMLDivElement>(null);
	// biome-ignore lint/correctness/useExhaustiveDependencies: when it begins, and when it has ended
	useEffect(() => {
		top.current?.scrollIntoView({ block: "center" });
	}, [busy, steps]);
	if (busy)
		return (
			<div ref={top}>
				<LiveRegion>
					<StatusIndicator type="in-progress">{t("testing")}</StatusIndicator>
				</LiveRegion>
			</div>
		);
	if (!steps) return null;
	const sample = steps.flatMap((s) => s.Sample ?? []);
	return (
		<SpaceBetween size="m">
			<div ref={top}>
				<LiveRegion>
					<Verdict steps={steps} current={test.current} />
				</LiveRegion>
			</div>
			<Table<DirectoryTestStep>
				variant="embedded"
				wrapLines
				items={steps}
				header={<Header variant="h3">{t("testTitle")}</Header>}
				ariaLabels={{ tableLabel: t("testTitle") }}
				columnDefinitions={stacked<DirectoryTestStep>([
					{ id: "step", header: t("step"), isRowHeader: true, minWidth: 140, cell: (s) => <Step name={s.Name} /> },
					{
						id: "outcome",
						header: t("outcome"),
						minWidth: 140,
						cell: (s) => {
							const outcome = s.Outcome ?? "SKIPPED";
							return <StatusIndicator type={signs[outcome]}>{t(outcome)}</StatusIndicator>;
						},
					},
					{
						id: "seen",
						header: t("seen"),
						minWidth: 280,
						cell: (s) => (
							<SpaceBetween size="xxs">
								<div>{s.Server ? `${s.Server}: ${s.Text ?? ""}` : s.Text}</div>
								{s.Advice && <Box color="text-body-secondary">{t("advice", { text: s.Advice })}</Box>}
							</SpaceBetween>
						),
					},
				])}
			/>
			{sample.length > 0 && <Sample sample={sample} />}
		</SpaceBetween>
	);
}

function Verdict({ steps, current }: { steps: readonly DirectoryTestStep[]; current: boolean }) {
	const failed = steps.some((s) => s.Outcome === "FAILED");
	const warned = steps.some((s) => s.Outcome === "WARNING");
	const type = failed ? "error" : warned ? "warning" : "success";
	return (
		<Alert type={current ? type : "info"}>
			{t(!current ? "testOld" : failed ? "testFailed" : warned ? "testWarning" : "testOk")}
		</Alert>
	);
}

function Sample({ sample }: { sample: readonly DirectorySample[] }) {
	const stacked = useStacked();
	return (
		<Table<DirectorySample>
			variant="embedded"
			wrapLines
			items={sample}
			header={
				<Header variant="h3" description={t("sampleHelp")}>
					{t("sample")}
				</Header>
			}
			ariaLabels={{ tableLabel: t("sample") }}
			columnDefinitions={stacked<DirectorySample>([
				{ id: "name", header: t("name"), isRowHeader: true, cell: (s) => s.Name },
				{ id: "displayName", header: t("displayName"), cell: (s) => <bdi>{s.DisplayName || t("none")}</bdi> },
				{ id: "mail", header: t("mail"), cell: (s) => s.Mail || t("none") },
				{ id: "type", header: t("type"), cell: (s) => (s.Type ? t(s.Type) : t("none")) },
				{ id: "state", header: t("state"), cell: (s) => (s.State ? t(s.State) : t("none")) },
			])}
		/>
	);
}
