import type { INodeProperties } from 'n8n-workflow';
import { toForwardProperties } from './forward.operation';
import { toReplyAllProperties } from './reply-all.operation';
import { toReplyProperties } from './reply.operation';

const show = { operation: ['saveDraft'] };

/** A draft may be any of the e-mails that the other operations send. */
export const saveDraftProperties: INodeProperties[] = [
	{
		displayName: 'Draft Of',
		name: 'draftOf',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Forwarded Email', value: 'forward' },
			{ name: 'New Email', value: 'send' },
			{ name: 'Reply', value: 'reply' },
			{ name: 'Reply to All', value: 'replyAll' },
		],
		default: 'send',
		displayOptions: { show },
	},
	{
		displayName: 'To',
		name: 'to',
		type: 'string',
		default: '',
		placeholder: 'e.g. Ann Lee <ann@example.com>, bob@example.com',
		description: 'May be left empty. One or more addresses, separated by commas.',
		displayOptions: { show: { ...show, draftOf: ['send'] } },
	},
	{
		displayName: 'Subject',
		name: 'subject',
		type: 'string',
		default: '',
		placeholder: 'e.g. Your order has been shipped',
		displayOptions: { show: { ...show, draftOf: ['send'] } },
	},
	...toReplyProperties({ ...show, draftOf: ['reply'] }),
	...toReplyAllProperties({ ...show, draftOf: ['replyAll'] }),
	...toForwardProperties({ ...show, draftOf: ['forward'] }),
];
