import { useEffect } from "react";

/**
 * What the page is on paper: this text alone, however the reader prints it. Its style
 * is in the app's print style sheet.
 */
export function Paper({ title, text }: { title: string; text: string }) {
	useEffect(() => {
		let sheet: HTMLElement | undefined;
		const put = () => {
			sheet?.remove();
			sheet = document.createElement("section");
			sheet.className = "postroom-print";
			const heading = document.createElement("h1");
			heading.textContent = title;
			const lines = document.createElement("pre");
			lines.textContent = text;
			sheet.append(heading, lines);
			document.body.append(sheet);
		};
		const take = () => sheet?.remove();
		window.addEventListener("beforeprint", put);
		// Some browsers print later; the sheet stays until then.
		window.addEventListener("afterprint", take);
		return () => {
			window.removeEventListener("beforeprint", put);
			window.removeEventListener("afterprint", take);
			take();
		};
	}, [title, text]);
	return null;
}
