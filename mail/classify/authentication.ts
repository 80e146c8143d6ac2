import type { MessageHead } from '../message';

/** The methods that rules ask for (RFC 8601, section 2.7). */
export type AuthenticationMethod = 'spf' | 'dkim' | 'dmarc';

/** What the receiving server found. `none`: nothing to check, or the server does not say. */
export type AuthenticationVerdict = 'pass' | 'fail' | 'none';

export type AuthenticationVerdicts = Readonly<Record<AuthenticationMethod, AuthenticationVerdict>>;

export const authenticationMethods: readonly AuthenticationMethod[] = ['spf', 'dkim', 'dmarc'];

/** Header fields that are looked at; the trusted server's is among the first, later ones are older than it. */
const FIELDS = 20;
/** No server writes a longer one. */
const FIELD_CHARACTERS = 20_000;

/** RFC 8601, sections 2.7.1 to 2.7.4; what does not speak against the sender is no failure. */
const verdicts: Readonly<Record<string, AuthenticationVerdict>> = {
	pass: 'pass',
	fail: 'fail',
	softfail: 'fail',
	policy: 'fail',
};

/**
 * The verdicts of the servers that are trusted, by their authserv-id; all other fields may be forged by the sender and
 * are not looked at (RFC 8601, section 5). Where one method was tried several times, as DKIM for two signatures, one
 * that passes is enough.
 */
export function toAuthenticationVerdicts(
	headers: MessageHead['headers'],
	trustedServers: readonly string[],
): AuthenticationVerdicts {
	const trusted = new Set(trustedServers.map((server) => server.trim().toLowerCase()));
	const found: Record<AuthenticationMethod, AuthenticationVerdict> = {
		spf: 'none',
		dkim: 'none',
		dmarc: 'none',
	};
	if (trusted.size === 0) return found;
	for (const field of headers.get('authentication-results')?.slice(0, FIELDS) ?? []) {
		const [identity = '', ...results] = splitField(field.slice(0, FIELD_CHARACTERS));
		if (!trusted.has(toServer(identity))) continue;
		for (const result of results) note(result, found);
	}
	return found;
}

function note(result: string, found: Record<AuthenticationMethod, AuthenticationVerdict>): void {
	const [, name = '', value = ''] =
		/^([a-z][a-z0-9-]*)(?:\/\d+)?\s*=\s*([a-z]+)/i.exec(result) ?? [];
	const method = authenticationMethods.find((known) => known === name.toLowerCase());
	if (method === undefined || found[method] === 'pass') return;
	const verdict = verdicts[value.toLowerCase()] ?? 'none';
	if (verdict !== 'none') found[method] = verdict;
}

/** `mx.example.com 1` is the server and the version of the syntax. */
function toServer(identity: string): string {
	return identity.split(/\s/)[0]?.replace(/^"|"$/g, '').toLowerCase() ?? '';
}

/** At the semicolons that stand in no quotes, without comments (RFC 5322, section 3.2.2), each part trimmed. */
function splitField(field: string): string[] {
	const parts: string[] = [];
	let part = '';
	let depth = 0;
	let isQuoted = false;
	for (let index = 0; index < field.length; index++) {
		const character = field.charAt(index);
		if (character === '\\' && (isQuoted || depth > 0)) {
			if (depth === 0) part += field.slice(index, index + 2);
			index++;
		} else if (character === '"' && depth === 0) {
			isQuoted = !isQuoted;
			part += character;
		} else if (isQuoted) part += character;
		else if (character === '(') depth++;
		else if (character === ')') depth = Math.max(0, depth - 1);
		else if (depth > 0) continue;
		else if (character === ';') {
			parts.push(part.trim());
			part = '';
		} else part += character;
	}
	return [...parts, part.trim()];
}
