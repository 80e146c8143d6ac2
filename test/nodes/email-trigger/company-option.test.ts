import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { offerCompanies } from '../../../nodes/EmailTrigger/company-option';

function offered(parameters: Record<string, unknown>): string[] {
	const context = {
		getNodeParameter: (name: string, fallback: unknown) => parameters[name] ?? fallback,
		getNode: () => ({ id: '1', name: 'Email Trigger', type: 'emailTrigger' }),
	} as unknown as ILoadOptionsFunctions;
	return offerCompanies(context).map(({ value }) => String(value));
}

describe('The names that a rule on companies offers', () => {
	test('come from the node and from the JSON, each once, in alphabetical order', () => {
		const company = [{ name: 'Fabrikam', domains: 'not yet' }, { name: ' ' }, {}];
		const companiesJson = '[{"name": "Contoso"}, {"name": "FABRIKAM"}]';
		expect(offered({ companies: { company }, companiesJson })).toEqual(['Contoso', 'Fabrikam']);
	});

	test('are none in a new node', () => {
		expect(offered({})).toEqual([]);
		expect(offered({ companies: 5, companiesJson: null })).toEqual([]);
	});

	test('are replaced by the reason where the JSON cannot be read', () => {
		expect(() => offered({ companiesJson: '[{"name": 5}]' })).toThrow(
			'Companies From JSON, company 1: "name" must be a text',
		);
	});
});
