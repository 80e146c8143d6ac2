import type { INodeProperties } from 'n8n-workflow';

/** So many names of the node's own list are watched for changes. */
const WATCHED_NAMES = 50;

/**
 * Where the names come from that rules offer: n8n asks for them again when one of these has changed. It compares them
 * as text, in which an entry of a list is just `[object Object]`; so the names are named one by one.
 */
export const companySources: string[] = [
	'companiesJson',
	'companies.company',
	...Array.from({ length: WATCHED_NAMES }, (_, index) => `companies.company[${index}].name`),
];

export const companyProperties: INodeProperties[] = [
	{
		displayName: 'Companies',
		name: 'companies',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true, multipleValueButtonText: 'Add Company' },
		placeholder: 'Add Company',
		default: {},
		description:
			'The directory for the rule “Sender Company”. The company found is also in the item.',
		options: [
			{
				displayName: 'Company',
				name: 'company',
				values: [
					{
						displayName: 'Name',
						name: 'name',
						type: 'string',
						required: true,
						default: '',
						placeholder: 'e.g. Contoso',
					},
					{
						displayName: 'Domains',
						name: 'domains',
						type: 'string',
						default: '',
						placeholder: 'e.g. contoso.com; contoso.de',
						description: 'Separated by semicolons; sub-domains belong to the company too',
					},
					{
						displayName: 'Addresses',
						name: 'addresses',
						type: 'string',
						default: '',
						placeholder: 'e.g. contoso.orders@gmail.com',
						description: 'Single addresses outside these domains, separated by semicolons',
					},
				],
			},
		],
	},
	{
		displayName: 'Companies From JSON',
		name: 'companiesJson',
		type: 'json',
		default: '',
		placeholder: '[{"name": "Contoso", "domains": ["contoso.com"], "addresses": []}]',
		description:
			'Further companies of the directory. One list serves many workflows as an expression, such as {{ $vars.companies }}.',
	},
];
