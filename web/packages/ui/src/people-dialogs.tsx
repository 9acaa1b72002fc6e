import FormField from "@cloudscape-design/components/form-field";
import { type Answer, type Candidate, findPeople, type MemberType, type Within } from "@postroom/api";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useBusy } from "./busy.ts";
import { Dialog } from "./dialog.tsx";
import { ManyOutcome, undone, useMany } from "./many.tsx";
import { namesOf } from "./names.ts";
import { notify } from "./notices.tsx";
import { t } from "./people-words.ts";
import { PeoplePicker, titleOf } from "./picker.tsx";

/** Adds or removes one: a change of the entry's revision, which answers the one that it made. */
type PersonStep = (who: Candidate, ifMatch: string) => Promise<Pick<Answer<unknown>, "etag">>;

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
	/** The entry's revision, as it is shown. */
	etag?: string;
	/** Missing where it may not be done. */
	add: PersonStep | undefined;
	remove: PersonStep | undefined;
	/** Why nobody is added or removed here. */
	fixed?: string | undefined;
}

/** Does a step with each, in turn where each makes a revision of the same entry; answers those that are left. */
function usePeopleStep({ at, etag = "" }: Pick<PeopleSteps, "at" | "etag">, said: (count: number) => string) {
	const client = useQueryClient();
	const [busy, run] = useBusy();
	const many = useMany<Candidate>();
	const step = (people: readonly Candidate[], act: PersonStep) =>
		run(async () => {
			let seen = etag;
			const one = async (c: Candidate) => {
				const made = await act(c, seen);
				seen = made.etag;
			};
			const outcomes = await many.run(people, one, etag ? 1 : undefined);
			await client.invalidateQueries({ queryKey: [at.region, at.org] });
			const left = undone(outcomes);
			if (left.length < outcomes.length) notify({ type: "success", content: said(outcomes.length - left.length) });
			return left;
		});
	const outcome = <ManyOutcome outcomes={many.outcomes} name={titleOf} id={(c) => c.id} />;
	return { busy, step, outcome, begun: many.outcomes.length > 0 };
}

/**
 * Finds users and groups and adds an entry's people of them, up to 100 at once, or adds
 * the entry to groups; those that were refused stay chosen, with the reason.
 */
export function AddPeople(
	props: Pick<PeopleSteps, "at" | "id" | "etag" | "add"> & {
		words: Omit<PeopleSteps["words"], `remove${string}`>;
		/** Only groups can be chosen. */
		groups?: boolean;
		/** Those that are known to be there already. */
		there: ReadonlySet<string>;
		close: () => void;
	},
) {
	const { at, words, groups = false, close } = props;
	const kinds: MemberType[] = groups ? ["GROUP"] : ["USER", "GROUP"];
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
			<FormField
				stretch
				errorText={strict && chosen.length === 0 && !busy ? t(groups ? "missingGroup" : "missing") : undefined}
			>
				<PeoplePicker
					find={(text, signal) => findPeople(at, text, kinds, signal, undefined, words.contains && props.id)}
					chosen={chosen}
					// What runs is about those that were chosen when it began.
					onChange={(now) => !busy && setChosen(now)}
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
	return (
		<Dialog
			header={words.removeHeader(people.length)}
			button={t("remove")}
			act={stay ? undefined : act}
			begun={begun}
			close={close}
		>
			{stay || <div>{words.removeHelp(namesOf(people.map((c) => c.name)))}</div>}
			{outcome}
		</Dialog>
	);
}
