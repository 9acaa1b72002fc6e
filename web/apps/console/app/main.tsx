import { focusFaults } from "@postroom/ui";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App, prepare } from "./app.tsx";
import { startAppearance } from "./appearance.ts";
import "./page.css";

async function start(): Promise<void> {
	startAppearance();
	focusFaults();
	const root = document.getElementById("app");
	await prepare();
	if (root)
		createRoot(root).render(
			<StrictMode>
				<App />
			</StrictMode>,
		);
}

// The script does not wait for the page that it stands in.
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => void start());
else void start();
