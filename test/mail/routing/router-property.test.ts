import fc from 'fast-check';
import { isMailError } from '../../../mail/errors';
import type { MessageHead } from '../../../mail/message';
import type { BouncedRecipient } from '../../../mail/facts/bounce';
import type { CalendarEvent } from '../../../mail/facts/calendar';
import { readCalendarEvent } from '../../../mail/facts/calendar-event';
import type { MailFacts } from '../../../mail/facts/mail-facts';
import type {
	Company,
	Route,
	RoutedBody,
	RoutingSettings,
	Rule,
	RuleField,
} from '../../../mail/routing/route';
import { findUnreachable } from '../../../mail/routing/reach';
import { ruleFieldTexts } from '../../../mail/routing/rule-field-text';
import { createRouter } from '../../../mail/routing/router';
import { attachment, createHead } from './head';
import { decideNaively } from './naive-router';

const local = fc.constantFrom('a', 'B', 'ann.bell');
const domain = fc.constantFrom(
	...['b.de', 'B.DE', 'x.b.de', 'y.x.b.de', 'ab.de', 'de', 'müller.de', 'MÜLLER.de'],
	...['xn--mller-kva.de', 'x.müller.de'],
);
const address = fc.tuple(local, domain).map((parts) => parts.join('@'));
const addressee = fc.record({ name: fc.constantFrom('', 'a@b.de', '*@b.de'), address });
const pattern = fc.oneof(
	address,
	domain.map((name) => `*@${name}`),
	domain.map((name) => `*@*.${name}`),
);
const subjectWord = fc.constantFrom(
	'invoice',
	'STRASSE',
	'straße',
	'Re:',
	'a',
	' ',
	'\t',
	'voice',
	'ss',
);

/** A `;` list with the looseness that users type. */
const listOf = (entry: fc.Arbitrary<string>) =>
	fc
		.array(entry, { minLength: 1, maxLength: 3 })
		.chain((values) => fc.constantFrom(values.join(';'), ` ${values.join(' ;; ')} ;`));

const companies: Company[] = [
	{ name: 'One', domains: 'b.de', addresses: '' },
	{ name: 'Straße', domains: 'x.b.de; müller.de', addresses: 'a@ab.de' },
	{ name: 'Three', domains: '', addresses: 'ann.bell@xn--mller-kva.de; B@y.x.b.de' },
];

const trustedServers = ['mx.good.test'];
const keyWords = fc.constantFrom('invoice', 'INVOICE', 'strasse', 'Straße', 'e a', 'voice re');

const values: Record<RuleField, fc.Arbitrary<string>> = {
	attachmentName: listOf(fc.constantFrom('a.pdf', 'TAR', '.gz', 'pdf')),
	authentication: listOf(fc.constantFrom('spf=pass', 'dmarc=fail', 'dkim=pass')),
	body: listOf(keyWords),
	header: listOf(fc.constantFrom('one', 'TWO', 'one two')),
	kind: listOf(
		fc.constantFrom(
			...['automatic', 'outOfOffice', 'bounce', 'mailingList', 'bulk', 'calendarInvitation'],
			...['reply', 'newThread'],
		),
	),
	mark: listOf(fc.constantFrom('read', 'Unread', 'flagged', '$Label')),
	size: fc.constantFrom('0', '1', '2.5', '1000'),
	importance: fc.constantFrom('', 'anything'),
	attachmentType: listOf(
		fc.constantFrom('pdf', '.PDF', '*.docx', 'tar.gz', 'gz', 'image/*', 'Image/PNG', 'text/plain'),
	),
	subject: listOf(keyWords),
	recipient: listOf(pattern),
	sender: listOf(pattern),
	bounce: fc.constantFrom('a@b.de', '*@b.de'),
	calendar: listOf(
		fc.constantFrom('request', 'CANCEL', 'reply', 'publish', 'accepted', 'tentative'),
	),
	company: listOf(fc.constantFrom('One', 'STRASSE', 'straße', 'three')),
};

const textOperators = ['contains', 'is', 'beginsWith', 'endsWith', undefined] as const;
const statuses = listOf(fc.constantFrom('permanent', 'Temporary', '5', '5.1.1', '5.7.*', '4.2'));
const operators: Partial<Record<RuleField, ReadonlyArray<Rule['operator']>>> = {
	attachmentName: textOperators,
	body: textOperators,
	header: textOperators,
	subject: textOperators,
	recipient: ['visible', 'to', 'cc', 'delivered', undefined],
	bounce: ['address'],
	size: ['larger', 'smaller', undefined],
};

const plainRule = fc.constantFrom(...ruleFieldTexts.map(({ field }) => field)).chain((field) =>
	fc.record<Rule>({
		field: fc.constant(field),
		operator: fc.constantFrom(...(operators[field] ?? [undefined])),
		value: values[field],
		header: fc.constant('X-Note'),
		negate: fc.boolean(),
	}),
);
const patternRule = fc.record<Rule>({
	field: fc.constantFrom('subject', 'body', 'header', 'attachmentName'),
	operator: fc.constant('matches'),
	value: fc.constantFrom('inv.ice', '^a', 'gz$', '(a|o)ne?\\b', '[^i]v+', 're:|two'),
	header: fc.constant('x-note'),
	negate: fc.boolean(),
});
const bounceRule = fc
	.constantFrom<Array<[Rule['operator'], fc.Arbitrary<string>]>>(
		['address', listOf(pattern)],
		['status', statuses],
		[undefined, statuses],
	)
	.chain(([operator, value]) =>
		fc.record<Rule>({
			field: fc.constant('bounce'),
			operator: fc.constant(operator),
			value,
			negate: fc.boolean(),
		}),
	);
const rule: fc.Arbitrary<Rule> = fc.oneof(
	{ weight: 5, arbitrary: plainRule },
	patternRule,
	bounceRule,
);

const route: fc.Arbitrary<Omit<Route, 'name'>> = fc
	.record({
		enabled: fc.boolean(),
		priority: fc.constantFrom(undefined, 1, 100, 200),
		recipientAddress: fc.oneof(fc.constant(''), listOf(pattern)),
		rules: fc.array(rule, { maxLength: 3 }),
		match: fc.constantFrom('all', 'any'),
	})
	.filter(({ recipientAddress, rules }) => recipientAddress !== '' || rules.length > 0);

const settings: fc.Arbitrary<RoutingSettings> = fc.record({
	routes: fc
		.array(route, { maxLength: 6 })
		.map((routes) => routes.map((parts, index) => ({ ...parts, name: `R${index}` }))),
	companies: fc.constant(companies),
	mode: fc.constantFrom('first', 'every'),
	trustedServers: fc.constant(trustedServers),
});

const head: fc.Arbitrary<MessageHead> = fc
	.record({
		subject: fc.array(subjectWord, { maxLength: 5 }).map((words) => words.join('')),
		from: fc.array(addressee, { maxLength: 2 }),
		sender: fc.array(addressee, { maxLength: 1 }),
		to: fc.array(addressee, { maxLength: 2 }),
		cc: fc.array(addressee, { maxLength: 1 }),
		bcc: fc.array(addressee, { maxLength: 1 }),
		importance: fc.constantFrom('high', 'normal', 'low'),
		attachments: fc.array(
			fc
				.record({
					fileName: fc.constantFrom('', 'a.pdf', 'A.DOCX', 'x.tar.gz', 'pdf', 'a.pdf.exe'),
					mimeType: fc.constantFrom(
						...['image/png', 'text/plain', 'application/pdf', 'text/calendar'],
						'message/delivery-status',
					),
					inline: fc.boolean(),
				})
				.map(attachment),
			{ maxLength: 2 },
		),
		inReplyTo: fc.constantFrom('', '<1@x.test>'),
		sizeBytes: fc.constantFrom(0, 1024, 1025, 2560, 5000),
		flags: fc.subarray(['\\Seen', '\\Flagged', '$label']),
		headers: fc
			.subarray([
				['x-note', ['one two', 'Invoice']],
				['delivered-to', ['<a@b.de>']],
				['x-original-to', ['B@x.b.de']],
				['list-id', ['<l.test>']],
				['auto-submitted', ['auto-replied (vacation)']],
				['authentication-results', ['mx.good.test; spf=pass; dmarc=fail']],
			] as Array<[string, string[]]>)
			.map((fields) => new Map(fields)),
	} satisfies { [Part in keyof MessageHead]?: fc.Arbitrary<MessageHead[Part]> })
	.map(createHead);

const bounced: fc.Arbitrary<BouncedRecipient> = fc
	.record({
		address,
		originalAddress: fc.oneof(fc.constant(''), address),
		status: fc.constantFrom('', '5.1.1', '5.7.1', '4.2.2', '2.0.0', '5.1.10'),
		outcome: fc.constantFrom('permanent', 'temporary', 'success'),
	} as const)
	.map((parts) => ({ ...parts, action: 'failed', diagnostic: '', remoteMta: '' }));
const calendar: fc.Arbitrary<CalendarEvent> = fc
	.record({
		method: fc.constantFrom('', 'REQUEST', 'CANCEL', 'REPLY', 'COUNTER', 'X-A'),
		participation: fc.constantFrom('ACCEPTED', 'DECLINED', 'TENTATIVE', 'NEEDS-ACTION'),
	})
	.map(({ method, participation }) => {
		const event = readCalendarEvent(
			`BEGIN:VCALENDAR\nMETHOD:${method}\nBEGIN:VEVENT\nATTENDEE;PARTSTAT=${participation}:mailto:a@b.de`,
			false,
		);
		if (event === undefined) throw new Error('no event');
		return event;
	});
const facts: fc.Arbitrary<MailFacts> = fc.record({
	calendar: fc.option(calendar, { nil: undefined }),
	bounce: fc.option(
		fc.record({
			format: fc.constant('rfc3464'),
			reportingMta: fc.constant(''),
			originalMessageId: fc.constant(''),
			recipients: fc.array(bounced, { maxLength: 2 }),
			truncated: fc.constant(false),
		} as const),
		{ nil: undefined },
	),
});
const text: fc.Arbitrary<RoutedBody> = fc.record({
	text: fc.array(subjectWord, { maxLength: 5 }).map((words) => words.join('')),
	facts: fc.option(facts, { nil: undefined }),
});

describe('For all routes and mails', () => {
	test('the router decides as the documented rules say', () => {
		fc.assert(
			fc.property(settings, head, text, (rules, mail, body) => {
				const decision = createRouter(rules).decide(mail, body);
				expect({
					indexes: decision.matches.map(({ index }) => index),
					company: decision.company,
				}).toEqual(decideNaively(rules, mail, body));
			}),
			{ numRuns: 3000 },
		);
	});

	test('what is decided without the text is decided the same with any text', () => {
		fc.assert(
			fc.property(settings, head, text, (rules, mail, body) => {
				const router = createRouter(rules);
				const early = router.decide(mail, { facts: body.facts });
				if (early.needsText === true) {
					expect(
						rules.routes.some((each) => each.rules.some(({ field }) => field === 'body')),
					).toBe(true);
					return;
				}
				const late = router.decide(mail, body);
				const indexes = ({ matches }: typeof late) => matches.map(({ index }) => index);
				expect(indexes(early)).toEqual(indexes(late));
				expect(late.needsText).toBeUndefined();
			}),
			{ numRuns: 2000 },
		);
	});

	test('every match has a name and at least one reason', () => {
		fc.assert(
			fc.property(settings, head, (rules, mail) => {
				for (const { index, name, because } of createRouter(rules).decide(mail).matches) {
					expect(name).toBe(rules.routes[index]?.name);
					expect(because.length).toBeGreaterThan(0);
				}
			}),
		);
	});

	test('what a route is explained with is what decides', () => {
		fc.assert(
			fc.property(settings, head, text, (rules, mail, body) => {
				const router = createRouter({ ...rules, mode: 'every' });
				const fitting = router.explain(mail, body).filter(({ fits, enabled }) => fits && enabled);
				const { matches } = router.decide(mail, body);
				const taken = matches.map(({ index }) => index).sort((a, b) => a - b);
				expect(fitting.map(({ index }) => index)).toEqual(taken);
				for (const { fits, rules: explained, index } of router.explain(mail, body)) {
					const holding = explained.filter(({ holds }) => holds).length;
					const isAll = rules.routes[index]?.match === 'all';
					if (fits && isAll) expect(holding).toBe(explained.length);
					if (!fits && isAll) expect(holding).toBeLessThan(explained.length);
				}
			}),
		);
	});

	test('a route that is called unreachable never gets a mail', () => {
		const sameRules = fc.array(rule, { minLength: 1, maxLength: 2 }).chain((pool) =>
			fc.record({
				routes: fc
					.array(
						fc.record({
							enabled: fc.boolean(),
							priority: fc.constantFrom(undefined, 1),
							recipientAddress: fc.constantFrom('', 'a@b.de', 'a@b.de;*@x.b.de'),
							rules: fc.subarray(pool),
							match: fc.constantFrom<Route['match'][]>('all', 'any'),
						}),
						{ maxLength: 4 },
					)
					.map((list) =>
						list
							.filter(({ recipientAddress, rules }) => recipientAddress !== '' || rules.length > 0)
							.map((parts, index) => ({ ...parts, name: `R${index}` })),
					),
				companies: fc.constant(companies),
				mode: fc.constantFrom<RoutingSettings['mode'][]>('first', 'every'),
				trustedServers: fc.constant(trustedServers),
			}),
		);
		fc.assert(
			fc.property(sameRules, head, text, (rules, mail, body) => {
				const taken = createRouter(rules)
					.decide(mail, body)
					.matches.map(({ index }) => index);
				for (const { index } of findUnreachable(rules)) expect(taken).not.toContain(index);
			}),
			{ numRuns: 2000 },
		);
	});

	test('the same router gives the same answer again, whatever came between', () => {
		fc.assert(
			fc.property(settings, head, head, (rules, mail, other) => {
				const router = createRouter(rules);
				const first = router.decide(mail);
				router.decide(other);
				expect(router.decide(mail)).toEqual(first);
			}),
		);
	});
});

describe('For all texts as values', () => {
	const text = fc.oneof(
		fc.string(),
		fc.constantFrom(
			'(a+)+$',
			'[',
			'x{1001}',
			'(?P<a>.)(?P<b>.)',
			'1e3',
			'-1',
			'spf=pass',
			'bounce',
		),
		fc.array(fc.constantFrom(...'*@.;"/ab'), { maxLength: 12 }).map((all) => all.join('')),
	);
	const hostileHead = fc
		.record({
			subject: fc.string({ unit: 'binary' }),
			from: fc.array(fc.record({ name: text, address: text }), { maxLength: 2 }),
			to: fc.array(fc.record({ name: text, address: text }), { maxLength: 2 }),
			attachments: fc.array(fc.record({ fileName: text, mimeType: text }).map(attachment), {
				maxLength: 2,
			}),
		})
		.map(createHead);
	const field = fc.constantFrom(...ruleFieldTexts.map((rule) => rule.field));
	const operator = fc.constantFrom(
		...ruleFieldTexts.flatMap(({ operators: own = [] }) => own.map(({ value }) => value)),
		undefined,
	);

	test('settings are refused by name or the router works on any mail', () => {
		fc.assert(
			fc.property(
				fc.record<Rule>({ field, operator, value: text, header: text, negate: fc.boolean() }),
				text,
				text,
				hostileHead,
				(one, name, recipientAddress, mail) => {
					const routes: Route[] = [
						{
							name,
							enabled: true,
							recipientAddress,
							rules: [one],
							match: 'all',
						},
					];
					try {
						createRouter({ routes, companies, mode: 'every', trustedServers }).decide(mail);
					} catch (error) {
						if (!isMailError(error, 'settings.invalid')) throw error;
						expect(error.subject).toMatch(/^route /);
					}
				},
			),
			{ numRuns: 2000 },
		);
	});
});
