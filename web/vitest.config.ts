import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		maxWorkers: 2, // each file of e2e has a server and a browser of its own
		projects: [
			{ test: { name: "unit", include: ["packages/**/*.test.{ts,tsx}", "apps/**/*.test.{ts,tsx}"] } },
			{
				test: {
					name: "e2e",
					include: ["e2e/**/*.test.ts"],
					testTimeout: 120_000,
					hookTimeout: 60_000,
					expect: { poll: { timeout: 30_000 } }, // as of a wait that fails (harness.ts)
				},
			},
		],
	},
});
