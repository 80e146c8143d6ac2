import { randomBytes } from 'node:crypto';
import { createImapDriver } from '../../mail/drivers/imap';
import { BODY_CHARACTERS, PARTS } from '../../mail/limits';
import type { MessageBody, MessageHead } from '../../mail/message';
import type { FetchedBody, FetchedHead, MailboxSession } from '../../mail/ports';
import { imapConnector, silentLog } from '../mail/drivers/imap/imap-connector';
import { startDovecot, type Dovecot } from '../support/dovecot';

const USER = 'support@example.test';
const NEVER = new AbortController().signal;

let server: Dovecot;
let session: MailboxSession;
const cleanUp: Array<() => Promise<void>> = [];

beforeAll(async () => {
	server = await startDovecot();
});
afterAll(async () => await server.stop());
beforeEach(async () => {
	const connector = imapConnector({
		host: server.host,
		port: server.imapPort,
		user: USER,
		password: 'support-password',
		timeoutMs: 10_000,
	});
	session = await createImapDriver(connector, silentLog).openFolder('INBOX', NEVER);
	cleanUp.push(async () => await session.close());
});
afterEach(async () => {
	for (const step of cleanUp.splice(0)) await step();
});

const from =
	'From: ada@example.test\r\nDate: Tue, 03 Nov 2026 10:15:30 +0100\r\nMIME-Version: 1.0\r\n';
const ordinary = (subject: string) => `${from}Subject: ${subject}\r\n\r\nOrdinary.\r\n`;
const wrap = (bytes: Buffer) => bytes.toString('base64').replace(/.{76}/g, '$&\r\n');

/** Reads the mail between two ordinary ones, heads and bodies in one batch each; within five seconds. */
async function readBetweenNeighbours(
	raw: string | Buffer,
): Promise<{ head: FetchedHead; body: FetchedBody | undefined }> {
	const uids: number[] = [];
	for (const mail of [ordinary('before'), raw, ordinary('after')]) {
		uids.push(await server.append(USER, 'INBOX', mail));
	}
	const start = performance.now();
	const found = await session.fetchHeads(uids);
	const heads = found.flatMap((entry) => ('head' in entry ? [entry.head] : []));
	const bodies = await session.fetchBodies(
		heads.map((head) => ({ head, want: { attachments: head.attachments } })),
	);
	expect(performance.now() - start).toBeLessThan(5_000);

	const [before, head, after] = found;
	expect(before).toMatchObject({ head: { subject: 'before' } });
	expect(after).toMatchObject({ head: { subject: 'after' } });
	for (const uid of [uids[0], uids[2]]) {
		expect(bodies.find((body) => body.uid === uid)).toMatchObject({
			body: { text: 'Ordinary.\n' },
		});
	}
	if (head === undefined) throw new Error('the mail is gone');
	return { head, body: bodies.find(({ uid }) => uid === uids[1]) };
}

function headOf(found: FetchedHead): MessageHead {
	if ('error' in found) throw found.error;
	return found.head;
}

function bodyOf(found: FetchedBody | undefined): MessageBody {
	if (found === undefined || 'error' in found) throw found?.error ?? new Error('no body');
	return found.body;
}

describe('a mail that is made to hurt leaves its neighbours alone', () => {
	it('with five thousand parts', async () => {
		const part = '--b\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n';
		const { head, body } = await readBetweenNeighbours(
			`${from}Subject: parts\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(5_000)}--b--\r\n`,
		);
		expect(headOf(head).attachments.length).toBeLessThanOrEqual(PARTS);
		expect(headOf(head).subject).toBe('parts');
		if (body !== undefined && 'body' in body) expect(body.body.warnings).not.toEqual([]);
	});

	it('with multiparts nested five hundred deep', async () => {
		const depth = 500;
		const open = Array.from(
			{ length: depth },
			(_, level) => `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`,
		).join('');
		const { head, body } = await readBetweenNeighbours(
			`${from}Subject: deep\r\n${open}Content-Type: text/plain\r\n\r\nbottom\r\n`,
		);
		expect(headOf(head).subject).toBe('deep');
		expect(body).toMatchObject({ error: { code: 'message.unreadable' } });
	});

	it('with a header of five megabytes', async () => {
		const { head, body } = await readBetweenNeighbours(
			`${from}Subject: long\r\n${`X-Noise: ${'n'.repeat(900)}\r\n`.repeat(5_600)}\r\nShort body.\r\n`,
		);
		expect(headOf(head).subject).toBe('long');
		expect(bodyOf(body).text).toBe('Short body.\n');
	});

	it('with forty thousand recipients', async () => {
		const list = Array.from({ length: 40_000 }, (_, index) => `r${index}@example.test`);
		const { head } = await readBetweenNeighbours(
			`${from}Subject: many\r\nTo: ${list.join(',\r\n ')}\r\n\r\nHello.\r\n`,
		);
		if ('head' in head) expect(head.head.to.length).toBeGreaterThan(1_000);
		else expect(head.error).toMatchObject({ code: 'message.unreadable' });
	});

	it('with NUL bytes and other control characters', async () => {
		const { head, body } = await readBetweenNeighbours(
			`${from}Subject: =?utf-8?Q?a=00b?=\r\nContent-Transfer-Encoding: base64\r\n\r\n${wrap(Buffer.from('one\0two\u0007'))}\r\n`,
		);
		expect(headOf(head).subject).toBe('a b');
		expect(bodyOf(body).text).toBe('onetwo\u0007');
	});

	it('with HTML nested ten thousand deep and no text', async () => {
		const html = `${'<div>'.repeat(10_000)}the point`;
		const { body } = await readBetweenNeighbours(
			`${from}Subject: html\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n${wrap(Buffer.from(html))}\r\n`,
		);
		expect(bodyOf(body)).toMatchObject({ text: 'the point', html, warnings: [] });
	});
});

describe('a large mail', () => {
	it('gives its text up to the limit, and its files byte for byte', async () => {
		const file = randomBytes(3_500_000);
		const other = randomBytes(1_048_576);
		const text = 'Zeile mit Umlaut ü\r\n'.repeat(130_000);
		const { head, body } = await readBetweenNeighbours(
			[
				`${from}Subject: large`,
				'Content-Type: multipart/mixed; boundary=b',
				'',
				'--b',
				'Content-Type: text/plain; charset=utf-8',
				'Content-Transfer-Encoding: base64',
				'',
				wrap(Buffer.from(text)),
				'--b',
				'Content-Type: application/zip; name=a.zip',
				'Content-Transfer-Encoding: base64',
				'',
				wrap(file),
				'--b',
				'Content-Type: application/octet-stream; name=b.bin',
				'Content-Transfer-Encoding: base64',
				'',
				wrap(other),
				'--b--',
				'',
			].join('\r\n'),
		);
		expect(headOf(head).attachments.map(({ fileName }) => fileName)).toEqual(['a.zip', 'b.bin']);
		const read = bodyOf(body);
		expect(read.text).toBe(text.replaceAll('\r', '').slice(0, BODY_CHARACTERS));
		expect(read.warnings).toEqual(['The text is too long: only its beginning was taken.']);
		expect(read.attachments.map(({ content }) => content.equals(file))).toEqual([true, false]);
		expect(read.attachments[1]?.content.equals(other)).toBe(true);
	});

	it('is not downloaded for a file that nobody wants', async () => {
		const raw =
			`${from}Subject: unwanted\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nOnly this.\r\n` +
			`--b\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${wrap(randomBytes(2_000_000))}\r\n--b--\r\n`;
		const uid = await server.append(USER, 'INBOX', raw);
		const [found] = await session.fetchHeads([uid]);
		if (found === undefined) throw new Error('no head');
		const [body] = await session.fetchBodies([{ head: headOf(found), want: { attachments: [] } }]);
		expect(bodyOf(body)).toMatchObject({ text: 'Only this.', attachments: [] });
	});
});
