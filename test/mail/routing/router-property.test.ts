import fc from 'fast-check';
import { isMailError } from '../../../mail/errors';
import type { MessageHead } from '../../../mail/message';
import type { Company, Route, RoutingSettings, Rule, RuleField } from '../../../mail/routing/route';
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

const values: Record<RuleField, fc.Arbitrary<string>> = {
	importance: fc.constantFrom('', 'anything'),
	attachmentType: listOf(
		fc.constantFrom('pdf', '.PDF', '*.docx', 'tar.gz', 'gz', 'image/*', 'Image/PNG', 'text/plain'),
	),
	subject: listOf(fc.constantFrom('invoice', 'INVOICE', 'strasse', 'Straße', 'e a', 'voice re')),
	recipient: listOf(pattern),
	sender: listOf(pattern),
	company: listOf(fc.constantFrom('One', 'STRASSE', 'straße', 'three')),
};

const rule: fc.Arbitrary<Rule> = fc
	.constantFrom<RuleField[]>(
		'importance',
		'attachmentType',
		'subject',
		'recipient',
		'sender',
		'company',
	)
	.chain((field) => fc.record({ field: fc.constant(field), value: values[field] }));

const route: fc.Arbitrary<Omit<Route, 'name'>> = fc
	.record({
		enabled: fc.boolean(),
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
					mimeType: fc.constantFrom('image/png', 'text/plain', 'application/pdf'),
					inline: fc.boolean(),
				})
				.map(attachment),
			{ maxLength: 2 },
		),
	} satisfies { [Part in keyof MessageHead]?: fc.Arbitrary<MessageHead[Part]> })
	.map(createHead);

describe('For all routes and mails', () => {
	test('the router decides as the documented rules say', () => {
		fc.assert(
			fc.property(settings, head, (rules, mail) => {
				const decision = createRouter(rules).decide(mail);
				expect({
					indexes: decision.matches.map(({ index }) => index),
					company: decision.company,
				}).toEqual(decideNaively(rules, mail));
			}),
			{ numRuns: 3000 },
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
	const field = fc.constantFrom<RuleField[]>(
		'attachmentType',
		'subject',
		'recipient',
		'sender',
		'company',
	);

	test('settings are refused by name or the router works on any mail', () => {
		fc.assert(
			fc.property(
				field,
				text,
				text,
				text,
				hostileHead,
				(kind, value, name, recipientAddress, mail) => {
					const routes: Route[] = [
						{
							name,
							enabled: true,
							recipientAddress,
							rules: [{ field: kind, value }],
							match: 'all',
						},
					];
					try {
						createRouter({ routes, companies, mode: 'every' }).decide(mail);
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
