import type { INodeProperties } from 'n8n-workflow';

export const getAttachmentsProperties: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'getAttachmentsOptions',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		displayOptions: { show: { operation: ['getAttachments'] } },
		options: [
			{
				displayName: 'File Names',
				name: 'fileNames',
				type: 'string',
				default: '',
				placeholder: 'e.g. invoice*.pdf; report.docx',
				description: 'Only attachments with these names; * stands for any characters',
			},
			{
				displayName: 'File Types',
				name: 'fileTypes',
				type: 'string',
				default: '',
				placeholder: 'e.g. .pdf; .docx; image/*',
				description: 'Only attachments of these types; leave empty for all',
			},
			{
				displayName: 'Include Inline Images',
				name: 'includeInline',
				type: 'boolean',
				default: false,
				description: 'Whether images that are shown inside the text are downloaded too',
			},
			{
				displayName: 'Size Limit (MB)',
				name: 'sizeLimitMb',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 50,
				description: 'Larger attachments are left out, and the item has a warning for each',
			},
			{
				displayName: 'Total Size Limit (MB)',
				name: 'totalLimitMb',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 200,
				description:
					'Of one e-mail no more than this is downloaded, in the order of the attachments; the item has a warning for each that is left out',
			},
		],
	},
];
