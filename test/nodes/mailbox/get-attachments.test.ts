import { Readable } from 'node:stream';
import { MailError } from '../../../mail/errors';
import type { AttachmentInfo } from '../../../mail/message';
import type { MailboxSession } from '../../../mail/ports';
import { createAttachmentChooser } from '../../../nodes/Mailbox/attachment-choice';
import { getAttachments } from '../../../nodes/Mailbox/operation/get-attachments';
import { executeContext } from '../../support/execute-context';
import { MemoryMailbox } from '../../support/memory-mailbox';

const attachment = (part: string, fileName: string): AttachmentInfo => ({
	part,
	fileName,
	mimeType: 'application/pdf',
	encodedSizeBytes: 100,
	contentId: '',
	inline: false,
});

const choose = createAttachmentChooser({
	fileNames: '',
	fileTypes: '',
	includeInline: false,
	limitBytes: 1_000,
	totalBytes: 10_000,
});

/** A session whose only mail has these attachments, with the content that the stream of each gives. */
async function sessionWith(streams: Readonly<Record<string, () => Readable>>) {
	const mailbox = new MemoryMailbox();
	mailbox.deliver('a');
	const session = await mailbox.openFolder('INBOX');
	const attachments = Object.keys(streams).map((name, index) => attachment(`${index + 2}`, name));
	const opened: Readable[] = [];
	const heads = await session.fetchHeads([1]);
	const own: Partial<MailboxSession> = {
		fetchHeads: async () =>
			await Promise.resolve(
				heads.map((entry) =>
					'head' in entry ? { ...entry, head: { ...entry.head, attachments } } : entry,
				),
			),
		openAttachment: async (_head, { fileName }) => {
			const stream = streams[fileName]?.() ?? Readable.from([]);
			opened.push(stream);
			return await Promise.resolve(stream);
		},
	};
	const reference = { folder: 'INBOX', uidValidity: '1', uid: 1, messageId: '' };
	const store = new Map<string, Buffer>();
	const { helpers } = executeContext({ items: [], parameters: {}, credential: {}, store });
	const task = { session: Object.assign(session, own), item: { json: {} }, account: 'a', helpers };
	return { run: async () => await getAttachments(task, reference, choose), opened, store };
}

describe('downloading attachments', () => {
	it('stops at the limit where there is more than the server has announced, and takes the others', async () => {
		const { run, opened, store } = await sessionWith({
			'endless.pdf': () =>
				new Readable({
					read() {
						this.push(Buffer.alloc(400));
					},
				}),
			'b.pdf': () => Readable.from([Buffer.from('b')]),
		});
		const [item] = await run();
		expect(item?.json.warnings).toEqual([
			expect.stringContaining('The attachment "endless.pdf" was left out'),
		]);
		expect(item?.binary?.attachment_0?.fileName).toBe('b.pdf');
		expect(store.size).toBe(1);
		expect(opened.every(({ destroyed }) => destroyed)).toBe(true);
	});

	it('fails with the reason why the stream broke off', async () => {
		const { run } = await sessionWith({
			'a.pdf': () =>
				new Readable({
					read() {
						this.destroy(new MailError('connection.lost', { retryable: true }));
					},
				}),
		});
		await expect(run()).rejects.toMatchObject({ code: 'connection.lost' });
	});
});
