import type { INodeProperties } from 'n8n-workflow';

const displayOptions = { show: { operation: ['sendAndWait'], responseType: ['customForm'] } };

export const formProperties: INodeProperties[] = [
	{
		displayName: 'Define Form',
		name: 'formDefinition',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Using Fields Below', value: 'fields' },
			{ name: 'Using JSON', value: 'json' },
		],
		default: 'fields',
		displayOptions,
	},
	{
		displayName: 'Form Fields',
		name: 'formFields',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add Form Field',
		default: {},
		options: [
			{
				displayName: 'Field',
				name: 'field',
				// In the order in which they are filled in.
				// eslint-disable-next-line n8n-nodes-base/node-param-fixed-collection-type-unsorted-items
				values: [
					{
						displayName: 'Label',
						name: 'label',
						type: 'string',
						default: '',
						placeholder: 'e.g. Reason',
						description: 'What stands above the field',
					},
					{
						displayName: 'Name',
						name: 'name',
						type: 'string',
						default: '',
						placeholder: 'The label',
						description: 'Under which the value arrives in <code>fields</code> of the item',
					},
					{
						displayName: 'Type',
						name: 'type',
						type: 'options',
						options: [
							{ name: 'Checkbox', value: 'checkbox' },
							{ name: 'Date', value: 'date' },
							{ name: 'Dropdown', value: 'dropdown' },
							{ name: 'Email', value: 'email' },
							{ name: 'Number', value: 'number' },
							{ name: 'Text', value: 'text' },
							{ name: 'Textarea', value: 'textarea' },
						],
						default: 'text',
					},
					{
						displayName: 'Choices',
						name: 'choices',
						type: 'string',
						typeOptions: { rows: 4 },
						default: '',
						description: 'One per line',
						displayOptions: { show: { type: ['dropdown'] } },
					},
					{
						displayName: 'Required',
						name: 'required',
						type: 'boolean',
						default: false,
						description: 'Whether the form is taken only with this field filled in',
					},
				],
			},
		],
		displayOptions: { show: { ...displayOptions.show, formDefinition: ['fields'] } },
	},
	{
		displayName: 'Form Fields (JSON)',
		name: 'formJson',
		type: 'json',
		typeOptions: { rows: 8 },
		default:
			'[\n  { "label": "Reason", "name": "reason", "type": "textarea", "required": true },\n  { "label": "Cost centre", "name": "costCentre", "type": "dropdown", "choices": ["100", "200"] }\n]',
		description:
			'Types: checkbox, date, dropdown, email, number, text, textarea. Labels are not read as HTML.',
		displayOptions: { show: { ...displayOptions.show, formDefinition: ['json'] } },
	},
];
