import type { INodeProperties } from 'n8n-workflow';
import { microsoftCloudNames, microsoftClouds } from '../mail/microsoft-cloud';
import { shownWhere } from './smtp-imap/condition';

/** The clouds of the table, and one that is not in it. */
export const cloudField: INodeProperties = {
	displayName: 'Cloud',
	name: 'cloud',
	type: 'options',
	options: [
		...microsoftCloudNames.map((value) => ({ name: microsoftClouds[value].displayName, value })),
		{
			name: 'Other',
			value: 'other',
			description: 'A cloud that is not in this list: its servers are asked for',
		},
	],
	default: 'global',
	description: 'In which of its clouds Microsoft holds the mailbox',
};

const text: Pick<INodeProperties, 'type' | 'default'> = { type: 'string', default: '' };

/** Where a cloud signs in and has Graph that is in no table. */
export function otherCloudFields(
	scope: Pick<INodeProperties, 'name' | 'placeholder' | 'description'>,
): INodeProperties[] {
	return shownWhere(
		[{ cloud: ['other'] }],
		[
			{
				...text,
				displayName: 'Sign-In Host',
				name: 'loginHost',
				required: true,
				placeholder: 'e.g. login.microsoftonline.com',
			},
			{
				...text,
				displayName: 'Graph Host',
				name: 'graphHost',
				required: true,
				placeholder: 'e.g. graph.microsoft.com',
			},
			{ ...text, displayName: 'Scope', ...scope },
		],
	);
}
