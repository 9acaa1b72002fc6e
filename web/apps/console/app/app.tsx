import Button from "@cloudscape-design/components/button";
import { ApiError } from "@postroom/api";
import { formatMoment } from "@postroom/i18n";
import { ended, leaveEnded, refresh, snapshot, subscribe } from "@postroom/session";
import {
	clearNotices,
	dismissNotice,
	ErrorBox,
	explain,
	isGuarded,
	isMissing,
	Late,
	notify,
	Waiting,
} from "@postroom/ui";
import { QueryCache, QueryClient, QueryClientProvider, type QueryState } from "@tanstack/react-query";
import { Component, type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useAppearance } from "./appearance.ts";
import { begun, code, who } from "./first.ts";
import { Frame } from "./frame.tsx";
import { Locale } from "./locale.tsx";
import { signIn } from "./routes.ts";
import { t } from "./words.ts";

const stale = "stale";
const isStale = ({ state }: { state: Pick<QueryState, "status" | "data"> & { error: unknown } }): boolean =>
	state.status === "error" && state.data !== undefined && !isMissing(state.error);

const client: QueryClient = new QueryClient({
	queryCache: new QueryCache({
		onError: (error, query) => {
			// Where nothing is shown yet, or it is gone, its place says so; a page that was left shows nothing.
			if (!ended(error) && query.isActive() && isStale(query)) tellStale(error, query.state.dataUpdatedAt);
		},
		onSuccess: () => {
			if (client.getQueryCache().findAll({ type: "active", predicate: isStale }).length === 0) dismissNotice(stale);
		},
	}),
	defaultOptions: {
		queries: {
			// The browser does not know whether a server on its own machine can be reached.
			networkMode: "always",
			staleTime: 5_000,
			// What the server refused it refuses again; what did not reach it may.
			retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
		},
	},
});

/** Says that what is shown is not of now, until it can be read again. */
function tellStale(error: Error, read: number): void {
	notify({
		id: stale,
		type: "warning",
		header: t("stale", { time: formatMoment(new Date(read)) }),
		content: explain(error),
		action: (
			<Button onClick={() => void client.refetchQueries({ type: "active", predicate: isStale })}>{t("again")}</Button>
		),
	});
}

/** How long the first picture waits to be a whole one; later it shows what is still missing. */
const patience = 100;

/** Takes over what was begun, until the first picture can be shown; what failed is asked again by whoever needs it. */
export async function prepare(): Promise<void> {
	await code.catch(() => undefined);
	const answers = (await begun).map(({ question, answer }) => {
		let first: Promise<unknown> | undefined = answer;
		const queryFn = () => {
			const asked = first ?? question.queryFn();
			first = undefined;
			return asked;
		};
		return client.prefetchQuery({ ...question, queryFn });
	});
	await Promise.race([Promise.all(answers), new Promise((done) => setTimeout(done, patience))]);
}

export function App() {
	const session = useSyncExternalStore(subscribe, snapshot);
	const [error, setError] = useState<unknown>();
	useEffect(() => {
		if (session.state !== "unknown") return;
		who.then(() => setError(undefined), setError);
	}, [session.state]);
	// What failed for want of a session is asked again.
	const before = useRef(session.state);
	useEffect(() => {
		if (before.current === "ended" && session.state === "in") void client.invalidateQueries();
		before.current = session.state;
	}, [session.state]);
	// What another administrator saw is not shown to the next.
	useEffect(() => {
		if (session.state !== "out") return;
		client.clear();
		clearNotices();
	}, [session]);
	// Signed out or replaced in another tab: the page stays for what was typed alone.
	const over = session.state === "ended" && session.beside !== undefined && !isGuarded();
	useEffect(() => {
		if (over) leaveEnded();
	}, [over]);
	const { language } = useAppearance();
	return (
		<Locale language={language}>
			<QueryClientProvider client={client}>
				<Fault>
					{session.state === "unknown" &&
						(error ? (
							<ErrorBox
								page={t("product")}
								header={t("unreachable")}
								error={error}
								again={() => void refresh().then(() => setError(undefined), setError)}
							/>
						) : (
							<Waiting />
						))}
					{session.state === "out" && (
						<Late code={signIn} props={{ signedOut: session.signedOut ?? false }} page={t("product")} />
					)}
					{(session.state === "in" || session.state === "ended") && <Frame />}
					{/* What was typed stays where it is behind this. */}
					{session.state === "ended" && !over && <Late code={signIn} props={{ again: true }} />}
				</Fault>
			</QueryClientProvider>
		</Locale>
	);
}

/** Keeps a fault of one page from taking the console with it. */
export class Fault extends Component<{ children: ReactNode }, { error?: Error }> {
	override state: { error?: Error } = {};
	static getDerivedStateFromError(error: Error) {
		return { error };
	}
	override render() {
		if (!this.state.error) return this.props.children;
		return (
			<main>
				<ErrorBox header={t("failed")} error={new Error(t("failedHelp"))} />
				<Button onClick={() => window.location.reload()}>{t("reload")}</Button>
			</main>
		);
	}
}
