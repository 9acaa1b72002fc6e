import Button from "@cloudscape-design/components/button";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { type FunctionComponent, type ReactNode, useCallback, useEffect, useState } from "react";
import { ErrorBox } from "./errors.tsx";
import { type LateCode, lateCode } from "./late-code.ts";
import { dismissNotice, notify } from "./notices.tsx";
import { t } from "./words.ts";

/** Seen where something is waited for a tenth of a second and longer. */
export const Waiting = () => (
	<div className="postroom-waiting">
		<StatusIndicator type="loading">{t("loading")}</StatusIndicator>
	</div>
);

/** The component of a code, and how to ask for what did not arrive. */
function useCode<P>(code: LateCode<P>) {
	const [here, setHere] = useState(() => code.here);
	const [error, setError] = useState<Error>();
	const load = useCallback(() => {
		setError(undefined);
		code.load().then(() => setHere(() => code.here), setError);
	}, [code]);
	useEffect(() => {
		if (!code.here) load();
	}, [code, load]);
	return { Here: here ?? code.here, error, load };
}

/** The component of a code in its place; of a whole `page`, what does not arrive is told under its title. */
export function Late<P extends object>(of: { code: LateCode<P>; props: P; page?: string }) {
	const { code, props, page } = of;
	const { Here, error, load } = useCode(code);
	if (Here) return <Here {...props} />;
	return error ? <ErrorBox error={error} again={load} {...(page ? { page } : {})} /> : <Waiting />;
}

const missing = "missing-code";

type From<P> = () => Promise<{ default: FunctionComponent<P> }>;

/**
 * A component whose code comes when it is first shown. Unlike React's lazy it does
 * not take the page with it where that does not arrive.
 */
export function late<P extends object>(from: From<P>): FunctionComponent<P> {
	const code = lateCode(from);
	return (props) => <Late code={code} props={props} />;
}

/** The same among other things in a bar, where `waiting` stands until it is there. */
export function latePart<P extends object>(from: From<P>, waiting: () => ReactNode): FunctionComponent<P> {
	const code = lateCode(from);
	return (props) => {
		const { Here, error, load } = useCode(code);
		if (Here) return <Here {...props} />;
		return error ? <Button iconName="refresh" ariaLabel={t("tryAgain")} onClick={load} /> : waiting();
	};
}

/** The same for a dialog: it opens when its code is there, or says that it cannot; Escape calls it off. */
export function lateDialog<P extends { close: () => void }>(from: From<P>): FunctionComponent<P> {
	const code = lateCode(from);
	return (props) => {
		const { Here, error } = useCode(code);
		const { close } = props;
		useEffect(() => {
			if (Here) dismissNotice(missing);
			if (!error) return;
			notify({ id: missing, type: "error", content: error.message });
			close();
		}, [Here, error, close]);
		useEffect(() => {
			if (Here) return;
			const callOff = (event: KeyboardEvent) => {
				if (event.key !== "Escape") return;
				event.stopPropagation(); // it is not for what lies behind
				close();
			};
			// From the window down: the key that asked for the dialog is past it, and calls nothing off.
			window.addEventListener("keydown", callOff, true);
			return () => window.removeEventListener("keydown", callOff, true);
		}, [Here, close]);
		if (Here) return <Here {...props} />;
		return (
			<div className="postroom-opening">
				<Waiting />
			</div>
		);
	};
}
