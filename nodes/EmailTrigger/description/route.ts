import type { INodeProperties } from 'n8n-workflow';
import { ruleFieldTexts } from '../../../mail/routing/rule-field-text';

const fieldsWithValue = ruleFieldTexts.filter(({ value }) => value !== undefined);

/** One value box per rule kind, so that each can say what belongs into it; all share one name. */
const ruleValues: INodeProperties[] = fieldsWithValue.map(({ field, value }) => ({
	displayName: value?.label ?? '',
	name: 'value',
	type: 'string',
	default: '',
	placeholder: value?.placeholder,
	description: value?.description,
	displayOptions: { show: { field: [field] } },
}));

export const routeProperties: INodeProperties[] = [
	{
		displayName:
			'Each route is one output, in the order of the list, followed by the fallback and the error output. Connections stay at their position: after you add, move or delete a route, check on the canvas which branch each output leads to.',
		name: 'routeNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Routes',
		name: 'routes',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true, multipleValueButtonText: 'Add Route' },
		placeholder: 'Add Route',
		default: {},
		description:
			'Named outputs with rules. The first route that fits takes the e-mail; put the most specific ones on top. What no route takes leaves by the fallback.',
		options: [
			{
				displayName: 'Route',
				name: 'route',
				// eslint-disable-next-line n8n-nodes-base/node-param-fixed-collection-type-unsorted-items -- in the order in which a route is read: its name first, its rules last
				values: [
					{
						displayName: 'Name',
						name: 'name',
						type: 'string',
						noDataExpression: true,
						required: true,
						default: '',
						placeholder: 'e.g. Invoices',
						description: 'The name of the output',
					},
					{
						displayName: 'Enabled',
						name: 'enabled',
						type: 'boolean',
						default: true,
						description: 'Whether the route takes e-mails. A route that is off keeps its output.',
					},
					{
						displayName: 'Recipient Address',
						name: 'recipientAddress',
						type: 'string',
						default: '',
						placeholder: 'e.g. support@example.com',
						description:
							'Only e-mails to this address, seen in To, Cc or Bcc. Several with semicolons, whole domains as *@example.com. Leave empty for any recipient.',
					},
					{
						displayName: 'Match',
						name: 'match',
						type: 'options',
						noDataExpression: true,
						options: [
							{ name: 'All Rules', value: 'all' },
							{ name: 'Any Rule', value: 'any' },
						],
						default: 'all',
						description: 'Whether all rules must hold or one is enough',
					},
					{
						displayName: 'Rules',
						name: 'rules',
						type: 'fixedCollection',
						typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Rule' },
						placeholder: 'Add Rule',
						default: {},
						options: [
							{
								displayName: 'Rule',
								name: 'rule',
								values: [
									{
										displayName: 'Field',
										name: 'field',
										type: 'options',
										noDataExpression: true,
										options: ruleFieldTexts.map(({ field, label, description }) => ({
											name: label,
											value: field,
											description,
										})),
										default: 'subject',
									},
									...ruleValues,
								],
							},
						],
					},
				],
			},
		],
	},
	{
		displayName: 'Route To',
		name: 'routingMode',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'First Matching Route',
				value: 'first',
				description: 'Each e-mail leaves by one output',
			},
			{
				name: 'Every Matching Route',
				value: 'every',
				description: 'Each route that fits gets a copy',
			},
		],
		default: 'first',
		description: 'Which routes get an e-mail that several of them fit',
	},
];
