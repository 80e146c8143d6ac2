import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

/** When a field is shown: for an operation of its own, and for a draft of that kind. */
export type ShownFor = NonNullable<IDisplayOptions['show']>;

export function toAnsweredEmail(show: ShownFor): INodeProperties {
	return {
		displayName: 'Email to Answer',
		name: 'answeredEmail',
		type: 'json',
		default: '={{ $json }}',
		required: true,
		description:
			'The item of Email Trigger that is answered. If other nodes stand in between, refer to it by an expression.',
		displayOptions: { show },
	};
}

export function toAnswerSubject(show: ShownFor): INodeProperties {
	return {
		displayName: 'Subject',
		name: 'subject',
		type: 'string',
		default: '',
		placeholder: 'Re: the subject of the e-mail',
		description: 'Leave empty for “Re:” and the subject of the e-mail',
		displayOptions: { show },
	};
}
