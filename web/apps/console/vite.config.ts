import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
	base: "/console/",
	plugins: [react()],
	build: {
		outDir: "../../../internal/serve/webui/dist/console",
		emptyOutDir: true,
		manifest: true,
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
