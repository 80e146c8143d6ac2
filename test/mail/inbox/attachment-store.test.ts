import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { type AttachmentStore, storeAttachments } from '../../../mail/inbox/attachment-store';
import type { AttachmentInfo, MessageHead } from '../../../mail/message';
import type { MailboxSession } from '../../../mail/ports';
import { MailError } from '../../../mail/errors';
import { MemoryMailbox } from '../../support/memory-mailbox';

const attachment = (part: string): AttachmentInfo => ({
	part,
	fileName: `${part}.pdf`,
	mimeType: 'application/pdf',
	encodedSizeBytes: 3_000_000,
	contentId: '',
	inline: false,
});

let session: MailboxSession;
let head: MessageHead;
const streams: Readable[] = [];

const storeThat = (keep: AttachmentStore['keep']): AttachmentStore => ({
	choose: () => [attachment('2'), attachment('3')],
	keep: async (content, info) => {
		streams.push(content);
		return await keep(content, info);
	},
});

beforeEach(async () => {
	const mailbox = new MemoryMailbox();
	const { uid } = mailbox.deliver('With files');
	session = await mailbox.openFolder('INBOX');
	const [entry] = await session.fetchHeads([uid]);
	if (entry === undefined || !('head' in entry)) throw new Error('no head');
	head = entry.head;
	streams.length = 0;
});

describe('attachments for the store of the host', () => {
	it('are streamed into it one after the other', async () => {
		const store = storeThat(async (content) => (await buffer(content)).toString());
		const { stored, warnings } = await storeAttachments(session, head, store);
		expect(stored.map(({ attachment: { part }, place }) => [part, place])).toEqual([
			['2', 'part 2 of 1'],
			['3', 'part 3 of 1'],
		]);
		expect(warnings).toEqual([]);
	});

	it('stay on the server where the store refuses them, and the others go on', async () => {
		const store = storeThat(async (content, { part }) => {
			if (part === '2') throw new Error('disk full');
			return (await buffer(content)).toString();
		});
		const { stored, warnings } = await storeAttachments(session, head, store);
		expect(stored.map(({ place }) => place)).toEqual(['part 3 of 1']);
		expect(warnings).toEqual(['The attachment "2.pdf" could not be stored.']);
		expect(streams.every(({ destroyed }) => destroyed)).toBe(true);
	});

	it('are a matter of the connection where it fails', async () => {
		const store = storeThat(() => Promise.reject(new MailError('connection.lost')));
		await expect(storeAttachments(session, head, store)).rejects.toMatchObject({
			code: 'connection.lost',
		});
		expect(streams.every(({ destroyed }) => destroyed)).toBe(true);
	});
});
