import type { INodeProperties } from 'n8n-workflow';

export const optionProperties: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Acknowledge',
				name: 'acknowledge',
				type: 'options',
				noDataExpression: true,
				options: [
					{
						name: 'When the Execution Is Stored',
						value: 'stored',
						description:
							'As soon as n8n has it; an execution that n8n does not survive is not repeated',
					},
					{
						name: 'When the Workflow Has Finished',
						value: 'finished',
						description: 'Successfully or not; an execution that n8n does not survive is repeated',
					},
					{
						name: 'When the Workflow Has Succeeded',
						value: 'succeeded',
						description:
							'A failed e-mail is given again, by itself, up to three times; then it leaves by the error output',
					},
				],
				default: 'finished',
				description:
					'From when on an e-mail counts as processed. Until then it is given again if n8n or the server goes down.',
			},
			{
				displayName: 'Attachment Size Limit (kB)',
				name: 'attachmentLimitKb',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 8192 },
				default: 1024,
				description:
					'Larger attachments stay on the server; the item then holds their name, type and size only. Content inside an item is stored in the execution data and deleted with it.',
			},
			{
				displayName: 'Attachment Types',
				name: 'attachmentTypes',
				type: 'string',
				default: '',
				placeholder: 'e.g. .pdf; .docx',
				description: 'Only attachments of these types become binary data; leave empty for all',
			},
			{
				displayName: 'Attachments',
				name: 'attachments',
				type: 'options',
				noDataExpression: true,
				options: [
					{
						name: 'Files',
						value: 'files',
						description: 'Attached files, without images that are shown inside the text',
					},
					{ name: 'Files and Inline Images', value: 'all' },
					{ name: 'None', value: 'none', description: 'Name, type and size only' },
				],
				default: 'files',
				description: 'Which attachments travel with the item as binary data',
			},
			{
				displayName: 'Attempts',
				name: 'attempts',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 10, numberPrecision: 0 },
				default: 3,
				description:
					'How often an e-mail is tried that cannot be read, or that the workflow fails with, before it leaves by the error output. Other e-mails do not wait for it.',
			},
			{
				displayName: 'Emails per Execution',
				name: 'emailsPerExecution',
				type: 'options',
				noDataExpression: true,
				options: [
					{
						name: 'Automatic',
						value: 'automatic',
						description:
							'One while it is quiet; as items of one execution up to 20 when several are waiting, up to 100 when very many are',
					},
					{
						name: 'Limited',
						value: 'limited',
						description: 'As automatic, but no more than a number you choose',
					},
					{ name: 'One', value: 'one', description: 'Each e-mail starts an execution of its own' },
				],
				default: 'automatic',
				description: 'How many e-mails one execution gets as items',
			},
			{
				displayName: 'Executions at a Time',
				name: 'executionsAtATime',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 50, numberPrecision: 0 },
				default: 10,
				description:
					'How many executions may be under way before further e-mails wait. More than ten are no faster in n8n.',
			},
			{
				displayName: 'Include Raw Message',
				name: 'includeRaw',
				type: 'boolean',
				default: false,
				description:
					'Whether the message as the server stores it is added as binary data named “raw” (up to 8 MB)',
			},
			{
				displayName: 'Include Text',
				name: 'includeText',
				type: 'boolean',
				default: true,
				description:
					'Whether the item holds the text and HTML of the e-mail. Without them only headers are downloaded, unless a rule asks for the text.',
			},
			{
				displayName: 'Large Attachments',
				name: 'largeAttachments',
				type: 'options',
				noDataExpression: true,
				options: [
					{
						name: 'Leave on the Server',
						value: 'leave',
						description:
							'The node Mailbox fetches them inside the workflow; nothing is left behind',
					},
					{
						name: 'Store in N8n',
						value: 'store',
						description:
							'Up to 50 MB each. n8n never deletes what a trigger has stored: your disk fills up.',
					},
				],
				default: 'leave',
				description: 'What becomes of attachments above the size limit',
			},
			{
				displayName: 'Most Emails per Execution',
				name: 'mostEmailsPerExecution',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
				default: 20,
				displayOptions: { show: { emailsPerExecution: ['limited'] } },
				description: 'How many e-mails one execution gets as items at most',
			},
			{
				displayName: 'Test Emails',
				name: 'testEmails',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 50, numberPrecision: 0 },
				default: 1,
				description:
					'How many of the newest e-mails a manual run shows, each on the output of its route and with the reasons. Nothing is changed on the server.',
			},
			{
				displayName: 'Text Size Limit (kB)',
				name: 'textLimitKb',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 2048 },
				default: 2048,
				description: 'Longer texts, and longer HTML, are cut; a warning in the item says so',
			},
			{
				displayName: 'Trusted Authentication Servers',
				name: 'trustedServers',
				type: 'string',
				default: '',
				placeholder: 'e.g. mx.google.com',
				description:
					'For rules on SPF, DKIM and DMARC: the name with which your mail server begins its Authentication-Results header. Several with semicolons; all others could be forged.',
			},
		],
	},
];
