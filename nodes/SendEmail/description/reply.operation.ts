import type { INodeProperties } from 'n8n-workflow';

const displayOptions = { show: { operation: ['reply'] } };

export const replyProperties: INodeProperties[] = [
	{
		displayName: 'Email to Answer',
		name: 'answeredEmail',
		type: 'json',
		default: '={{ $json }}',
		required: true,
		description:
			'The item of Email Trigger that is answered. If other nodes stand in between, refer to it by an expression.',
		displayOptions,
	},
	{
		displayName: 'To',
		name: 'to',
		type: 'string',
		default: '',
		placeholder: 'The sender of the e-mail, or its Reply-To',
		description:
			'Leave empty to answer the sender of the e-mail, or the address it asks answers to',
		displayOptions,
	},
	{
		displayName: 'Subject',
		name: 'subject',
		type: 'string',
		default: '',
		placeholder: 'Re: the subject of the e-mail',
		description: 'Leave empty for “Re:” and the subject of the e-mail',
		displayOptions,
	},
];
