import type { INodeProperties } from 'n8n-workflow';

/** What the field of the copy says by Graph, where Exchange makes it. */
export const sentItems: Partial<INodeProperties> = {
	displayName: 'Sent Items',
	options: [
		{
			name: 'Keep',
			value: 'automatic',
			description: 'Exchange saves what it sends by itself',
		},
		{
			name: 'Remove',
			value: 'never',
			description: 'The copy is taken out for good, as soon as it is there',
		},
	],
	description: 'What becomes of the copy of a sent e-mail in Sent Items',
};

/** What takes the place of a primary address that is not filled. */
export const mailboxAsPrimary: Partial<INodeProperties> = {
	description:
		'The address of the mailbox, the main one if it has several. If empty, what stands under Mailbox is taken.',
};
