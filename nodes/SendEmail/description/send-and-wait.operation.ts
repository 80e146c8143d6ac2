import type { INodeProperties } from 'n8n-workflow';
import { formProperties } from './form';
import { limitWaitTimeOption } from './limit-wait-time';

const displayOptions = { show: { operation: ['sendAndWait'] } };

/** n8n makes a tool for human review out of these (a node type of its own): it looks for `message` and `responseType`. */
export const sendAndWaitProperties: INodeProperties[] = [
	{
		displayName: 'To',
		name: 'to',
		type: 'string',
		default: '',
		placeholder: 'e.g. Ann Lee <ann@example.com>',
		description:
			'One or more addresses, separated by commas. All of them get the same links: the first answer counts.',
		displayOptions,
	},
	{
		displayName: 'Subject',
		name: 'subject',
		type: 'string',
		default: '',
		placeholder: 'e.g. Approval required: invoice 4711',
		displayOptions,
	},
	{
		displayName: 'Message',
		name: 'message',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description:
			'Plain text. It stands in the e-mail above the links, and on the page that they open.',
		displayOptions,
	},
	{
		displayName: 'Response Type',
		name: 'responseType',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Approval', value: 'approval', description: 'A link to approve, and one to decline' },
			{ name: 'Custom Form', value: 'customForm', description: 'A form with fields of your own' },
			{ name: 'Free Text', value: 'freeText', description: 'A form with one field for text' },
		],
		default: 'approval',
		displayOptions,
	},
	{
		displayName: 'Type of Approval',
		name: 'approvalType',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Approve Only', value: 'single' },
			{ name: 'Approve or Decline', value: 'double' },
		],
		default: 'double',
		displayOptions: { show: { ...displayOptions.show, responseType: ['approval'] } },
	},
	...formProperties,
	{
		displayName: 'Response Options',
		name: 'responseOptions',
		type: 'collection',
		placeholder: 'Add Response Option',
		default: {},
		options: [
			{
				displayName: 'Approve Button Label',
				name: 'approveLabel',
				type: 'string',
				default: 'Approve',
				displayOptions: { show: { '/responseType': ['approval'] } },
			},
			{
				displayName: 'Decline Button Label',
				name: 'declineLabel',
				type: 'string',
				default: 'Decline',
				displayOptions: { show: { '/responseType': ['approval'], '/approvalType': ['double'] } },
			},
			limitWaitTimeOption,
			{
				displayName: 'Page Text',
				name: 'pageText',
				type: 'string',
				typeOptions: { rows: 4 },
				default: '',
				placeholder: 'The message',
				description:
					'Plain text, on the page that the links open. Leave empty for the message of the e-mail.',
			},
			{
				displayName: 'Page Title',
				name: 'pageTitle',
				type: 'string',
				default: '',
				placeholder: 'The subject',
				description: 'Leave empty for the subject of the e-mail',
			},
			{
				displayName: 'Respond Button Label',
				name: 'respondLabel',
				type: 'string',
				default: 'Respond',
				description: 'What the link in the e-mail says',
				displayOptions: { show: { '/responseType': ['customForm', 'freeText'] } },
			},
			{
				displayName: 'Submit Button Label',
				name: 'submitLabel',
				type: 'string',
				default: 'Submit',
				description: 'What the button below the form says',
				displayOptions: { show: { '/responseType': ['customForm', 'freeText'] } },
			},
			{
				displayName: 'Thank-You Text',
				name: 'thanksText',
				type: 'string',
				default: '',
				placeholder: 'e.g. Thank you. You can close this page.',
				description: 'Plain text, shown after the answer',
			},
		],
		displayOptions,
	},
];
