import { domainToASCII } from 'node:url';
import type { Address, MessageHead } from '../../../mail/message';
import type {
	Company,
	Route,
	RoutedBody,
	RoutingSettings,
	Rule,
	RuleField,
} from '../../../mail/routing/route';

/**
 * The rules of routing as a reader of the documentation would work them out by hand: slow, without preparation, and only for
 * the well-formed values that the property test makes.
 */
export function decideNaively(settings: RoutingSettings, head: MessageHead, body: RoutedBody) {
	const company = companyOf(head, settings.companies);
	const inOrder = settings.routes
		.map((route, index) => ({ route, index }))
		.sort((a, b) => (a.route.priority ?? 100) - (b.route.priority ?? 100) || a.index - b.index);
	const indexes = inOrder.flatMap(({ route, index }) =>
		takes(route, { head, body, company, trusted: settings.trustedServers ?? [] }) ? [index] : [],
	);
	return { indexes: settings.mode === 'first' ? indexes.slice(0, 1) : indexes, company };
}

interface Mail {
	readonly head: MessageHead;
	readonly body: RoutedBody;
	readonly company: string | undefined;
	readonly trusted: readonly string[];
}

function takes(route: Route, mail: Mail): boolean {
	const { head } = mail;
	if (!route.enabled) return false;
	const recipients = [...head.to, ...head.cc, ...head.bcc];
	if (route.recipientAddress !== '' && !someMatch(route.recipientAddress, recipients)) return false;
	if (route.rules.length === 0) return true;
	const held = route.rules.filter((rule) => holds(rule, mail) !== (rule.negate ?? false)).length;
	return route.match === 'all' ? held === route.rules.length : held > 0;
}

function holds({ field, operator, value, header = '' }: Rule, mail: Mail): boolean {
	const { head, company } = mail;
	const recipients = [...head.to, ...head.cc, ...head.bcc];
	const answers: Record<RuleField, () => boolean> = {
		importance: () => head.importance === 'high',
		subject: () => compare([head.subject], operator, value),
		body: () => compare([mail.body.text ?? ''], operator, value),
		bounce: () =>
			(mail.body.facts?.bounce?.recipients ?? []).some((bounced) => {
				if (operator === 'address') {
					const both = [bounced.address, bounced.originalAddress];
					return someMatch(
						value,
						both.map((address) => ({ name: '', address })),
					);
				}
				return entries(value).some((status) =>
					/^[a-z]/i.test(status)
						? bounced.outcome === status.toLowerCase()
						: `${bounced.status}.`.startsWith(`${status.replace('.*', '')}.`),
				);
			}),
		calendar: () => {
			const { method, reply } = mail.body.facts?.calendar ?? { method: '', reply: null };
			const said = method === 'REPLY' && reply !== null ? [reply.participation] : [];
			return entries(value.toUpperCase()).some((word) => [method, ...said].includes(word));
		},
		header: () => compare(head.headers.get(header.toLowerCase()) ?? [], operator, value),
		attachmentName: () =>
			compare(
				head.attachments.filter(({ inline }) => !inline).map(({ fileName }) => fileName),
				operator,
				value,
			),
		recipient: () => {
			if (operator === 'to') return someMatch(value, head.to);
			if (operator === 'cc') return someMatch(value, head.cc);
			if (operator !== 'delivered') return someMatch(value, recipients);
			const delivered = ['delivered-to', 'x-original-to'].flatMap(
				(name) => head.headers.get(name) ?? [],
			);
			return someMatch(
				value,
				delivered.map((address) => ({ name: '', address: address.replace(/[<>]/g, '') })),
			);
		},
		size: () =>
			operator === 'smaller'
				? head.sizeBytes < Number(value) * 1024
				: head.sizeBytes > Number(value) * 1024,
		kind: () => entries(value).some((kind) => isOfKind(kind, head)),
		mark: () =>
			entries(value.toLowerCase()).some((mark) => {
				const flags = head.flags.map((flag) => flag.toLowerCase());
				if (mark === 'read') return flags.includes('\\seen');
				if (mark === 'unread') return !flags.includes('\\seen');
				return flags.includes(mark === 'flagged' ? '\\flagged' : mark);
			}),
		authentication: () => {
			const [results = ''] = head.headers.get('authentication-results') ?? [];
			const [server = ''] = results.split(';');
			const isTrusted = mail.trusted.includes(server);
			return entries(value).some((verdict) => isTrusted && results.split('; ').includes(verdict));
		},
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

function compare(texts: readonly string[], operator: Rule['operator'], value: string): boolean {
	if (operator === 'matches') return texts.some((text) => new RegExp(value, 'i').test(text));
	return texts.map(fold).some((text) =>
		entries(value)
			.map(fold)
			.some((word) => {
				if (operator === 'is') return text === word;
				if (operator === 'beginsWith') return text.startsWith(word);
				if (operator === 'endsWith') return text.endsWith(word);
				return text.includes(word);
			}),
	);
}

/** For the heads that the property test makes. */
function isOfKind(kind: string, { headers, inReplyTo, attachments }: MessageHead): boolean {
	const submitted = headers.get('auto-submitted')?.[0];
	const hasReport = attachments.some(({ mimeType }) => mimeType === 'message/delivery-status');
	const answers: Record<string, boolean> = {
		automatic: submitted !== undefined || hasReport,
		outOfOffice: submitted?.includes('vacation') ?? false,
		bounce: hasReport,
		mailingList: headers.has('list-id'),
		bulk: headers.has('list-id'),
		calendarInvitation: attachments.some(({ mimeType }) => mimeType === 'text/calendar'),
		reply: inReplyTo !== '',
		newThread: inReplyTo === '',
	};
	return answers[kind] ?? false;
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
