/** Prints a text alone, without the page around it: its style is in the app's print style sheet. */
export function printText(title: string, text: string): void {
	const sheet = document.createElement("section");
	sheet.className = "postroom-print";
	const heading = document.createElement("h1");
	heading.textContent = title;
	const lines = document.createElement("pre");
	lines.textContent = text;
	sheet.append(heading, lines);
	document.body.append(sheet);
	// Some browsers print later; the sheet stays until then.
	window.addEventListener("afterprint", () => sheet.remove(), { once: true });
	window.print();
}
