import { readAddrSpec, type AddressFault } from './syntax';
import { toUnquoted } from './quoted';
import { toTokens, type Token } from './token';
import type { Address } from '../message';

/** Refuses an entry of the list, given as typed. */
export type RefuseEntry = (entry: string, fault: AddressFault) => never;

/**
 * Reads a list of mailboxes and groups (RFC 5322, section 3.4), separated by commas or semicolons. Empty entries are
 * skipped. `text` is free of controls.
 */
export function readAddressList(text: string, refuse: RefuseEntry): Address[] {
	const addresses: Address[] = [];
	/** The name of the group that is open, as typed. */
	let group: string | undefined;
	let entry: Token[] = [];

	const endEntry = () => {
		if (entry.some((token) => token.kind !== 'space')) addresses.push(toMailbox(entry, refuse));
		entry = [];
	};

	for (const token of toTokens(text)) {
		if (token.kind === 'unclosed') {
			return refuse(toSource([...entry, token]), 'unclosed');
		} else if (token.kind === 'colon') {
			if (group !== undefined || !isGroupName(entry)) {
				return refuse(toSource([...entry, token]), 'group');
			}
			group = toSource(entry);
			entry = [];
		} else if (token.kind === 'comma' || token.kind === 'semicolon') {
			endEntry();
			if (token.kind === 'semicolon') group = undefined;
		} else entry.push(token);
	}
	endEntry();
	if (group !== undefined) return refuse(`${group}:`, 'group');
	return addresses;
}

/** A display name as one line: white space of any kind becomes single spaces. */
export function toDisplayName(name: string): string {
	return name.replace(/\s+/g, ' ').trim();
}

function toMailbox(entry: readonly Token[], refuse: RefuseEntry): Address {
	const angles = entry.filter((token) => token.kind === 'angle');
	if (angles.length > 1) return refuse(toSource(entry), 'brackets');
	return angles[0] === undefined ? toBareMailbox(entry, refuse) : toNamedMailbox(entry, refuse);
}

/** `Name <a@b>`. */
function toNamedMailbox(entry: readonly Token[], refuse: RefuseEntry): Address {
	const position = entry.findIndex((token) => token.kind === 'angle');
	const behind = entry.slice(position + 1);
	if (behind.some((token) => !isBlank(token))) return refuse(toSource(entry), 'brackets');

	const phrase = entry.slice(0, position);
	if (phrase.some(isAddressLike)) return refuse(toSource(entry), 'name');
	const addrSpec = toSource(entry.slice(position, position + 1)).slice(1, -1);
	return toAddress(toDisplayName(phrase.map(toNamePart).join('')), addrSpec.trim(), entry, refuse);
}

/** `a@b`, perhaps with a comment beside it, which was the name before there were display names (RFC 822). */
function toBareMailbox(entry: readonly Token[], refuse: RefuseEntry): Address {
	const first = entry.findIndex((token) => !isBlank(token));
	const last = entry.findLastIndex((token) => !isBlank(token));
	if (first === -1) return refuse(toSource(entry), 'empty');
	const addrSpec = entry.slice(first, last + 1);
	const comment = entry.find((token) => token.kind === 'comment');
	if (addrSpec.some(isBlank)) {
		return refuse(toSource(entry), addrSpec.some(isAddressLike) ? 'space' : 'noDomain');
	}
	const name = comment === undefined ? '' : toDisplayName(toUnquoted(comment.text));
	return toAddress(name, addrSpec.map((token) => token.text).join(''), entry, refuse);
}

function toAddress(
	name: string,
	addrSpec: string,
	entry: readonly Token[],
	refuse: RefuseEntry,
): Address {
	const read = readAddrSpec(addrSpec);
	return 'fault' in read ? refuse(toSource(entry), read.fault) : { name, address: read.address };
}

function isGroupName(entry: readonly Token[]): boolean {
	return (
		entry.some((token) => !isBlank(token)) &&
		!entry.some((token) => token.kind === 'angle' || isAddressLike(token))
	);
}

/** What no name holds outside quotes. */
function isAddressLike(token: Token): boolean {
	return token.kind === 'word' && /[@>]/.test(token.text);
}

function isBlank(token: Token): boolean {
	return token.kind === 'space' || token.kind === 'comment';
}

function toNamePart(token: Token): string {
	if (token.kind === 'quoted') return toUnquoted(token.text);
	return isBlank(token) ? ' ' : token.text;
}

function toSource(tokens: readonly Token[]): string {
	return tokens
		.map((token) => token.text)
		.join('')
		.trim();
}
