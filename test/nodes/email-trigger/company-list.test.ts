import fc from 'fast-check';
import { isMailError } from '../../../mail/errors';
import { createRefusal } from '../../../mail/routing/refusal';
import { splitList } from '../../../mail/routing/value-list';
import { toCompanies } from '../../../nodes/EmailTrigger/company-list';

function refusalOf(value: unknown, parameter?: unknown): string {
	try {
		toCompanies(value, parameter);
	} catch (error) {
		if (isMailError(error, 'settings.invalid')) return error.subject ?? '';
		throw error;
	}
	throw new Error('The list was accepted.');
}

const place = (position: number) => `Companies From JSON, company ${position}`;

describe('Companies from JSON', () => {
	test('are read from text, with lists as text or as lists', () => {
		const text = JSON.stringify([
			{ name: 'Contoso', domains: ['contoso.com', 'contoso.de'], addresses: null, id: 7 },
			{ name: 'Fabrikam', domains: 'fabrikam.com; fabrikam.de' },
		]);
		expect(toCompanies(text)).toEqual([
			{ name: 'Contoso', domains: 'contoso.com;contoso.de', addresses: '', place: place(1) },
			{ name: 'Fabrikam', domains: 'fabrikam.com; fabrikam.de', addresses: '', place: place(2) },
		]);
	});

	test('are read from the list that an expression gives', () => {
		expect(toCompanies([{ name: 'Contoso', addresses: ['a@b.test'] }])).toEqual([
			{ name: 'Contoso', domains: '', addresses: 'a@b.test', place: place(1) },
		]);
	});

	test.each(['', ' \n', undefined, null, '[]'])('are none where there is %j', (value) => {
		expect(toCompanies(value)).toEqual([]);
	});

	test('keep each entry of a list as one entry', () => {
		fc.assert(
			fc.property(fc.array(fc.string()), (domains) => {
				const [company] = toCompanies([{ name: 'A', domains }]);
				const filled = domains.map((each) => each.trim()).filter((each) => each !== '');
				expect(splitList(company?.domains ?? '', createRefusal('here'))).toEqual(
					filled.map((each) => each),
				);
			}),
		);
	});

	test.each<[string, unknown, string]>([
		['an object', '{}', 'it must be a list such as [{"name"'],
		['a number', 5, 'it must be a list such as [{"name"'],
		['text that is no JSON', '[{name: 1}]', 'it is not JSON ('],
		['text that is cut off', '[{"name": "Contoso"', 'it is not JSON ('],
		['text without end', `[${' '.repeat(1024 * 1024)}]`, 'the text is longer than 1048576'],
		['too many', Array.from({ length: 10_001 }, () => ({})), 'the list has more than 10000'],
	])('are refused as %s', (_title, value, reason) => {
		expect(refusalOf(value)).toContain(`Companies From JSON: ${reason}`);
	});

	test.each<[string, unknown, string]>([
		['a text', 'Contoso', 'must be such as {"name": "Contoso", "domains": ["contoso.com"]}'],
		['nothing', null, 'must be such as {"name"'],
		['a number as its name', { name: 5 }, '"name" must be a text'],
		['a number as its domains', { domains: 5 }, '"domains" must be a text or a list of texts'],
		['a list of numbers', { addresses: [5] }, '"addresses" must be a text or a list of texts'],
	])('name the entry that is %s', (_title, entry, reason) => {
		const fine = { name: 'A', domains: 'a.test' };
		expect(refusalOf([fine, fine, entry])).toContain(`${place(3)}: ${reason}`);
	});

	test('are refused where a variable that should hold them is missing', () => {
		expect(refusalOf(undefined, '={{ $vars.companies }}')).toBe(
			'Companies From JSON: the expression "{{ $vars.companies }}" gives nothing',
		);
		expect(refusalOf('', '={{ $vars.companies }}')).toContain('gives nothing');
		expect(toCompanies('[]', '={{ $vars.companies }}')).toEqual([]);
	});

	test('are read or refused, whatever is given', () => {
		fc.assert(
			fc.property(fc.oneof(fc.json(), fc.anything()), (value) => {
				try {
					expect(Array.isArray(toCompanies(value))).toBe(true);
				} catch (error) {
					expect(isMailError(error, 'settings.invalid')).toBe(true);
				}
			}),
		);
	});
});
