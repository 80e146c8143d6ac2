import { ruleFieldTexts } from '../../../mail/routing/rule-field-text';
import { ruleFields } from '../../../mail/routing/rule-field';
import { readOperator } from '../../../mail/routing/rule-words';
import type { RuleField } from '../../../mail/routing/route';
import { isMailError } from '../../../mail/errors';
import { createCompanyDirectory } from '../../../mail/routing/company-directory';
import { createRefusal } from '../../../mail/routing/refusal';

const context = {
	directory: createCompanyDirectory([
		{ name: 'Acme', domains: 'acme.com', addresses: '' },
		{ name: 'Example Ltd', domains: 'example.com', addresses: '' },
	]),
	trustedServers: ['mx.example.com'],
	refuse: createRefusal('here'),
};

const usual = (field: RuleField) => readOperator(field, undefined, context);

describe('The table of rule kinds', () => {
	test('has one text for each function, and one function for each text', () => {
		expect(ruleFieldTexts.map(({ field }) => field).sort()).toEqual(Object.keys(ruleFields).sort());
	});

	test.each(ruleFieldTexts)('says of $field whether it takes a value', ({ field, value }) => {
		let isRefused = false;
		try {
			ruleFields[field]({ value: '', header: 'X-A', operator: usual(field) }, context);
		} catch (error) {
			isRefused = isMailError(error, 'settings.invalid');
		}
		expect(isRefused).toBe(value !== undefined);
	});

	test.each(ruleFieldTexts)(
		'gives an example for $field that the router takes',
		({ field, value }) => {
			const example = (value?.placeholder ?? '').replace('e.g. ', '');
			const rule = { value: example, header: 'X-A', operator: usual(field) };
			expect(ruleFields[field](rule, context)).toBeInstanceOf(Function);
		},
	);
});
