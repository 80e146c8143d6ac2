import type { INodeProperties } from 'n8n-workflow';
import type { ShownFor } from './original';

export function toForwardProperties(show: ShownFor): INodeProperties[] {
	return [
		{
			displayName: 'Email to Forward',
			name: 'forwardedEmail',
			type: 'json',
			default: '={{ $json }}',
			required: true,
			description:
				'The item of Email Trigger that is forwarded. If other nodes stand in between, refer to it by an expression. Files are taken from the input item.',
			displayOptions: { show },
		},
		{
			displayName: 'To',
			name: 'to',
			type: 'string',
			default: '',
			placeholder: 'e.g. Ann Lee <ann@example.com>, bob@example.com',
			description: 'Who gets the e-mail. One or more addresses, separated by commas.',
			displayOptions: { show },
		},
		{
			displayName: 'Subject',
			name: 'subject',
			type: 'string',
			default: '',
			placeholder: 'Fwd: the subject of the e-mail',
			description: 'Leave empty for “Fwd:” and the subject of the e-mail',
			displayOptions: { show },
		},
		{
			displayName: 'Forward As',
			name: 'forwardAs',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'Attached Email',
					value: 'file',
					description:
						'The whole e-mail as an .eml file. Needs Include Raw Message in Email Trigger.',
				},
				{
					name: 'Quoted Text',
					value: 'quote',
					description: 'Its text below yours, with its attachments',
				},
			],
			default: 'quote',
			displayOptions: { show },
		},
		{
			displayName: 'Include Attachments',
			name: 'includeAttachments',
			type: 'boolean',
			default: true,
			description: 'Whether to attach the files of the e-mail that the input item holds',
			displayOptions: { show: { ...show, forwardAs: ['quote'] } },
		},
	];
}

export const forwardProperties = toForwardProperties({ operation: ['forward'] });
