import type { INodeProperties } from 'n8n-workflow';

const displayOptions = { show: { sendAcknowledgement: [true] } };

/** The automated e-mail of a route, or of the fallback. */
export const acknowledgementProperties: INodeProperties[] = [
	{
		displayName: 'Send Acknowledgement',
		name: 'sendAcknowledgement',
		type: 'boolean',
		default: false,
		description:
			'Whether to answer the sender by itself, through the same connector. Robots, mailing lists, bounces and own e-mails are never answered.',
	},
	{
		displayName: 'Acknowledgement Subject',
		name: 'acknowledgementSubject',
		type: 'string',
		noDataExpression: true,
		default: 'We have received your e-mail: {subject}',
		description:
			'May name {subject}, {senderName}, {senderAddress}, {date}, {route}, {company} and {reference}',
		displayOptions,
	},
	{
		displayName: 'Acknowledgement Text',
		name: 'acknowledgementText',
		type: 'string',
		noDataExpression: true,
		typeOptions: { rows: 4 },
		default: 'Dear {senderName},\n\nthank you for your e-mail. We will answer soon.',
		description: 'May name the same placeholders as the subject',
		displayOptions,
	},
	{
		displayName: 'Acknowledgement Options',
		name: 'acknowledgementOptions',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		displayOptions,
		options: [
			{
				displayName: 'Include CC Users',
				name: 'includeCc',
				type: 'boolean',
				default: false,
				description: 'Whether the others in To and Cc get it too, up to 20 of them',
			},
			{
				displayName: 'Once per Sender Within (Hours)',
				name: 'periodHours',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 8760 },
				default: 24,
				description: 'A sender who writes again within this time gets no other acknowledgement',
			},
			{
				displayName: 'Text Is HTML',
				name: 'isHtml',
				type: 'boolean',
				default: false,
				description: 'Whether the text is HTML; what placeholders bring is shown as text',
			},
		],
	},
];
