import { toComparableAddress } from '../address/compare';
import { parentDomains, toComparableDomain } from '../address/domain';
import { readAddrSpec } from '../address/syntax';
import { toExcerpt } from '../excerpt';
import type { Address } from '../message';
import type { Alternative } from './alternative';
import type { Refuse } from './refusal';

const ANY_USER = '*@';
const ANY_SUBDOMAIN = '*@*.';

/**
 * `a@b.c` is that address, `*@b.c` that domain without its sub-domains, `*@*.b.c` its sub-domains without itself.
 * Case does not count, and domains are compared by their A-labels.
 */
export function toAddressAlternative(
	pattern: string,
	subject: string,
	refuse: Refuse,
): Alternative {
	const key = toPatternKey(pattern);
	if (key === undefined) {
		return refuse(`${toExcerpt(pattern)} is neither an address nor *@domain nor *@*.domain`);
	}
	const verb = key.startsWith(ANY_USER) ? 'matches' : 'is';
	return { key, because: `${subject} ${verb} ${toExcerpt(pattern)}` };
}

/** The keys of all patterns that one of the addresses fulfils. Display names do not count. */
export function toAddressKeys(addresses: Iterable<Address>): Set<string> {
	const keys = new Set<string>();
	for (const { address } of addresses) {
		const comparable = toComparableAddress(address);
		if (comparable === undefined) continue;
		keys.add(`${comparable.local}@${comparable.domain}`);
		addDomainKeys(keys, comparable.domain);
	}
	return keys;
}

function addDomainKeys(keys: Set<string>, domain: string): void {
	const domainKey = ANY_USER + domain;
	if (keys.has(domainKey)) return;
	keys.add(domainKey);
	for (const parent of parentDomains(domain)) {
		const parentKey = ANY_SUBDOMAIN + parent;
		if (keys.has(parentKey)) return;
		keys.add(parentKey);
	}
}

function toPatternKey(pattern: string): string | undefined {
	if (pattern.startsWith(ANY_SUBDOMAIN)) {
		const domain = toComparableDomain(pattern.slice(ANY_SUBDOMAIN.length));
		return domain === undefined || domain.startsWith('[') ? undefined : ANY_SUBDOMAIN + domain;
	}
	if (pattern.startsWith(ANY_USER)) {
		const domain = toComparableDomain(pattern.slice(ANY_USER.length));
		return domain && ANY_USER + domain;
	}
	return toExactKey(pattern);
}

/** The key of an address as typed; undefined where it is malformed. */
export function toExactKey(address: string): string | undefined {
	const read = readAddrSpec(address);
	if ('fault' in read) return undefined;
	const comparable = toComparableAddress(read.address);
	// A `*` in the local part is legal but meant as a pattern, of a kind that is not offered.
	if (comparable === undefined || comparable.local.includes('*')) return undefined;
	return `${comparable.local}@${comparable.domain}`;
}
