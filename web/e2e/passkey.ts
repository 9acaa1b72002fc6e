import type { Page } from "playwright-core";

export interface Authenticator {
	/** The reader agrees at once, as from the beginning. */
	agree(): Promise<void>;
	/** The reader proves nothing: the browser's question ends without a passkey. */
	refuse(): Promise<void>;
}

/** Chromium's virtual authenticator for a page: WebAuthn level 3 §11, a built-in one with a fingerprint. */
export async function virtualAuthenticator(page: Page): Promise<Authenticator> {
	const cdp = await page.context().newCDPSession(page);
	await cdp.send("WebAuthn.enable");
	const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
		options: {
			protocol: "ctap2",
			transport: "internal",
			hasResidentKey: true,
			hasUserVerification: true,
			isUserVerified: true,
			automaticPresenceSimulation: true,
		},
	});
	const verified = (isUserVerified: boolean) =>
		cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }).then(() => undefined);
	return { agree: () => verified(true), refuse: () => verified(false) };
}
