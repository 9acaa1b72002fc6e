import { I18nProvider } from "@cloudscape-design/components/i18n";
import english from "@cloudscape-design/components/i18n/messages/all.en";
import type { Language } from "@postroom/i18n";
import { type ReactNode, useEffect, useState } from "react";

/** The texts that are the components' own; those of the first language stand in until others are here. */
export function Locale({ language, children }: { language: Language; children: ReactNode }) {
	const [messages, setMessages] = useState([english]);
	useEffect(() => {
		if (language !== "en-GB") return;
		import("@cloudscape-design/components/i18n/messages/all.en-GB").then(
			({ default: british }) => setMessages([english, british]),
			() => undefined,
		);
	}, [language]);
	return (
		<I18nProvider locale={language} messages={messages}>
			{children}
		</I18nProvider>
	);
}
