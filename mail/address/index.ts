import { readAddressList, toDisplayName, type RefuseEntry } from './list';
import { addressFaults, CONTROL, readAddrSpec, type AddressFault } from './syntax';
import { MailError } from '../errors';
import { toExcerpt } from '../excerpt';
import type { Address } from '../message';

export { sameAddress, toAddressKey, toComparableAddress, type ComparableAddress } from './compare';
export { formatAddress } from './format';

/**
 * Reads what a user typed or an expression gave: text with one or more addresses (RFC 5322, section 3.4; commas or
 * semicolons between them; groups and comments), an object with `name` and `address`, or an array of both. Nothing and
 * blank text are an empty list. International addresses are kept (RFC 6531).
 *
 * Throws MailError `message.invalid` whose subject is the field and the entry at fault: `To: "foo"`.
 */
export function parseAddressList(input: unknown, field: string): Address[] {
	if (input === undefined || input === null) return [];
	return Array.isArray(input)
		? input.flatMap((entry: unknown) => toAddresses(entry, field))
		: toAddresses(input, field);
}

/** Like `parseAddressList`, for a field that takes exactly one address. */
export function parseAddress(input: unknown, field: string): Address {
	const [address, ...more] = parseAddressList(input, field);
	const entry = typeof input === 'string' ? input : '';
	if (address === undefined) return refuse(field, entry, 'empty');
	return more.length > 0
		? refuse(field, entry || formatList([address, ...more]), 'several')
		: address;
}

function toAddresses(entry: unknown, field: string): Address[] {
	const refuseEntry: RefuseEntry = (source, fault) => refuse(field, source, fault);
	if (typeof entry === 'string') {
		const control = entry.search(CONTROL);
		if (control !== -1) return refuse(field, entryAround(entry, control), 'control');
		return readAddressList(entry, refuseEntry);
	}
	if (!isAddressObject(entry)) return refuse(field, toKind(entry), 'notText');
	const name = entry.name ?? '';
	const broken = [name, entry.address].find((text) => CONTROL.test(text));
	if (broken !== undefined) return refuse(field, broken, 'control');
	const read = readAddrSpec(entry.address.trim());
	if ('fault' in read) return refuse(field, entry.address, read.fault);
	return [{ name: toDisplayName(name), address: read.address }];
}

function isAddressObject(
	value: unknown,
): value is { readonly address: string; readonly name?: string | null } {
	if (typeof value !== 'object' || value === null || !('address' in value)) return false;
	const name = 'name' in value ? (value.name ?? '') : '';
	return typeof value.address === 'string' && typeof name === 'string';
}

function refuse(field: string, entry: string, fault: AddressFault): never {
	throw new MailError('message.invalid', {
		subject: `${field}: ${toExcerpt(entry)}`,
		remedy: addressFaults[fault],
	});
}

/** The entry of a list that holds the character at `index`. */
function entryAround(text: string, index: number): string {
	const before = text.slice(0, index);
	const start = Math.max(before.lastIndexOf(','), before.lastIndexOf(';')) + 1;
	const length = text.slice(index).search(/[,;]/);
	return text.slice(start, length === -1 ? undefined : index + length).trimStart();
}

function formatList(addresses: readonly Address[]): string {
	return addresses.map((address) => address.address).join(', ');
}

function toKind(value: unknown): string {
	if (value === null) return 'null';
	return typeof value === 'object' ? 'object without address' : typeof value;
}
