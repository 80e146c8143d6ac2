import type { INodeProperties } from 'n8n-workflow';

export const companyProperties: INodeProperties[] = [
	{
		displayName: 'Companies',
		name: 'companies',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true, multipleValueButtonText: 'Add Company' },
		placeholder: 'Add Company',
		default: {},
		description:
			"The directory for the rule “Sender's company”. The company found is also in the item.",
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
];
