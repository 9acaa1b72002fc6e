// Checks the walls between the folders: apps/*/app → features/* → packages; a
// feature never imports another, an app never another, a package no app. The
// zones are what lies in the folders.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

const root = import.meta.dirname;
const files = (dir) =>
	readdirSync(dir, { withFileTypes: true }).flatMap((e) => {
		if (["node_modules", "dist", ".types", "shots"].includes(e.name)) return [];
		const path = join(dir, e.name);
		return e.isDirectory() ? files(path) : /\.(ts|tsx|mjs)$/.test(e.name) ? [path] : [];
	});

/** The zone of a file: ["apps", "console", "features", "users"], or fewer. */
const zone = (path) => relative(root, path).split(sep);

const faults = [];
for (const file of [...files(join(root, "apps")), ...files(join(root, "packages"))]) {
	const [kind, name, layer, feature] = zone(file);
	for (const [, wanted] of readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)) {
		const fault = (why) => faults.push(`${relative(root, file)} imports ${wanted}: ${why}`);
		if (wanted.startsWith(".")) {
			const [toKind, toName, toLayer, toFeature] = zone(resolve(dirname(file), wanted));
			if (toKind !== kind || toName !== name) fault(`what lies outside ${kind}/${name} comes by a package's name`);
			else if (kind === "apps" && layer === "features" && toLayer === "app") fault("a feature knows no app");
			else if (kind === "apps" && layer === "features" && toLayer === "features" && toFeature !== feature)
				fault("a feature never imports another");
		} else if (wanted.startsWith("@postroom/") && /^@postroom\/[^/]+\//.test(wanted))
			fault("a package is imported by its name alone");
		else if (wanted === "@postroom/console") fault("nobody imports an app");
		else if (wanted === "@cloudscape-design/components")
			fault("components are imported one by one, or all of them are loaded");
		else if (wanted.startsWith("@cloudscape-design/") && kind === "packages" && name !== "ui")
			fault("only packages/ui knows the components");
	}
}
if (faults.length > 0) {
	console.error(faults.join("\n"));
	process.exit(1);
}
