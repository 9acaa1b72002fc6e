/** Passkeys (WebAuthn level 3) between the API's JSON and the browser. */

/** Whether this browser can make and use passkeys here: it needs TLS or localhost. */
export const passkeysWork = (): boolean =>
	window.isSecureContext &&
	typeof PublicKeyCredential !== "undefined" &&
	"parseCreationOptionsFromJSON" in PublicKeyCredential;

/** Makes a passkey by the options of BeginPasskey; the answer is for FinishPasskey. */
export async function makePasskey(options: string): Promise<string> {
	const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options));
	return answer(await navigator.credentials.create({ publicKey }));
}

/** Signs by a passkey that the options of SignIn allow; the answer is for FinishSignIn. */
export async function signByPasskey(options: string): Promise<string> {
	const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options));
	return answer(await navigator.credentials.get({ publicKey }));
}

function answer(credential: Credential | null): string {
	if (!(credential instanceof PublicKeyCredential)) throw new DOMException("", "NotAllowedError");
	return JSON.stringify(credential.toJSON());
}
