/** What a server offers before sign-in (RFC 2449, section 6). */
export interface Capabilities {
	/** False for servers that do not know CAPA: then nothing is known, and the usual is tried. */
	readonly known: boolean;
	/** Upper case: `USER`, `TOP`, `UIDL`, `PIPELINING`, `AUTH-RESP-CODE`. */
	readonly names: ReadonlySet<string>;
	/** Mechanisms of AUTH (RFC 5034), upper case. */
	readonly mechanisms: ReadonlySet<string>;
	/** The shortest time between two sign-ins. */
	readonly loginDelayMs: number;
}

export const unknownCapabilities: Capabilities = {
	known: false,
	names: new Set(),
	mechanisms: new Set(),
	loginDelayMs: 0,
};

/** No server means a longer one: a typing error must not silence the trigger for days. */
const LOGIN_DELAY_LIMIT_MS = 60 * 60_000;

export function toCapabilities(lines: readonly string[]): Capabilities {
	const rows = lines.map((line) => line.trim().toUpperCase().split(/\s+/));
	const find = (name: string) => rows.find(([first]) => first === name)?.slice(1) ?? [];
	// `LOGIN-DELAY 60 USER`: differs from user to user, this is the longest.
	const delayMs = Number(find('LOGIN-DELAY')[0] ?? 0) * 1_000;
	return {
		known: true,
		names: new Set(rows.map(([name = '']) => name)),
		mechanisms: new Set(find('SASL')),
		loginDelayMs: Number.isFinite(delayMs)
			? Math.min(Math.max(delayMs, 0), LOGIN_DELAY_LIMIT_MS)
			: 0,
	};
}
