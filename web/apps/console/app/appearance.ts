import type { TopNavigationProps } from "@cloudscape-design/components/top-navigation";
import { applyDensity, applyMode, Density, Mode } from "@cloudscape-design/global-styles";
import { type Language, languageFor, languages, setLanguage } from "@postroom/i18n";
import { administrator, subscribe } from "@postroom/session";
import { keep, kept } from "@postroom/ui";
import { useSyncExternalStore } from "react";
import { t } from "./words.ts";

/** What each choice of the menu may be. */
const choices = {
	mode: [Mode.Light, Mode.Dark],
	density: [Density.Comfortable, Density.Compact],
	language: languages,
} as const;

interface Appearance {
	mode: Mode;
	density: Density;
	language: Language;
}

const names = Object.keys(choices) as (keyof Appearance)[];

let whose: string | undefined;
let current: Appearance;
const listeners = new Set<() => void>();

/** As this administrator chose it in this browser, else as the browser says. */
function chosen(): Appearance {
	const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
	const usual: Appearance = {
		mode: dark ? Mode.Dark : Mode.Light,
		density: Density.Comfortable,
		language: languageFor(navigator.language),
	};
	const one = <K extends keyof Appearance>(name: K): Appearance[K] => {
		const value = kept(name, usual[name]);
		return (choices[name] as readonly unknown[]).includes(value) ? value : usual[name];
	};
	return { mode: one("mode"), density: one("density"), language: one("language") };
}

function apply(next: Appearance): void {
	current = next;
	applyMode(next.mode);
	applyDensity(next.density);
	setLanguage(next.language);
	for (const listener of listeners) listener();
}

/** Before the first picture, and again when another administrator signs in. */
export function startAppearance(): void {
	const start = () => {
		if (administrator() === whose) return;
		whose = administrator();
		apply(chosen());
	};
	start();
	subscribe(start);
}

/** Whoever uses it renders anew when it changes. */
export const useAppearance = (): Appearance =>
	useSyncExternalStore(
		(listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		() => current,
	);

export function appearanceMenu(now: Appearance): TopNavigationProps.Utility {
	return {
		type: "menu-dropdown",
		iconName: "settings",
		ariaLabel: t("appearance"),
		title: t("appearance"),
		items: names.map((name) => ({
			text: t(name),
			items: choices[name].map((id) => ({
				id,
				text: t(id),
				itemType: "checkbox" as const,
				checked: now[name] === id,
			})),
		})),
		onItemClick: ({ detail: { id } }) => {
			const name = names.find((n) => (choices[n] as readonly string[]).includes(id));
			if (!name) return;
			keep(name, id);
			apply({ ...current, [name]: id });
		},
	};
}
