/**
 * Tells Vitest's results as `go test -json` does, one event a line, so that
 * `make test` counts all tests in one way. It decides nothing about which run.
 */
import type { Reporter, TestCase, TestModule } from "vitest/node";

const say = (event: Record<string, unknown>) => process.stdout.write(`${JSON.stringify(event)}\n`);

export default class GoReporter implements Reporter {
	onTestCaseResult(test: TestCase): void {
		const name = { Package: `web/${test.module.relativeModuleId}`, Test: test.fullName };
		const result = test.result();
		say({ Action: "run", ...name });
		for (const error of result.errors ?? [])
			say({ Action: "output", ...name, Output: `${error.stack ?? error.message}\n${error.diff ?? ""}\n` });
		const seconds = (test.diagnostic()?.duration ?? 0) / 1000;
		say({
			Action: { passed: "pass", failed: "fail", skipped: "skip", pending: "fail" }[result.state],
			...name,
			Elapsed: seconds,
		});
	}

	onTestModuleEnd(module: TestModule): void {
		const name = { Package: `web/${module.relativeModuleId}` };
		for (const error of module.errors())
			say({ Action: "output", ...name, Output: `${error.stack ?? error.message}\n` });
		const seconds = (module.diagnostic().duration ?? 0) / 1000;
		say({ Action: module.state() === "failed" ? "fail" : "pass", ...name, Elapsed: seconds });
	}

	onTestRunEnd(_modules: unknown, unhandled: readonly { stack?: string; message: string }[]): void {
		for (const error of unhandled) {
			say({ Action: "output", Package: "web", Output: `${error.stack ?? error.message}\n` });
			say({ Action: "fail", Package: "web" });
		}
	}
}
