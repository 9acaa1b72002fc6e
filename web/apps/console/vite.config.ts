import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/**
 * Parts of components that nobody meets here, though they come with each first
 * view: the layout's drawer for news of features, with a library for dragging, and
 * its two other looks, one of which the library keeps for AWS's own consoles.
 */
const unmet =
	/\/(feature-notifications-drawer-content|app-layout\/classic|app-layout\/visual-refresh-toolbar\/index)\.js$/;

const withoutUnmet: Plugin = {
	name: "without-unmet",
	enforce: "pre",
	load: (id) =>
		unmet.test(id) ? "export const RuntimeContentPart = () => null; export default RuntimeContentPart;" : undefined,
};

/** Components of which the console has none: a third of the library's texts is theirs. */
const unused = [
	"annotation-context",
	"code-editor",
	"features-notification-drawer",
	"prompt-input",
	"property-filter",
	"s3-resource-selector",
	"tutorial-panel",
];

const fewerTexts: Plugin = {
	name: "fewer-texts",
	transform: (code, id) => {
		if (!/\/i18n\/messages\/all\.en\.js$/.test(id)) return undefined;
		const texts = JSON.parse(code.slice(code.indexOf("{"), code.lastIndexOf("}") + 1));
		for (const name of unused) delete texts["cloudscape-design-components"].en[name];
		return { code: `export default ${JSON.stringify(texts)};`, map: null };
	},
};

/** The layout's narrow bar gives its navigation an attribute that ARIA does not allow there (axe: aria-allowed-attr). */
const allowedAttributes: Plugin = {
	name: "allowed-attributes",
	transform: (code, id) =>
		/\/visual-refresh\/mobile-toolbar\.js$/.test(id)
			? { code: code.replace('"aria-orientation": "horizontal", ', ""), map: null }
			: undefined,
};

/**
 * The page names, beside its first script, what that imports at once: the app's
 * code and styles come with it and not after it. They do not hold it up.
 */
const appBeside: Plugin = {
	name: "app-beside",
	transformIndexHtml: {
		order: "post",
		handler: (_, { bundle = {} }) => {
			const app = Object.values(bundle).find((o) => o.name === "app");
			if (app?.type !== "chunk") return []; // while it is worked on nothing is bundled
			const link = (attrs: Record<string, string>, file: string) => ({
				tag: "link",
				attrs: { ...attrs, crossorigin: true, href: `/console/${file}` },
				injectTo: "head" as const,
			});
			const styles = [...(app.viteMetadata?.importedCss ?? [])];
			return [
				link({ rel: "modulepreload" }, app.fileName),
				...styles.map((file) => link({ rel: "preload", as: "style" }, file)),
			];
		},
	},
};

export default defineConfig({
	base: "/console/",
	plugins: [react(), withoutUnmet, fewerTexts, allowedAttributes, appBeside],
	build: {
		outDir: "../../../internal/serve/webui/dist/console",
		emptyOutDir: true,
		manifest: true,
		rolldownOptions: {
			output: {
				// What every page needs is two files, the one that asks and the app: apart, it comes with what only later pages need.
				codeSplitting: {
					groups: [
						{ name: "first", tags: ["$initial"], priority: 1 },
						{ name: "app", test: /\/app\/main\.tsx$/ },
					],
				},
			},
		},
		assetsInlineLimit: 0, // the policy of the page allows no data: URLs
		chunkSizeWarningLimit: 1000,
	},
	// For work on the console: `npm run dev -w apps/console` beside `make run`.
	server: {
		proxy: {
			"^/$": {
				target: process.env.PROXY ?? "http://127.0.0.1:8000",
				bypass: (r) => (r.method === "POST" ? undefined : r.url),
			},
		},
	},
});
