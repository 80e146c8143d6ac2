import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import * as z from 'zod';
import type { MailboxSession } from '../../mail/ports';
import { startDovecot, type Dovecot } from '../support/dovecot';
import { headsOf, makeFolder, openFolder } from '../support/imap-folder';
import { runMeasured } from '../support/measured-process';

/** Real servers on a busy machine. */
jest.setTimeout(30_000);

const USER = 'support@example.test';

let server: Dovecot;
const cleanUp: Array<() => Promise<unknown>> = [];
beforeAll(async () => {
	server = await startDovecot();
});
afterAll(async () => await server.stop());
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

async function open(dovecot: Dovecot, path: string): Promise<MailboxSession> {
	const session = await openFolder(dovecot, path);
	cleanUp.push(async () => await session.close());
	return session;
}

const withFile = (content: Buffer, encoding: 'base64' | '8bit' = 'base64') =>
	Buffer.concat([
		Buffer.from(
			`From: ada@example.test\r\nTo: ${USER}\r\nSubject: file\r\nMIME-Version: 1.0\r\n` +
				'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the file.\r\n--b\r\n' +
				'Content-Type: application/octet-stream; name=file.bin\r\nContent-Disposition: attachment\r\n' +
				`Content-Transfer-Encoding: ${encoding}\r\n\r\n`,
		),
		encoding === '8bit'
			? content
			: Buffer.from(content.toString('base64').replace(/.{76}/g, '$&\r\n')),
		Buffer.from('\r\n--b--\r\n'),
	]);

async function folderWith(dovecot: Dovecot, source: Buffer): Promise<string> {
	const path = await makeFolder(dovecot);
	await dovecot.append(USER, path, source);
	return path;
}

/** The head of the only mail, and its first attachment. */
async function firstAttachment(session: MailboxSession) {
	const [head] = await headsOf(session, [1]);
	const attachment = head?.attachments[0];
	if (head === undefined || attachment === undefined) throw new Error('no attachment');
	return { head, attachment };
}

describe('an attachment as a stream', () => {
	const corpus = join(__dirname, '../corpus');
	const names = readdirSync(corpus).filter((name) => name.endsWith('.eml'));

	it('has the bytes that reading it as a whole gives, for every attachment of the corpus', async () => {
		const path = await makeFolder(server);
		for (const name of names) await server.append(USER, path, readFileSync(join(corpus, name)));
		const session = await open(server, path);
		let count = 0;
		for (const head of await headsOf(session, await session.search({}))) {
			const [whole] = await session.fetchBodies([
				{ head, want: { attachments: head.attachments } },
			]);
			if (whole === undefined || 'error' in whole) throw new Error('no body');
			for (const { content, ...attachment } of whole.body.attachments) {
				const streamed = await buffer(await session.openAttachment(head, attachment));
				expect(streamed).toEqual(content);
				count++;
			}
		}
		expect(count).toBeGreaterThan(15);
	});

	it.each(['base64', '8bit'] as const)(
		'goes over several pieces in %s, from a session that has not read the head',
		async (encoding) => {
			const content =
				encoding === 'base64'
					? randomBytes(3_500_000)
					: Buffer.from('a line of text\r\n'.repeat(200_000));
			const path = await folderWith(server, withFile(content, encoding));
			const { head, attachment } = await firstAttachment(await open(server, path));
			const session = await open(server, path);
			const streamed = await buffer(await session.openAttachment({ ...head }, attachment));
			expect(streamed.equals(content)).toBe(true);
		},
	);

	it('leaves the session to others when it is destroyed in the middle', async () => {
		const path = await folderWith(server, withFile(randomBytes(8_000_000)));
		const session = await open(server, path);
		const { head, attachment } = await firstAttachment(session);
		const stream = await session.openAttachment(head, attachment);
		for await (const piece of stream) {
			expect(piece).toBeInstanceOf(Buffer);
			break;
		}
		expect(stream.destroyed).toBe(true);
		await expect(session.search({})).resolves.toEqual([1]);
		const again = await buffer(await session.openAttachment(head, attachment));
		expect(again.length).toBe(8_000_000);
	});

	it('waits for its reader', async () => {
		const path = await folderWith(server, withFile(randomBytes(8_000_000)));
		const session = await open(server, path);
		const { head, attachment } = await firstAttachment(session);
		const stream = await session.openAttachment(head, attachment);
		await new Promise((resolve) => stream.once('readable', resolve));
		// The session answers meanwhile, so nothing is on its way for the stream.
		await session.search({});
		await session.search({});
		expect(stream.readableLength).toBeLessThan(2_000_000);
		stream.destroy();
	});

	it('ends in an error when the connection is lost, and when the mail is gone', async () => {
		const own = await startDovecot();
		cleanUp.push(async () => await own.stop());
		const path = await folderWith(own, withFile(randomBytes(8_000_000)));
		const session = await open(own, path);
		const { head, attachment } = await firstAttachment(session);
		const stream = await session.openAttachment(head, attachment);
		await own.restart();
		await expect(buffer(stream)).rejects.toMatchObject({ code: 'connection.lost' });

		const other = await open(own, path);
		await other.delete([1]);
		await expect(other.openAttachment({ ...head }, attachment)).rejects.toMatchObject({
			code: 'message.missing',
		});
	});

	it('of 50 MB takes less than 40 MB of memory on its way into a file', async () => {
		const own = await startDovecot();
		cleanUp.push(async () => await own.stop());
		const content = randomBytes(50 * 1024 * 1024);
		await own.append(USER, 'INBOX', withFile(content));
		const folder = await mkdtemp(join(tmpdir(), 'attachment-'));
		cleanUp.push(async () => await rm(folder, { recursive: true }));

		const { grownBytes, sha256 } = await runMeasured(
			join(__dirname, 'attachment-stream-child.ts'),
			[
				'imap',
				own.host,
				String(own.imapPort),
				USER,
				own.users[0]?.password ?? '',
				join(folder, 'file.bin'),
			],
			z.object({ grownBytes: z.number(), sha256: z.string() }),
		);
		expect(sha256).toBe(createHash('sha256').update(content).digest('hex'));
		expect(grownBytes).toBeLessThan(40 * 1024 * 1024);
	});
});
