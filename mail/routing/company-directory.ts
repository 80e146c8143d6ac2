import { toComparableAddress } from '../address/compare';
import { parentDomains, toComparableDomain } from '../address/domain';
import { toExcerpt } from '../excerpt';
import { COMPANIES, COMPANY_NAME_CHARACTERS } from '../limits';
import type { Address } from '../message';
import { toExactKey } from './address-pattern';
import { createRefusal, type Refuse } from './refusal';
import type { Company } from './route';
import { foldText } from './text-fold';
import { splitList } from './value-list';

export interface KnownCompany {
	/** As the directory spells it. */
	readonly name: string;
	/** The name as names are compared. */
	readonly key: string;
}

export interface CompanyDirectory {
	byName(name: string): KnownCompany | undefined;
	/**
	 * The company of the first address that belongs to one. An exact address beats a domain, a longer domain a shorter one;
	 * a domain covers its sub-domains.
	 */
	bySender(senders: readonly Address[]): KnownCompany | undefined;
}

/** Throws MailError `settings.invalid` that names the company which is not described properly. */
export function createCompanyDirectory(companies: readonly Company[]): CompanyDirectory {
	if (companies.length > COMPANIES) {
		createRefusal('companies')(`the directory has more than ${COMPANIES} companies`);
	}
	const names = new Map<string, KnownCompany>();
	const places = new Map<string, string>();
	const addresses = new Map<string, KnownCompany>();
	const domains = new Map<string, KnownCompany>();

	companies.forEach((company, index) => {
		const place = company.place ?? `company ${index + 1}`;
		const known = toKnownCompany(company, place);
		const refuse = createRefusal(`${company.place ?? 'company'} ${toExcerpt(known.name)}`);
		const other = places.get(known.key);
		if (other !== undefined) {
			refuse(`the directory has two companies of this name, the other is ${other}`);
		}
		names.set(known.key, known);
		places.set(known.key, place);

		const ownDomains = splitList(company.domains, refuse);
		const ownAddresses = splitList(company.addresses, refuse);
		if (ownDomains.length + ownAddresses.length === 0) {
			refuse('it has neither domains nor addresses');
		}
		for (const entry of ownDomains) {
			const domain = toComparableDomain(entry);
			if (domain === undefined) return refuse(`${toExcerpt(entry)} is not a domain`);
			claim(domains, domain, known, refuse);
		}
		for (const entry of ownAddresses) {
			const address = toExactKey(entry);
			if (address === undefined) return refuse(`${toExcerpt(entry)} is not an address`);
			claim(addresses, address, known, refuse);
		}
	});

	const byAddress = ({ address }: Address): KnownCompany | undefined => {
		const comparable = toComparableAddress(address);
		if (comparable === undefined) return undefined;
		const { local, domain } = comparable;
		return addresses.get(`${local}@${domain}`) ?? byDomain(domains, domain);
	};

	return {
		byName: (name) => names.get(foldText(name)),
		bySender: (senders) => {
			if (names.size === 0) return undefined;
			for (const sender of senders) {
				const company = byAddress(sender);
				if (company !== undefined) return company;
			}
			return undefined;
		},
	};
}

function toKnownCompany(company: Company, place: string): KnownCompany {
	const refuse = createRefusal(place);
	const name = company.name.trim();
	if (name === '') refuse('the name is empty');
	if (name.length > COMPANY_NAME_CHARACTERS) {
		refuse(`the name is longer than ${COMPANY_NAME_CHARACTERS} characters`);
	}
	return { name, key: foldText(name) };
}

/** One address or domain belongs to one company, so that the answer never depends on the directory's order. */
function claim(
	owners: Map<string, KnownCompany>,
	key: string,
	company: KnownCompany,
	refuse: Refuse,
): void {
	const owner = owners.get(key) ?? company;
	if (owner !== company) {
		refuse(`${toExcerpt(key)} already belongs to company ${toExcerpt(owner.name)}`);
	}
	owners.set(key, company);
}

function byDomain(
	domains: ReadonlyMap<string, KnownCompany>,
	domain: string,
): KnownCompany | undefined {
	const exact = domains.get(domain);
	if (exact !== undefined) return exact;
	for (const parent of parentDomains(domain)) {
		const company = domains.get(parent);
		if (company !== undefined) return company;
	}
	return undefined;
}
