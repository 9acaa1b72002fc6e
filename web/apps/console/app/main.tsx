import { applyDensity, applyMode, Density, Mode } from "@cloudscape-design/global-styles";
import { focusFaults, kept } from "@postroom/ui";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App, begin } from "./app.tsx";
import "./page.css";

begin();
applyMode(kept("mode", window.matchMedia("(prefers-color-scheme: dark)").matches ? Mode.Dark : Mode.Light));
applyDensity(kept("density", Density.Comfortable));
focusFaults();

const root = document.getElementById("app");
if (root)
	createRoot(root).render(
		<StrictMode>
			<App />
		</StrictMode>,
	);
