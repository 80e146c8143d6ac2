import { isMailError } from '../../../mail/errors';
import type { Company, Route, RoutingSettings, RuleField } from '../../../mail/routing/route';
import { createRouter } from '../../../mail/routing/router';
import { route, rule, settings } from './settings';

function refusal(value: RoutingSettings): string | undefined {
	try {
		createRouter(value);
	} catch (error) {
		if (isMailError(error, 'settings.invalid')) return error.subject;
		throw error;
	}
	return undefined;
}

const fits = [rule('importance')];
const invoices = (parts: Partial<Route>) => route({ name: 'Invoices', ...parts });
const acme: Company = { name: 'Acme', domains: 'acme.com', addresses: '' };

describe('Settings that could not mean what the user wants are refused by name', () => {
	test.each<[string, Route[], string]>([
		[
			'a route without a name',
			[invoices({ rules: fits }), route({ name: ' ', rules: fits })],
			'route 2: the name is empty',
		],
		[
			'two routes of one name',
			[
				invoices({ rules: fits }),
				route({ name: 'B', rules: fits }),
				route({ name: ' INVOICES', rules: fits }),
			],
			'route " INVOICES": routes 1 and 3 have the same name',
		],
		[
			'a route called like the last output',
			[route({ name: 'fallback', rules: fits })],
			'route "fallback": this name belongs to the last output',
		],
		[
			'a route called like the error output',
			[route({ name: 'ERROR', rules: fits })],
			'route "ERROR": this name belongs to the error output',
		],
		[
			'a route that would take everything',
			[invoices({ recipientAddress: ' ' })],
			'route "Invoices": it has neither rules nor a recipient address and would take every e-mail',
		],
		[
			'a recipient address without entries',
			[invoices({ recipientAddress: ';', rules: fits })],
			'route "Invoices", recipient address: the list of recipients is empty',
		],
		[
			'a malformed recipient address',
			[invoices({ recipientAddress: 'a@b.de; foo' })],
			'route "Invoices", recipient address: "foo" is neither an address nor *@domain nor *@*.domain',
		],
		[
			'a fault in a route that is off',
			[invoices({ enabled: false, rules: [rule('subject')] })],
			'route "Invoices", rule 1: the list of key words is empty',
		],
	])('%s', (_title, routes, subject) => {
		expect(refusal(settings(routes))).toBe(subject);
	});

	test.each<[RuleField, string, string]>([
		['attachmentType', '', 'the list of attachment types is empty'],
		['subject', ' ; ', 'the list of key words is empty'],
		['recipient', ';', 'the list of recipients is empty'],
		['sender', '""', 'the list of senders is empty'],
		['company', '', 'the list of companies is empty'],
		['subject', 'a; "b', 'a double quote is not closed'],
		['company', 'Acme; Emca', 'the company directory has no company "Emca"'],
	])('a rule for %s with the value %j', (field, value, reason) => {
		const routes = [invoices({ rules: [...fits, rule(field, value)] })];
		expect(refusal(settings(routes, { companies: [acme] }))).toBe(
			`route "Invoices", rule 2: ${reason}`,
		);
	});

	test.each([
		['b.de'],
		['@b.de'],
		['*'],
		['*@*'],
		['*@'],
		['*@*.'],
		['*@b..de'],
		['*@*.*.de'],
		['x*@b.de'],
		['*@b.de/c'],
		['*@[IPv6:]'],
		['*@*.[192.0.2.1]'],
		['Ann <a@b.de>'],
		['a@b.de, c@d.de'],
		['a@b.de\r\nBcc: x@y.de'],
	])('the address pattern %j', (pattern) => {
		for (const field of ['recipient', 'sender'] as const) {
			expect(refusal(settings([invoices({ rules: [rule(field, pattern)] })]))).toMatch(
				/^route "Invoices", rule 1: ".*" is neither an address nor \*@domain/,
			);
		}
	});

	test.each([
		['.'],
		['*'],
		['*.'],
		['*.*'],
		['..pdf'],
		['.p*f'],
		['a b'],
		['a\\b'],
		['/'],
		['image/'],
		['/png'],
		['*/png'],
		['image/p*'],
		['a/b/c'],
		['text/plain, text/html'],
	])('the attachment type %j', (pattern) => {
		expect(refusal(settings([invoices({ rules: [rule('attachmentType', pattern)] })]))).toMatch(
			/^route "Invoices", rule 1: ".*" is neither an extension such as \.pdf nor a type/,
		);
	});

	test.each(['weather', 'constructor', '__proto__'])('the unknown kind of rule %s', (field) => {
		const unknown = { field, value: '' } as unknown as Route['rules'][number];
		expect(refusal(settings([invoices({ rules: [unknown] })]))).toBe(
			`route "Invoices", rule 1: "${field}" is not a kind of rule`,
		);
	});
});

describe('A company directory is refused with', () => {
	test.each<[string, Company[], string]>([
		['a company without a name', [acme, { ...acme, name: ' ' }], 'company 2: the name is empty'],
		[
			'two companies of one name',
			[acme, { name: 'ACME', domains: 'acme.de', addresses: '' }],
			'company "ACME": the directory has two companies of this name, the other is company 1',
		],
		[
			'two companies of one name from two sources',
			[acme, { ...acme, name: 'acme ', place: 'Companies From JSON, company 3' }],
			'Companies From JSON, company 3 "acme": the directory has two companies of this name, the other is company 1',
		],
		[
			'a company from elsewhere without a name',
			[{ ...acme, name: '', place: 'Companies From JSON, company 3' }],
			'Companies From JSON, company 3: the name is empty',
		],
		[
			'a name without end',
			[{ ...acme, name: 'A'.repeat(201) }],
			'company 1: the name is longer than 200 characters',
		],
		[
			'more companies than anybody has',
			Array.from({ length: 10_001 }, (_, index) => ({ ...acme, name: `C${index}` })),
			'companies: the directory has more than 10000 companies',
		],
		[
			'a company without domains and addresses',
			[{ name: 'Acme', domains: ' ; ', addresses: '' }],
			'company "Acme": it has neither domains nor addresses',
		],
		[
			'a domain with a wildcard',
			[{ ...acme, domains: 'acme.de; *@acme.com' }],
			'company "Acme": "*@acme.com" is not a domain',
		],
		[
			'a domain with spaces',
			[{ ...acme, domains: 'acme com' }],
			'company "Acme": "acme com" is not a domain',
		],
		[
			'a malformed address',
			[{ ...acme, addresses: 'acme.com' }],
			'company "Acme": "acme.com" is not an address',
		],
		[
			'an address with a wildcard',
			[{ ...acme, addresses: '*@acme.com' }],
			'company "Acme": "*@acme.com" is not an address',
		],
		[
			'a domain of two companies',
			[acme, { name: 'B', domains: 'b.de; ACME.com', addresses: '' }],
			'company "B": "acme.com" already belongs to company "Acme"',
		],
		[
			'an address of two companies',
			[
				{ name: 'A', domains: '', addresses: 'x@y.de' },
				{ name: 'B', domains: '', addresses: 'X@y.de' },
			],
			'company "B": "x@y.de" already belongs to company "A"',
		],
	])('%s', (_title, companies, subject) => {
		expect(refusal(settings([], { companies }))).toBe(subject);
	});

	test('nothing where all is well', () => {
		const companies = [
			acme,
			{ name: 'B', domains: 'labs.acme.com; acme.com.de', addresses: 'x@acme.com' },
		];
		expect(refusal(settings([], { companies }))).toBeUndefined();
	});
});
