/**
 * What the address alone tells is asked before the app is there: who is signed in,
 * the code of the screen, and what both ask first. This file is small and comes
 * first; the app comes beside it and takes over the answers.
 */
import { organizationQuestion, type Question, regionsQuestion } from "@postroom/api";
import { mayBeIn, refresh, snapshot } from "@postroom/session";
import { placeOf } from "@postroom/ui";
import { routeOf, signIn } from "./routes.ts";
import { t } from "./words.ts";

const { path, query } = placeOf();
const found = routeOf(path);
const isIn = () => snapshot().state === "in";

/** Who is signed in; fails where the server cannot be reached. */
export const who: Promise<void> = refresh();

const load = { in: () => found?.route.screen.load(), out: () => signIn.load() };
const expected = mayBeIn() ? "in" : "out";
const begunCode = load[expected]();

/** The code of what is shown first. */
export const code: Promise<unknown> = who.then(() => {
	const is = isIn() ? "in" : "out";
	return is === expected ? begunCode : load[is]();
});

const questions: Question[] = [
	regionsQuestion,
	...(found?.params.org ? [organizationQuestion(found.params)] : []),
	...(found?.route.first ? [found.route.first(found.params, query)] : []),
];

const begin = () => questions.map((question) => ({ question, answer: question.queryFn() }));

/** The questions and their answers under way; none where nobody is signed in. */
export const begun = mayBeIn()
	? Promise.resolve(begin())
	: who.then(
			() => (isIn() ? begin() : []),
			() => [],
		);

// Whoever needs what fails here shows it.
for (const promise of [who, code, begunCode]) promise?.catch(() => undefined);
void begun.then((all) => Promise.allSettled(all.map(({ answer }) => answer)));

/** Without the app there is nobody else to say it. */
function missing(): void {
	const text = document.createElement("p");
	text.textContent = `${t("failed")} ${t("failedHelp")}`;
	const again = document.createElement("button");
	again.textContent = t("reload");
	again.addEventListener("click", () => window.location.reload());
	document.getElementById("app")?.replaceChildren(text, again);
}

import("./main.tsx").catch(missing);
