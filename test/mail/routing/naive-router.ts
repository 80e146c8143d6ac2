import { domainToASCII } from 'node:url';
import type { Address, MessageHead } from '../../../mail/message';
import type { Company, Route, RoutingSettings, Rule, RuleField } from '../../../mail/routing/route';

/**
 * The rules of routing as a reader of the documentation would work them out by hand: slow, without preparation, and only for
 * the well-formed values that the property test makes.
 */
export function decideNaively(settings: RoutingSettings, head: MessageHead) {
	const company = companyOf(head, settings.companies);
	const indexes = settings.routes.flatMap((route, index) =>
		takes(route, head, company) ? [index] : [],
	);
	return { indexes: settings.mode === 'first' ? indexes.slice(0, 1) : indexes, company };
}

function takes(route: Route, head: MessageHead, company: string | undefined): boolean {
	if (!route.enabled) return false;
	const recipients = [...head.to, ...head.cc, ...head.bcc];
	if (route.recipientAddress !== '' && !someMatch(route.recipientAddress, recipients)) return false;
	if (route.rules.length === 0) return true;
	const held = route.rules.filter((rule) => holds(rule, head, company)).length;
	return route.match === 'all' ? held === route.rules.length : held > 0;
}

function holds({ field, value }: Rule, head: MessageHead, company: string | undefined): boolean {
	const recipients = [...head.to, ...head.cc, ...head.bcc];
	const answers: Record<RuleField, () => boolean> = {
		importance: () => head.importance === 'high',
		subject: () => entries(value).some((word) => fold(head.subject).includes(fold(word))),
		recipient: () => someMatch(value, recipients),
		sender: () => someMatch(value, head.from.length > 0 ? head.from : head.sender),
		company: () =>
			company !== undefined && entries(value).some((name) => fold(name) === fold(company)),
		attachmentType: () =>
			head.attachments.some(
				(attachment) =>
					!attachment.inline &&
					entries(value).some((type) =>
						type.includes('/')
							? fitsMime(type.toLowerCase(), attachment.mimeType)
							: attachment.fileName
									.toLowerCase()
									.endsWith(`.${type.replace(/^\*?\./, '').toLowerCase()}`),
					),
			),
	};
	return answers[field]();
}

function someMatch(patterns: string, addresses: readonly Address[]): boolean {
	return entries(patterns).some((pattern) =>
		addresses.some(({ address }) => matches(pattern, address)),
	);
}

function matches(pattern: string, address: string): boolean {
	const wanted = divide(pattern);
	const given = divide(address);
	if (wanted.local !== '*') return wanted.local === given.local && wanted.domain === given.domain;
	if (!wanted.domain.startsWith('*.')) return wanted.domain === given.domain;
	return given.domain.endsWith(wanted.domain.slice(1));
}

function companyOf(head: MessageHead, companies: readonly Company[]): string | undefined {
	for (const { address } of head.from.length > 0 ? head.from : head.sender) {
		const known = companies.find(({ addresses }) =>
			entries(addresses).some((entry) => matches(entry, address)),
		);
		if (known !== undefined) return known.name;
		const { domain } = divide(address);
		const [best] = companies
			.flatMap(({ name, domains }) =>
				entries(domains).map((entry) => ({ name, domain: domainToASCII(entry) })),
			)
			.filter((entry) => `.${domain}`.endsWith(`.${entry.domain}`))
			.sort((a, b) => b.domain.length - a.domain.length);
		if (best !== undefined) return best.name;
	}
	return undefined;
}

function divide(address: string): { local: string; domain: string } {
	const [local = '', domain = ''] = address.toLowerCase().split('@');
	return { local, domain: domainToASCII(domain) };
}

function fitsMime(type: string, mimeType: string): boolean {
	return type.endsWith('/*') ? mimeType.startsWith(type.slice(0, -1)) : type === mimeType;
}

function fold(text: string): string {
	return text.toLowerCase().replaceAll('ß', 'ss').replace(/\s+/g, ' ').trim();
}

function entries(list: string): string[] {
	return list
		.split(';')
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '');
}
