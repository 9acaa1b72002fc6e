import FormField from "@cloudscape-design/components/form-field";
import { type Candidate, findPeople, type Within } from "@postroom/api";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useBusy } from "./busy.ts";
import { Dialog } from "./dialog.tsx";
import { ManyOutcome, undone, useMany } from "./many.tsx";
import { notify } from "./notices.tsx";
import { t } from "./people-words.ts";
import { PeoplePicker, titleOf } from "./picker.tsx";

/** How people are added to an entry and taken out of it. */
export interface PeopleSteps {
	at: Within;
	/** Of the entry whose people these are. */
	id: string;
	name: string;
	words: {
		addHeader: string;
		added: (count: number) => string;
		/** Of one that cannot be chosen: why. */
		there: string;
		/** Of the entry itself, where it could be found. */
		self?: string;
		/** Of a group that contains the entry, where that is a group too. */
		contains?: string;
		removeHeader: (count: number) => string;
		/** What they lose. */
		removeHelp: (names: string) => string;
		removed: (count: number) => string;
	};
	/**
	 * Missing where it may not be done. Neither says which revision it is about:
	 * two who add or remove never undo each other's.
	 */
	add: ((id: string) => Promise<unknown>) | undefined;
	remove: ((id: string) => Promise<unknown>) | undefined;
	/** Why nobody is added or removed here. */
	fixed?: string | undefined;
}

/** Does a step with each; answers those that are left. */
function usePeopleStep({ at }: PeopleSteps, said: (count: number) => string) {
	const client = useQueryClient();
	const [busy, run] = useBusy();
	const many = useMany<Candidate>();
	const step = (people: readonly Candidate[], act: (id: string) => Promise<unknown>) =>
		run(async () => {
			const outcomes = await many.run(people, (c) => act(c.id));
			await client.invalidateQueries({ queryKey: [at.region, at.org] });
			const left = undone(outcomes);
			if (left.length < outcomes.length) notify({ type: "success", content: said(outcomes.length - left.length) });
			return left;
		});
	const outcome = <ManyOutcome outcomes={many.outcomes} name={titleOf} id={(c) => c.id} running={busy} />;
	return { busy, step, outcome, begun: many.outcomes.length > 0 };
}

/** Finds users and groups and adds up to 100 of them; those that were refused stay chosen, with the reason. */
export function AddPeople(
	props: PeopleSteps & {
		/** Those that are known to be there already. */
		there: ReadonlySet<string>;
		close: () => void;
	},
) {
	const { at, words, close } = props;
	const [chosen, setChosen] = useState<Candidate[]>([]);
	const [strict, setStrict] = useState(false);
	const { busy, step, outcome, begun } = usePeopleStep(props, words.added);
	const add = async () => {
		setStrict(true);
		if (chosen.length === 0 || !props.add) return;
		const left = await step(chosen, props.add);
		if (left) setChosen(left);
		if (left?.length === 0) close();
	};
	return (
		<Dialog size="large" header={words.addHeader} button={t("add")} act={add} begun={begun} close={close}>
			{outcome}
			<FormField stretch errorText={strict && chosen.length === 0 && !busy ? t("missing") : undefined}>
				<PeoplePicker
					find={(text, signal) =>
						findPeople(at, text, ["USER", "GROUP"], signal, undefined, words.contains && props.id)
					}
					chosen={chosen}
					onChange={setChosen}
					most={100}
					excluded={(c) => {
						if (c.id === props.id) return words.self;
						if (props.there.has(c.id)) return words.there;
						return c.contains ? words.contains : undefined;
					}}
				/>
			</FormField>
		</Dialog>
	);
}

/** So many are named. */
const named = 20;

/** Takes people out. */
export function RemovePeople(
	props: PeopleSteps & {
		people: readonly Candidate[];
		/** Why they must stay: it is said before the server is asked. */
		stay: ReactNode;
		close: () => void;
	},
) {
	const { words, close, remove, stay } = props;
	// The selection changes while they go.
	const [people, setPeople] = useState(props.people);
	const { step, outcome, begun } = usePeopleStep(props, words.removed);
	const act = async () => {
		const left = remove && (await step(people, remove));
		if (left) setPeople(left);
		if (left?.length === 0) close();
	};
	const names = people.slice(0, named).map((c) => c.name);
	return (
		<Dialog
			header={words.removeHeader(people.length)}
			button={t("remove")}
			act={stay ? undefined : act}
			begun={begun}
			close={close}
		>
			{stay || <div>{words.removeHelp(names.join(", ") + (people.length > named ? ", …" : ""))}</div>}
			{outcome}
		</Dialog>
	);
}
