// Compresses the built apps for the server and prints what each first view
// loads; it fails beyond the budget.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = join(import.meta.dirname, "../internal/serve/webui/dist");
const budget = { console: 300 * 1024 }; // bytes of JavaScript, gzip, of the first route

for (const [app, most] of Object.entries(budget)) {
	const assets = join(dist, app, "assets");
	const sizes = {};
	const compress = (file) => {
		const data = readFileSync(file);
		const gz = gzipSync(data, { level: 9 });
		writeFileSync(`${file}.gz`, gz);
		writeFileSync(`${file}.br`, brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
		return gz.length;
	};
	const texts = (dir) => readdirSync(dir).filter((name) => [".js", ".css", ".html", ".svg"].includes(extname(name)));
	for (const name of texts(assets)) sizes[name] = compress(join(assets, name));
	for (const name of texts(join(dist, app))) compress(join(dist, app, name));
	// What the page names, and what these name in turn without waiting.
	const loaded = new Set();
	const follow = (text) => {
		for (const name of Object.keys(sizes))
			if (name.endsWith(".js") && text.includes(name) && !loaded.has(name)) loaded.add(name);
	};
	follow(readFileSync(join(dist, app, "index.html"), "utf8"));
	const manifest = JSON.parse(readFileSync(join(dist, app, ".vite/manifest.json"), "utf8"));
	const need = (key) => {
		const entry = manifest[key];
		if (!entry) return;
		loaded.add(entry.file.replace("assets/", ""));
		for (const other of entry.imports ?? []) if (!loaded.has(manifest[other]?.file.replace("assets/", ""))) need(other);
	};
	for (const route of ["features/sign-in/index.tsx", "features/organizations/list.tsx", "features/users/list.tsx"]) {
		const before = new Set(loaded);
		need(route);
		const bytes = [...loaded].reduce((sum, name) => sum + (sizes[name] ?? 0), 0);
		console.log(`${app}: ${route} loads ${(bytes / 1024).toFixed(0)} KB of JavaScript (gzip)`);
		if (bytes > most) {
			console.error(`${app}: ${route} loads more than ${most / 1024} KB`);
			process.exitCode = 1;
		}
		loaded.clear();
		for (const name of before) loaded.add(name);
	}
}
