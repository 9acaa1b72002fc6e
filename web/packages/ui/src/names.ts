/** Names in a sentence, the first ones of many. */
export const namesOf = (names: readonly string[], most = 20): string =>
	names.slice(0, most).join(", ") + (names.length > most ? ", …" : "");
