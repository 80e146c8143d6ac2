import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { acknowledgementProperties } from './acknowledgement';
import { companySources } from './company';
import { type Choice, ruleFieldTexts } from '../../../mail/routing/rule-field-text';

/** One value box per rule kind, so that each can say what belongs into it; all that are typed share one name. */
const ruleValues: INodeProperties[] = ruleFieldTexts.flatMap(
	({ field, value }): INodeProperties[] => {
		if (value === undefined) return [];
		const { label: displayName, placeholder, description, choices, offered } = value;
		const displayOptions = { show: { field: [field] } };
		return choices === undefined
			? [
					...(offered === undefined ? [] : [toOfferedCompanies(offered, displayOptions)]),
					{
						displayName,
						name: 'value',
						type: 'string',
						default: '',
						placeholder,
						description,
						displayOptions,
					},
				]
			: [
					{
						displayName,
						name: 'choices',
						type: 'multiOptions',
						default: [],
						options: toOptions(choices),
						description,
						displayOptions,
					},
				];
	},
);

/** The names that the directory has at present; kept apart from what is typed, so that neither is lost. */
function toOfferedCompanies(
	{ label: displayName, description }: { readonly label: string; readonly description: string },
	displayOptions: INodeProperties['displayOptions'],
): INodeProperties {
	return {
		displayName,
		name: 'companies',
		// eslint-disable-next-line n8n-nodes-base/node-param-description-missing-from-dynamic-multi-options -- companies have no ids: the usual words would ask for them
		type: 'multiOptions',
		typeOptions: {
			loadOptionsMethod: 'getCompanies',
			loadOptionsDependsOn: companySources,
		},
		default: [],
		description,
		displayOptions,
	};
}

/** The same for the ways to compare, where a kind of rule has several. */
const ruleOperators: INodeProperties[] = ruleFieldTexts.flatMap(
	({ field, operators = [] }): INodeProperties[] => {
		const usual = operators[0]?.value;
		if (usual === undefined) return [];
		return [
			{
				displayName: 'Condition',
				name: 'operator',
				type: 'options',
				noDataExpression: true,
				options: toOptions(operators),
				default: usual,
				displayOptions: { show: { field: [field] } },
			},
		];
	},
);

function toOptions(choices: readonly Choice[]): INodePropertyOptions[] {
	return choices.map(({ value, label, description }) => ({ name: label, value, description }));
}

export const routeProperties: INodeProperties[] = [
	{
		displayName:
			'Each route is one output, in the order of the list, followed by the fallback and the error output. A new route comes last and moves only those two: check their connections on the canvas. The priority says which route is asked first. Switch a route off rather than delete it: its output stays, and so do all connections.',
		name: 'routeNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Routes',
		name: 'routes',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Route' },
		placeholder: 'Add Route',
		default: {},
		description:
			'Named outputs with rules. The first route that fits takes the e-mail; give the most specific ones the smallest priority. What no route takes leaves by the fallback.',
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
						displayName: 'Priority',
						name: 'priority',
						type: 'number',
						typeOptions: { numberPrecision: 0 },
						default: 100,
						description:
							'Routes with a smaller number are asked first, those with the same number in the order of the list. The output keeps its place.',
					},
					{
						displayName: 'Test Mode',
						name: 'runsIn',
						type: 'options',
						noDataExpression: true,
						options: [
							{ name: 'Live and Test', value: 'both' },
							{ name: 'Live Only', value: 'live', description: 'Takes nothing in a manual run' },
							{
								name: 'Test Only',
								value: 'test',
								description: 'Takes e-mails in a manual run, and none while the workflow is active',
							},
						],
						default: 'both',
						description: 'In which runs the route takes e-mails',
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
									{
										displayName: 'Header Name',
										name: 'header',
										type: 'string',
										default: '',
										placeholder: 'e.g. X-Ticket',
										displayOptions: { show: { field: ['header'] } },
									},
									...ruleOperators,
									...ruleValues,
									{
										displayName: 'Negate',
										name: 'negate',
										type: 'boolean',
										default: false,
										description: 'Whether the rule holds where it otherwise would not',
									},
								],
							},
						],
					},
					...acknowledgementProperties,
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
	{
		displayName: 'Fallback',
		name: 'fallback',
		type: 'fixedCollection',
		placeholder: 'Add Acknowledgement',
		default: {},
		description:
			'What the fallback does with e-mails that no route takes. It is always the last route.',
		options: [
			{
				displayName: 'Acknowledgement',
				name: 'acknowledgement',
				values: acknowledgementProperties,
			},
		],
	},
];
