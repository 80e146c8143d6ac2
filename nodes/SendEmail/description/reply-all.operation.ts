import type { INodeProperties } from 'n8n-workflow';
import { type ShownFor, toAnsweredEmail, toAnswerSubject } from './original';

export function toReplyAllProperties(show: ShownFor): INodeProperties[] {
	return [
		toAnsweredEmail(show),
		{
			displayName:
				'The sender gets the answer, all others of To and Cc a copy; your own addresses are left out',
			name: 'replyAllNotice',
			type: 'notice',
			default: '',
			displayOptions: { show },
		},
		toAnswerSubject(show),
	];
}

export const replyAllProperties = toReplyAllProperties({ operation: ['replyAll'] });
