import type { INodeProperties } from 'n8n-workflow';
import { type ShownFor, toAnsweredEmail, toAnswerSubject } from './original';

export function toReplyProperties(show: ShownFor): INodeProperties[] {
	return [
		toAnsweredEmail(show),
		{
			displayName: 'To',
			name: 'to',
			type: 'string',
			default: '',
			placeholder: 'The sender of the e-mail, or its Reply-To',
			description:
				'Leave empty to answer the sender of the e-mail, or the address it asks answers to',
			displayOptions: { show },
		},
		toAnswerSubject(show),
	];
}

export const replyProperties = toReplyProperties({ operation: ['reply'] });
