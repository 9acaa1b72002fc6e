/** An id that nobody has had, also on plain HTTP, where browsers have no `crypto.randomUUID`. */
export const randomId = (): string => Array.from(crypto.getRandomValues(new Uint32Array(4))).join("-");
