import { applyDensity, applyMode, Density, Mode } from "@cloudscape-design/global-styles";
import { focusFaults, kept } from "@postroom/ui";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App, prepare } from "./app.tsx";
import "./page.css";

async function start(): Promise<void> {
	applyMode(kept("mode", window.matchMedia("(prefers-color-scheme: dark)").matches ? Mode.Dark : Mode.Light));
	applyDensity(kept("density", Density.Comfortable));
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
