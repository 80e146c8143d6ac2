import type { Address, AttachmentInfo, MessageHead } from '../../../mail/message';

/** The head of an ordinary mail, with what a test cares about replaced. */
export function createHead(parts: Partial<MessageHead> = {}): MessageHead {
	return {
		uid: 1,
		messageId: '<1@example.com>',
		inReplyTo: '',
		references: [],
		subject: 'Hello',
		from: addresses('ann@example.com'),
		sender: [],
		replyTo: [],
		to: addresses('support@example.org'),
		cc: [],
		bcc: [],
		receivedAt: new Date(0),
		importance: 'normal',
		flags: [],
		sizeBytes: 1000,
		attachments: [],
		headers: new Map([['subject', ['Hello']]]),
		...parts,
	};
}

export function addresses(...list: readonly string[]): Address[] {
	return list.map((address) => ({ name: '', address }));
}

export function attachment(parts: Partial<AttachmentInfo>): AttachmentInfo {
	return {
		part: '2',
		fileName: '',
		mimeType: 'application/octet-stream',
		encodedSizeBytes: 100,
		contentId: '',
		inline: false,
		...parts,
	};
}
